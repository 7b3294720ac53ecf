"""Hashed character n-grams of texts, as the trained models see them; training and reading share this one form.

Two views are hashed apart: the folded text with digits made alike (n = 1, 2), and its letters alone (n = 1–3), which
signs and blanks put between characters do not change. A newline stands for a text's edges. Many texts are hashed at
once: numpy costs a call, not a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.sketch import letters_of

BITS = 22
"""Binary logarithm of the number of places of an n-gram."""
_DIGIT = re.compile(r"\d")
_MIX = tuple(np.uint32(factor) for factor in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F))
_AS_WRITTEN, _LETTERS = (np.uint32(0), 2), (np.uint32(0x5BD1E995), 3)

Texts = NDArray[np.int64]
Places = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Grams:
    """n-grams of some texts, each once a text: `texts` tells whose, `places` which. letters: those of letters alone."""

    count: int
    texts: Texts
    places: Places
    letter_texts: Texts
    letter_places: Places


def grams(folded: Sequence[str]) -> Grams:
    """n-grams of folded texts."""
    low = [_DIGIT.sub("0", text.lower().replace("\n", " ")) for text in folded]
    written = _distinct(*_hashed(low, *_AS_WRITTEN), len(low))
    letters = _distinct(*_hashed([letters_of(text) for text in low], *_LETTERS), len(low))
    texts, places = np.concatenate((written[0], letters[0])), np.concatenate((written[1], letters[1]))
    return Grams(len(folded), texts, places, *letters)


def _distinct(texts: Places, places: Places, count: int) -> tuple[Texts, Places]:
    """Each once, sorted by text and place. Up to 1,024 texts both fit into 32 bits, which sort in half the time."""
    keys: NDArray[np.unsignedinteger] = texts.astype(np.uint32 if count <= 1 << (32 - BITS) else np.uint64)
    keys <<= BITS
    keys |= places
    keys.sort()
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    keys = keys[new]
    return (keys >> BITS).astype(np.int64), (keys & ((1 << BITS) - 1)).astype(np.uint32)


def _hashed(views: Sequence[str], salt: np.uint32, longest: int) -> tuple[Places, Places]:
    """All n-grams up to `longest` inside each view, with the number of the view."""
    codes = np.frombuffer("".join(f"\n{view}\n" for view in views).encode("utf-32-le", "replace"), np.uint32)
    owners = np.repeat(np.arange(len(views), dtype=np.uint32), [len(view) + 2 for view in views])
    mixed = codes * _MIX[0] ^ salt
    mixed ^= mixed >> np.uint32(15)
    gram, found, texts = mixed, [mixed], [owners]
    for step in range(1, longest):
        gram = gram[:-1] * _MIX[1] ^ mixed[step:] * np.uint32(2 * step + 3)
        gram ^= gram >> np.uint32(13)
        inside = owners[step:] == owners[:-step]
        found.append(gram[inside])
        texts.append(owners[step:][inside])
    every = np.concatenate(found)
    every *= _MIX[2]
    every ^= every >> np.uint32(16)
    every *= _MIX[3]
    every >>= np.uint32(32 - BITS)
    return np.concatenate(texts), every
