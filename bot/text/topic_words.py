"""Topics by word lists, for those that no training text exists for (RULEBOOK §4).

Found words of a topic add up: a clear word counts 1, a hint 0.5 (`Lexicons.topic_words`). A word counts once, where a
word of the segmenter begins (空中风景 holds no 中风), and of overlapping ones the longest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bot.core.content import BY_MODEL, BY_WORDS
from bot.text.models import Judged
from bot.text.normalise import fold
from bot.text.page import FEW, Page

ENOUGH = 1.0
"""Evidence from which a topic is given: one clear word, or two hints."""


class Evidence(NamedTuple):
    """The topic that most speaks for, how much, and by which words, in the order of the text."""

    topic: str
    weight: float
    words: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """0.5 for `ENOUGH`; words that agree make each other surer than one by one, hence the square."""
        return 1 - float(2 ** -((self.weight / ENOUGH) ** 2))


class Told(NamedTuple):
    """What a text is about: topic None when unsure; `by` whom it was told; the words that say so, if words do."""

    topic: str | None
    confidence: float
    by: str = ""
    words: tuple[str, ...] = ()


NO_TOPIC = Told(None, 0.0)


def settle(judged: Judged | None, evidence: Evidence | None) -> Told:
    """The topic of whichever is surer: the models know nothing of these topics, and then are not very sure."""
    if evidence is not None and (judged is None or evidence.confidence > judged.confidence):
        return Told(evidence.topic, evidence.confidence, BY_WORDS, evidence.words)
    if judged is None:
        return NO_TOPIC
    return Told(judged.topic, judged.confidence, BY_MODEL if judged.topic is not None else "")


class TopicWords:
    """Finds a deployment's topic words in a text."""

    def __init__(self, words: Mapping[str, Mapping[str, float]]) -> None:
        self._topics = {fold(word).lower(): topics for word, topics in words.items()}
        own = list(self._topics)
        self._finder = AhoCorasick(own, matchkind=MatchKind.LeftmostLongest) if own else None

    def any(self, folded: str) -> bool:
        """Whether any of the words is in a text at all."""
        return self._finder is not None and bool(self._finder.find_matches_as_indexes(folded.lower()))

    def holding(self, page: Page) -> set[int]:
        """Which texts of a page may hold any of the words."""
        if self._finder is None:
            return set()
        if len(page.folded) < FEW:
            return set(range(len(page.folded)))
        return set(page.owners([start for _, start, _ in self._finder.find_matches_as_indexes(page.low)]))

    def find(self, folded: str, words: Sequence[str]) -> Evidence | None:
        """What is enough for one topic; None when nothing is, or two topics have as much. `words` make up `folded`."""
        if self._finder is None:
            return None
        low = folded.lower()
        hits = self._finder.find_matches_as_indexes(low)
        if not hits:
            return None
        starts = set(accumulate(map(len, words), initial=0))
        return self._heaviest(list(dict.fromkeys(low[start:end] for _, start, end in hits if start in starts)))

    def _heaviest(self, found: Sequence[str]) -> Evidence | None:
        weights: dict[str, float] = {}
        for word in found:
            for topic, weight in self._topics[word].items():
                weights[topic] = weights.get(topic, 0.0) + weight
        best, *others = sorted(((weight, topic) for topic, weight in weights.items()), reverse=True) or [(0.0, "")]
        if best[0] < ENOUGH or (others and others[0][0] == best[0]):
            return None
        return Evidence(best[1], best[0], tuple(word for word in found if best[1] in self._topics[word]))
