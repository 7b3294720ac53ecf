"""What was really written where a check saw something: for a person's eyes, contacts mostly hidden.

Looked up only when a check has hit. What stands in the text as it is named needs no map; a disguise is traced back.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from unicodedata import category

from bot.core.sketch import letters_of
from bot.text import origins
from bot.text.contact import CHINESE
from bot.text.disguises import Disguises
from bot.text.normalise import fold
from bot.text.origins import Traced

LONGEST = 40
"""Characters of a quotation."""
SHOWN = 3
"""Letters and digits of a contact that are shown; checks are kept longer than texts."""
UNSEEN = "□"
"""Stands for a character that nobody sees, or that would turn the line around."""
_HIDDEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class Written:
    """A text as it was written; the first `skipped` characters of its folded form, a quotation, were not looked at."""

    def __init__(self, text: str, skipped: int, disguises: Disguises) -> None:
        self._text, self._skipped, self._disguises = text, skipped, disguises

    def phrase(self, phrase: str) -> str:
        """A phrase that was found, as it was written if that is otherwise."""
        if phrase in self._text:
            return phrase
        low = fold(phrase).lower()
        for form, sought in ((self._letters, self._disguises.undo(low, letters_of(low))), (self._low, low)):
            start = form.text.find(sought) if sought else -1
            if start >= 0:
                found = self._quoted(form, start, start + len(sought))
                return found if found == phrase or found.lower() == low else f"{found}（{phrase}）"
        return phrase

    def contact(self, found: re.Match[str]) -> str:
        """A contact found in the letters or in the lower-cased text, as it was written, its end hidden."""
        form = self._letters if found.string == self._letters.text else self._low
        run, hidden = 0, set[int]()
        for at in range(*found.span()):
            run = run + 1 if _tells(form.text[at]) else 0
            if run > SHOWN:
                hidden.update(range(*form.spans[at]))
        return self._quoted(form, *found.span(), hidden)

    @cached_property
    def _folded(self) -> Traced:
        text, spans = origins.folded(self._text)
        return Traced(text[self._skipped :], spans[self._skipped :])

    @cached_property
    def _low(self) -> Traced:
        return origins.lower(self._folded)

    @cached_property
    def _letters(self) -> Traced:
        return self._disguises.trace(self._folded)

    def _quoted(self, form: Traced, start: int, end: int, hidden: Collection[int] = ()) -> str:
        first, last = form.origin(start, end)
        chars = ["*" if at in hidden else _visible(self._text[at]) for at in range(first, min(last, first + LONGEST))]
        return "".join(chars) + ("…" if last - first > LONGEST else "")


def _tells(char: str) -> bool:
    """Whether a character may be one of an account or a number."""
    return (char.isascii() and char.isalnum()) or char in CHINESE


def _visible(char: str) -> str:
    kind = category(char)
    if kind in _HIDDEN_KINDS:
        return UNSEEN
    return " " if kind[0] == "Z" else char
