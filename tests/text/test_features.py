"""The n-grams that the shipped weights belong to: another definition would make the weights mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from bot.core.sketch import letters_of
from bot.text.features import BITS, grams
from bot.text.place_rows import PlaceRows

TEXTS = ["", "你", "加V：abc 12３", "两行\n话", "哈哈哈哈哈", "\ud800😀 Ünï", "1 2 3 4"]
AS_WRITTEN, LETTERS = (0, 2), (0x5BD1E995, 3)
FULL = 0xFFFFFFFF


def place(gram: str, salt: int) -> int:
    """One n-gram by the definition, character after character."""
    mixed = [(ord(char) * 0x9E3779B1 & FULL) ^ salt for char in gram]
    mixed = [value ^ value >> 15 for value in mixed]
    value = mixed[0]
    for step, added in enumerate(mixed[1:], 1):
        value = (value * 0x85EBCA77 & FULL) ^ (added * (2 * step + 3) & FULL)
        value ^= value >> 13
    value = value * 0xC2B2AE3D & FULL
    return ((value ^ value >> 16) * 0x27D4EB2F & FULL) >> 32 - BITS


def places(view: str, salt: int, longest: int) -> set[int]:
    edged = "\n" + "".join("?" if "\ud800" <= char <= "\udfff" else char for char in view) + "\n"
    spans = ((start, start + n) for n in range(1, longest + 1) for start in range(len(edged) - n + 1))
    return {place(edged[start:end], salt) for start, end in spans}


def written_and_letters(text: str) -> tuple[set[int], set[int]]:
    low = "".join("0" if char.isdecimal() else char for char in text.lower().replace("\n", " "))
    return places(low, *AS_WRITTEN), places(letters_of(low), *LETTERS)


@pytest.mark.parametrize("before", [0, 1500], ids=["few", "many"])
def test_the_grams_are_those_of_the_definition(before: int) -> None:
    found = grams(["好"] * before + TEXTS)
    for number, text in enumerate(TEXTS, before):
        written, letters = written_and_letters(text)
        assert sorted(found.places[found.texts == number].tolist()) == sorted([*written, *letters])
        assert found.letter_places[found.letter_texts == number].tolist() == sorted(letters)


def test_places_are_found_in_their_rows() -> None:
    known = np.unique(np.random.default_rng(1).integers(0, 1 << BITS, 50_000, np.uint32))
    asked = np.random.default_rng(2).permutation(np.arange(1 << BITS, dtype=np.uint32))[:100_000]
    which, rows = PlaceRows(known).find(asked)
    assert np.array_equal(which, np.flatnonzero(np.isin(asked, known)))
    assert np.array_equal(known[rows], asked[which])
