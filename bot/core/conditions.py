"""Conditions over tags as admins write them: 地域=杭州 且 (题材=科技 或 非 阶段=沉默期). What follows stays.

且 (and) binds closer than 或 (or), 非 (not) closest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

MOST_TERMS = 12
DEEPEST = 6
_TOKEN = re.compile(r"\s*(?:(?P<mark>[()（）])|(?P<word>[^\s()（）]+))")
_AND, _OR, _NOT = frozenset({"且", "and", "AND"}), frozenset({"或", "or", "OR"}), frozenset({"非", "not", "NOT"})

Held = Collection[tuple[str, str]]
Test = Callable[[Held], bool]


class BadCondition(ValueError):
    """A condition that cannot be read; str() says why in Chinese."""


@dataclass(frozen=True, slots=True)
class Term:
    """One tag that is asked for."""

    path: str
    value: str

    def matches(self, path: str, value: str) -> bool:
        """A place is met by its own name without its tier; a topic also by its strong form (…控)."""
        if path != self.path:
            return False
        return value in (self.value, self.value + "控") or value.endswith("-" + self.value)

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


@dataclass(frozen=True, slots=True)
class Condition:
    """`terms` in the order of writing; `test` over the (path, value) pairs a member holds."""

    terms: tuple[Term, ...]
    test: Test


class _Reader:
    """Recursive descent over tokens; `place` is where the text goes on."""

    def __init__(self, text: str, find: Callable[[str], str | None]) -> None:
        self._text, self._find = text, find
        self.place = 0
        self.terms: list[Term] = []

    def _peek(self) -> tuple[str, int]:
        found = _TOKEN.match(self._text, self.place)
        return (found["mark"] or found["word"], found.end()) if found else ("", self.place)

    def either(self, depth: int = 0) -> Test:
        return self._joined(_OR, lambda: self._both(depth), any)

    def _both(self, depth: int) -> Test:
        return self._joined(_AND, lambda: self._single(depth), all)

    def _joined(self, words: frozenset[str], part: Callable[[], Test], join: Callable[[list[bool]], bool]) -> Test:
        parts = [part()]
        while (token := self._peek())[0] in words:
            self.place = token[1]
            parts.append(part())
        return parts[0] if len(parts) == 1 else lambda held: join([test(held) for test in parts])

    def _single(self, depth: int) -> Test:
        token, end = self._peek()
        if depth > DEEPEST:
            raise BadCondition(f"括号或「非」套得太深，最多 {DEEPEST} 层")
        if token in _NOT:
            self.place = end
            inner = self._single(depth + 1)
            return lambda held: not inner(held)
        if token in ("(", "（"):
            self.place = end
            inner = self.either(depth + 1)
            closing, end = self._peek()
            if closing not in (")", "）"):
                raise BadCondition("括号没有配对")
            self.place = end
            return inner
        return self._term(token, end)

    def _term(self, token: str, end: int) -> Test:
        path, equals, value = token.replace("＝", "=").partition("=")
        if not equals or not value:
            raise BadCondition(f"「{token[:20]}」不是条件，须写成 标签=值" if token else "条件不完整")
        known = self._find(path)
        if known is None:
            raise BadCondition(f"没有「{path[:20]}」这个标签")
        if len(self.terms) >= MOST_TERMS:
            raise BadCondition(f"条件太多，最多 {MOST_TERMS} 个")
        self.place = end
        term = Term(known, value)
        self.terms.append(term)
        return lambda held: any(term.matches(*tag) for tag in held)


def read_condition(text: str, find: Callable[[str], str | None]) -> tuple[Condition, str]:
    """The condition that `text` begins with, and what follows it. `find`: the path a name means.

    Raises BadCondition.
    """
    reader = _Reader(text, find)
    test = reader.either()
    return Condition(tuple(reader.terms), test), text[reader.place :].strip()
