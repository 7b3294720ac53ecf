"""Which words are people's names, by jieba's part-of-speech tags (nr and its kinds).

It is seldom asked, and jieba's tables take fifty megabytes that a process never gives back: so it is answered in a
process of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from typing import Any

from bot.text.dictionary import jieba_file

NAME = "nr"


def names_among(words: Collection[str]) -> set[str]:
    """Those of `words` that are, or hold, a person's name."""
    if not words:
        return set()
    # Spawned, not forked: a fork would take along the locks of threads that it does not have.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(tagged_as_names, set(words)).result()


def tagged_as_names(words: set[str]) -> set[str]:
    """What `names_among` asks, in this process.

    Tagging a word takes no more of the dictionary than the words inside it, so no others are read in.
    """
    tagger = _tagger({word[i:j] for word in words for i in range(len(word)) for j in range(i + 1, len(word) + 1)})
    return {word for word in words if any(str(part.flag).startswith(NAME) for part in tagger.lcut(word))}


def _tagger(parts: set[str]) -> Any:
    """jieba's tagger over those entries of its dictionary that are in `parts`."""
    from jieba import posseg

    from bot.text.segmenter import Segmenter

    frequencies, lines, total = dict.fromkeys(parts, 0), list[str](), 0
    with jieba_file("dict.txt").open(encoding="utf-8") as dictionary:
        for line in dictionary:
            word, count, _ = line.split(" ")
            total += int(count)
            if word in parts:
                frequencies[word] = int(count)
                lines.append(line)
    segmenter = Segmenter(frequencies, total)
    segmenter.get_dict_file = lambda: BytesIO("".join(lines).encode())
    return posseg.POSTokenizer(segmenter)
