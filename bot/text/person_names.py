"""Which words are people's names, by jieba's part-of-speech tags (nr and its kinds)."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from jieba import posseg

from bot.text.dictionary import jieba_file
from bot.text.segmenter import Segmenter

NAME = "nr"


def names_among(words: Collection[str]) -> set[str]:
    """Those of `words` that are, or hold, a person's name.

    Tagging a word takes no more of the dictionary than the words inside it, so only those are read in: the whole, with
    its tags, would be a hundred megabytes that the process never gives back.
    """
    tagger = _tagger({word[i:j] for word in words for i in range(len(word)) for j in range(i + 1, len(word) + 1)})
    return {word for word in words if any(str(part.flag).startswith(NAME) for part in tagger.lcut(word))}


def _tagger(parts: set[str]) -> posseg.POSTokenizer:
    """jieba's tagger over those entries of its dictionary that are in `parts`."""
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
