"""Custom tags: what operators write into the rule-set file as tags of their own.

The expression itself is compiled elsewhere (config.expressions) and handed in as a `Predicate`: the core knows no
expression language. A custom tag rests on every consent that the facts it names rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

PREFIX = "自定义"
"""First half of every custom tag's path."""
OWNER = "custom:"
"""What the name of a custom tag's rule begins with."""


class Predicate(Protocol):
    """A compiled condition over named facts. It never raises: a condition that fails on these facts does not hold."""

    def __call__(self, values: Mapping[str, Any]) -> bool: ...


@dataclass(frozen=True, slots=True)
class CustomTag:
    """One tag of the rule-set file. names: the facts it looks at; grounds: consent purposes, one of each row must hold.

    moves: whether it may change by the passing of time alone.
    """

    path: str
    value: str
    when: str
    sensitivity: str = "普通"
    weight: float = 1.0
    names: tuple[str, ...] = ()
    grounds: tuple[tuple[str, ...], ...] = ()
    moves: bool = False
    holds: Predicate | None = field(default=None, compare=False, repr=False)

    @property
    def rule(self) -> str:
        return f"{OWNER}{self.path}={self.value}"
