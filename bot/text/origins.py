"""Where each character of a folded text was written: worked out for explanations, never to judge a text.

`folded` gives the same text as `fold`. It goes through the original piece by piece, a piece being the least that NFKC
composes by itself: a letter and the marks on it. Each later form (lower case, letters alone) is made with its spans out
of the form before, so that a place in any of them leads back to the original.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

from bot.core.sketch import letters_of
from bot.text.extent import MOST_CHARACTERS
from bot.text.normalise import BLANKS, translated

Span = tuple[int, int]


class Traced(NamedTuple):
    """A form of a text, and for each of its characters the non-empty span of the original; spans never go back."""

    text: str
    spans: Sequence[Span]

    def origin(self, start: int, end: int) -> Span:
        """The span of the original behind a non-empty span of this form."""
        return self.spans[start][0], self.spans[end - 1][1]


def folded(text: str) -> Traced:
    """`fold(text)` and the span of each of its characters."""
    read, places = _as_read(text)
    pieces = [(translated(read[start:end]), (places[start], places[end])) for start, end in _pieces(read)]
    spans = [span for piece, span in pieces for _ in piece]
    return Traced("".join(piece for piece, _ in pieces)[:MOST_CHARACTERS], spans[:MOST_CHARACTERS])


def _as_read(text: str) -> tuple[str, Sequence[int]]:
    """The characters that `fold` looks at, and where each stands in the text; one place more for the end."""
    if len(text) <= MOST_CHARACTERS:
        return text, range(len(text) + 1)
    places: list[int] = []
    done = 0
    for blanks in BLANKS.finditer(text[: 10 * MOST_CHARACTERS]):
        places += [*range(done, blanks.start()), blanks.start()]
        done = blanks.end()
    places += range(done, min(len(text), 10 * MOST_CHARACTERS) + 1)
    return BLANKS.sub(" ", text[: 10 * MOST_CHARACTERS])[:MOST_CHARACTERS], places


def _pieces(text: str) -> Iterator[Span]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or _begins(text[start:at], text[at]):
            yield start, at
            start = at


def _begins(before: str, char: str) -> bool:
    """Whether a character is no mark, and composes with nothing before it (Hangul jamo and some vowel signs do)."""
    if before.isascii() and char.isascii():
        return True
    if combining(normalize("NFKD", char)[0]):
        return False
    return normalize("NFKC", before + char) == normalize("NFKC", before) + normalize("NFKC", char)


def lower(form: Traced) -> Traced:
    """The form in lower case; a few characters become two, and which sigma stands depends on its neighbours."""
    spans = [span for char, span in zip(form.text, form.spans, strict=True) for _ in char.lower()]
    return Traced(form.text.lower(), spans)


def letters(low: Traced) -> Traced:
    """The letters, digits and Han of a form in lower case (`letters_of`)."""
    kept = [(char, span) for char, span in zip(low.text, low.spans, strict=True) if letters_of(char)]
    return Traced("".join(char for char, _ in kept), [span for _, span in kept])


def replaced(form: Traced, changes: Sequence[tuple[int, int, str]]) -> Traced:
    """The form with some stretches (start, end, in order) replaced; each new character stands for all of its own."""
    parts: list[str] = []
    spans: list[Span] = []
    done = 0
    for start, end, new in changes:
        parts += [form.text[done:start], new]
        spans += [*form.spans[done:start], *[form.origin(start, end)] * len(new)]
        done = end
    return Traced("".join([*parts, form.text[done:]]), [*spans, *form.spans[done:]])
