"""What the bot says: texts by key with named {placeholders}, checked when they are loaded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from config.message_keys import PLACEHOLDERS
from config.strict import read_text, read_toml

LONGEST_VALUE = 24
"""Characters that a person's own words (a nickname) may take in one of our texts."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
_FACTS = "facts"


class Block(str):
    """Text of our own making (a list of tags, checked names): inserted unchanged, line breaks and all."""

    __slots__ = ()


class Messages:
    """The texts of one language. `text` cannot fail for a loaded key whose parameters are given."""

    def __init__(self, texts: Mapping[str, str], facts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._facts = dict(facts)

    def text(self, key: str, **params: str | int | Sequence[str]) -> str:
        """The text `key` with `params` in place; nicknames in a row are given as a sequence.

        Raises LookupError for an unknown key or a missing parameter.
        """
        if key not in self._texts:
            raise LookupError(f"没有这条消息：{key}")
        return _PLACEHOLDER.sub(lambda found: self._value(key, found[1], params), self._texts[key])

    def _value(self, key: str, name: str, params: Mapping[str, str | int | Sequence[str]]) -> str:
        if name in params:
            value = params[name]
            if isinstance(value, Block):
                return value
            return one_line(str(value)) if isinstance(value, (str, int)) else names(value)
        if name in self._facts:
            return self._facts[name]
        raise LookupError(f"消息 {key} 缺少参数 {name}")

    def joined(self, replies: Iterable[Any]) -> str:
        """One message out of several replies (values with `key` and `params`), a line each."""
        return "\n".join(self.text(reply.key, **reply.params) for reply in replies)

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)

    @property
    def privacy_version(self) -> str:
        """Version of the privacy notice, recorded with each consent."""
        return self._facts["privacy_version"]


def one_line(value: str, longest: int = LONGEST_VALUE) -> str:
    """A person's words made harmless: one line, no control or direction characters, at most `longest` characters."""
    kept = "".join(" " if char.isspace() else char for char in value[: longest * 8] if _is_harmless(char))
    flat = " ".join(kept.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _is_harmless(char: str) -> bool:
    return char.isspace() or char == "\u200d" or unicodedata.category(char)[0] != "C"


def names(people: Iterable[str], most: int = 5) -> Block:
    """Nicknames in a row, each made harmless: "小王、小李 等 8 位"; an empty one reads 新朋友."""
    everybody = [one_line(name) or "新朋友" for name in people]
    shown = "、".join(everybody[:most])
    return Block(shown if len(everybody) <= most else f"{shown} 等 {len(everybody)} 位")


def load_messages(folder: Path, questions: Mapping[str, str], language: str = "zh_CN") -> Messages:
    """The texts of a configuration folder, joined by the questionnaire's. Raises BadInput naming the key."""
    path = folder / "messages" / f"{language}.toml"
    data = read_toml(read_text(path), path.name)
    facts, texts = _flatten(data, path.name)
    _check_keys(texts, path.name)
    for key, text in texts.items():
        _check_text(key, text, set(PLACEHOLDERS[key].split()) | facts.keys(), path.name)
    for key, text in questions.items():
        _check_text(key, text, set(facts), "newcomer.toml")
    return Messages(texts | dict(questions), facts)


def _flatten(data: dict[str, Any], where: str) -> tuple[dict[str, str], dict[str, str]]:
    """The facts, and the texts by `section.name`."""
    sections: dict[str, dict[str, str]] = {}
    for section, content in data.items():
        if not isinstance(content, dict) or not all(isinstance(text, str) for text in content.values()):
            raise BadInput(f"{where}：{section} 应是一节，里面每一项都是文字")
        sections[section] = content
    facts = sections.pop(_FACTS, {})
    missing = sorted({"bot", "operator", "contact", "privacy_version"} - facts.keys())
    if missing:
        raise BadInput(f"{where}：{_FACTS} 缺少 {missing[0]}")
    return facts, {
        f"{section}.{name}": text.strip() for section, part in sections.items() for name, text in part.items()
    }


def _check_keys(texts: dict[str, str], where: str) -> None:
    unknown = sorted(texts.keys() - PLACEHOLDERS.keys())
    if unknown:
        raise BadInput(f"{where}：{unknown[0]} 是未知的键")
    missing = sorted(key for key in PLACEHOLDERS if not texts.get(key))
    if missing:
        raise BadInput(f"{where}：缺少 {missing[0]}")


def _check_text(key: str, text: str, allowed: set[str], where: str) -> None:
    """Every brace belongs to a placeholder this text may use."""
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - allowed)
    if unknown:
        raise BadInput(f"{where}：{key} 里的占位符 {{{unknown[0]}}} 不认识")
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        raise BadInput(f"{where}：{key} 里有不成对的花括号")
