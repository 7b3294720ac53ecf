"""Reading a message once: fold, segment, and everything that follows from its text and kind alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.core.adverts import AdRules, joined
from bot.core.parts import Check, MessageParts, Reading
from bot.core.quality import Grader, QualityRules, Tally, Utterance, grader, quality
from bot.ports import Lesson, Tokenizer
from bot.text import contact, excuses
from bot.text.chain import is_chain
from bot.text.checks import CLEAN, AdChecker, Verdict
from bot.text.extent import MOST_CHARACTERS
from bot.text.glossary import Glossary
from bot.text.learning import Labelled, changed, learn
from bot.text.lexicons import Lexicons
from bot.text.models import Judged, Models
from bot.text.normalise import folds, spelled
from bot.text.page import Page, pages
from bot.text.sketches import page_sketches
from bot.text.topic_words import NO_TOPIC, Evidence, Told, TopicWords, settle

LEAST_LETTERS = 2
"""Letters from which the trained models are asked."""
AS_SHIPPED = AdRules()
"""The advert bars where a call brings none."""
TOPIC_WORDS = 4
"""Content words of a message that may have a topic (RULEBOOK §4)."""

USER_WORD_VALUE = 12.0
"""Keyword value of the deployment's own words, which the IDF list cannot know: jieba's own median."""
_QUOTED = re.compile(r"「.*?[:：].*?」\n(?:- ?){5,}\n", re.DOTALL)
_EMPTY = MessageParts(0.0, {})


class _Sight(NamedTuple):
    """What is seen of a text, whatever its kind and to whom it was said.

    folded: without what it quotes, which are the first `skipped` characters; low: that in lower case; letters: of that.
    size: of the letters, in Han characters. doubtful: whether the advert checks are to be asked; judged: what the
    models say. evidence: of its topic, by words.
    """

    folded: str
    skipped: int
    low: str
    letters: str
    size: float
    words: list[str]
    tally: Tally
    doubtful: bool
    evidence: Evidence | None
    judged: Judged | None
    sketch: bytes


class TextReader:
    """Reads texts with one segmenter and one set of lists; the same text always gives the same parts.

    Only the first `MOST_CHARACTERS` characters are read; longer texts carry the part 截断.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        lexicons: Lexicons,
        quality_rules: QualityRules | None = None,
        keyword: Callable[[str], float | None] | None = None,
        models: Models | None = None,
        frozen: Sequence[Labelled] = (),
    ) -> None:
        self._tokenizer = tokenizer
        self._reading = Reading(tokenizer.engine, tokenizer.digest)
        self._own = {entry.word.lower() for entry in lexicons.user_words}
        self._taught: set[str] = set()
        self._rules = quality_rules or QualityRules()
        self._ads = AdChecker(lexicons)
        self._topic_words = TopicWords(lexicons.topic_words)
        self._classes, self._keyword = lexicons.classes, keyword or (lambda word: None)
        self._grade: Grader = grader(self._classes, self._rules, self._value)
        self._glossary = Glossary(self._grade)
        self._models = self._shipped = models
        self._frozen = frozen
        self._foreseen: dict[str, _Sight] = {}

    @property
    def reading(self) -> Reading:
        """Engine and dictionary as they are now."""
        return self._reading

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary now."""
        return self._tokenizer.knows(word)

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """As `bot.ports.Tokenizer.teach`, in the spelling of folded texts too."""
        both = spelled(changes)
        self._tokenizer.teach(both)
        self._taught -= {word.lower() for word in both}
        self._taught |= {word.lower() for word, whole in both.items() if whole}
        self._reading = Reading(self._tokenizer.engine, self._tokenizer.digest)
        self._grade = grader(self._classes, self._rules, self._value)
        self._glossary = Glossary(self._grade)
        self._foreseen = {}

    def learn(self, samples: Sequence[Labelled]) -> Lesson | None:
        """As `bot.ports.Reader.learn`; always from the shipped weights on.

        Adverts that the word lists give away teach nothing: their own words are known, and what else is in them may be
        anybody's harmless talk with a phrase put behind it.
        """
        telling = [(text, mark) for text, mark in samples if mark is not True or not self._listed(text)]
        return None if self._shipped is None else learn(self._shipped, telling, self._frozen)

    def _listed(self, text: str) -> bool:
        """Whether the word lists alone take a text for an advert."""
        seen = self._see([text])[text]
        return seen.doubtful and self._ads.check(seen.low, seen.letters, seen.words, text, seen.skipped, AS_SHIPPED).ad

    def use(self, weights: bytes | None) -> None:
        """As `bot.ports.Reader.use`."""
        if self._shipped is not None:
            self._models = self._shipped if weights is None else changed(self._shipped, weights)
            self._foreseen = {}

    def content_words(self, text: str) -> list[str]:
        """The words of a text that carry content, a quoted message left out."""
        (folded,) = folds([text])
        graded = [(word, self._grade(word)) for word in self._tokenizer.words(folded[_quotation(folded) :])]
        return [word for word, grade in graded if grade is not None and grade.weight and not grade.asks]

    def names_among(self, words: Collection[str]) -> set[str]:
        """Those of `words` that are people's names; the tagger is seldom needed, and loaded for each use."""
        from bot.text.person_names import names_among

        return names_among(words)

    def _value(self, word: str) -> float | None:
        return USER_WORD_VALUE if word in self._own or word in self._taught else self._keyword(word)

    def foresee(self, texts: Sequence[str]) -> None:
        """See texts that will be read next all at once: that costs a call, hardly a text."""
        self._foreseen = self._see(texts)

    def _see(self, texts: Sequence[str]) -> dict[str, _Sight]:
        """What is seen of each text; those of like length make a page."""
        own = sorted(dict.fromkeys(texts), key=len)
        folded = folds(own)
        skipped = list(map(_quotation, folded))
        said = [text[start:] for text, start in zip(folded, skipped, strict=True)]
        return {
            text: sight
            for part in pages(said)
            for text, sight in zip(own[part], self._page(said[part], skipped[part]), strict=True)
        }

    def _page(self, folded: Sequence[str], skipped: Sequence[int]) -> Iterator[_Sight]:
        page = Page(folded)
        words = self._tokenizer.words_of(folded)
        tallies = self._glossary.tally(words)
        doubtful = self._ads.doubtful(page, words)
        topical = [tally.content >= TOPIC_WORDS for tally in tallies]
        evidence: list[Evidence | None] = [None] * len(folded)
        for at in self._topic_words.holding(page):
            if topical[at]:
                evidence[at] = self._topic_words.find(folded[at], words[at])
        judged = [None] * len(folded) if self._models is None else self._models.judge_page(page, topical)
        return map(
            _Sight,
            folded,
            skipped,
            page.lows,
            page.letters,
            [len(letters.encode("utf-8", "replace")) / 3 for letters in page.letters],
            words,
            tallies,
            [at in doubtful for at in range(len(folded))],
            evidence,
            judged,
            page_sketches(page),
        )

    def read(
        self,
        text: str,
        kind: str = "text",
        mentions: Sequence[str] = (),
        is_reply: bool = False,
        ads: AdRules | None = None,
    ) -> MessageParts:
        """The parts of one message. An empty text has none, whatever its kind."""
        ads = ads or AS_SHIPPED
        seen = self._foreseen.get(text) or self._see([text])[text]
        folded, letters = seen.folded, seen.letters
        if not folded or folded.isspace():
            return _EMPTY
        replies = is_reply or seen.skipped > 0
        asked = Utterance(len(letters), seen.size, "?" in folded, replies, bool(mentions), kind)
        base, parts, content = quality(asked, seen.tally, self._rules)
        chain = is_chain(folded)
        verdict, reached = self._looked_into(self._verdict(seen, text, ads), seen, kind, chain, ads)
        told = settle(seen.judged, seen.evidence) if content >= TOPIC_WORDS else NO_TOPIC
        if len(text) > MOST_CHARACTERS:
            parts["截断"] = 0.0
        return MessageParts(
            base,
            parts,
            verdict.ad,
            verdict.score,
            verdict.checks,
            seen.sketch,
            content,
            told.topic,
            told.by,
            chain,
            verdict.score >= ads.suspect,
            reached,
        )

    def _verdict(self, seen: _Sight, text: str, ads: AdRules) -> Verdict:
        verdict = CLEAN
        if seen.doubtful:
            verdict = self._ads.check(seen.low, seen.letters, seen.words, text, seen.skipped, ads)
        if seen.judged is not None and len(seen.letters) >= LEAST_LETTERS:
            verdict = _with_classifier(verdict, seen.judged.strength, ads)
        return verdict

    def _looked_into(
        self, verdict: Verdict, seen: _Sight, kind: str, chain: bool, rules: AdRules
    ) -> tuple[Verdict, bool]:
        """The verdict with what is asked of suspicious texts only, and whether the text tells to reach its author."""
        excuse, reached = excuses.NOT_ASKED, contact.NOT_ASKED
        if verdict.score >= rules.suspect:
            plain = self._ads.undisguised(seen.low, seen.letters)
            excuse, reached = excuses.told(seen.low, plain, chain), contact.told(seen.low, plain, kind)
        eased = excuses.eased(verdict, excuse, rules)
        return Verdict(eased.ad, eased.score, (*eased.checks, reached)), reached.hit

    def topics(self, texts: Sequence[str]) -> list[Told]:
        """What texts by themselves are about; the models are asked of short ones too, the word lists are not."""
        folded = folds(texts)
        judged = [None] * len(folded) if self._models is None else self._models.judge(folded)
        return [settle(one, self._evidence(text)) for one, text in zip(judged, folded, strict=True)]

    def _evidence(self, folded: str) -> Evidence | None:
        """What the word lists say; a text without any of their words is not segmented."""
        if not self._topic_words.any(folded):
            return None
        words = self._tokenizer.words(folded)
        (tally,) = self._glossary.tally([words])
        return self._topic_words.find(folded, words) if tally.content >= TOPIC_WORDS else None


def _with_classifier(verdict: Verdict, strength: float, rules: AdRules) -> Verdict:
    """The verdict with the trained model as one more independent check; strengths join as the others do."""
    strength *= rules.classifier
    bar, score = rules.bar, strength
    if verdict.score:
        beside = strength >= rules.classifier_beside
        score = joined((verdict.score, strength)) if beside else max(verdict.score, strength)
    score = round(score, 3)
    check = _classifier_check(f"{strength:.2f}", strength >= bar, bar)
    return Verdict(score >= bar, score, (*verdict.checks, check))


@lru_cache(maxsize=256)
def _classifier_check(strength: str, hit: bool, bar: float) -> Check:
    return Check("分类器", hit, f"强度 {strength}（满 {bar:g} 为广告）")


def _quotation(folded: str) -> int:
    """WeChat puts the quoted message before a reply: 「小王：…」, a dashed line, the reply. Only the reply was said."""
    quoted = _QUOTED.match(folded) if folded.startswith("「") else None
    return quoted.end() if quoted else 0
