"""Reading a message once: fold, segment, and everything that follows from its text and kind alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.core.adverts import AdRules, joined
from bot.core.parts import Check, MessageParts, Reading
from bot.core.quality import Grader, QualityRules, Utterance, grader, quality
from bot.core.sketch import letters_of, sketch_of_letters
from bot.ports import Lesson, Tokenizer
from bot.text import contact, excuses
from bot.text.chain import is_chain
from bot.text.checks import AdChecker, Verdict
from bot.text.extent import MOST_CHARACTERS
from bot.text.learning import Labelled, changed, learn
from bot.text.lexicons import Lexicons
from bot.text.models import Judged, Models
from bot.text.normalise import fold, spelled
from bot.text.sketches import sketches
from bot.text.topic_words import NO_TOPIC, Evidence, Told, TopicWords, settle

IntroReader = Callable[[str, list[str]], dict[str, str]]
"""Base attributes out of a folded text and its words, canonical values by question name."""
LEAST_LETTERS = 2
"""Letters from which the trained models are asked."""
AS_SHIPPED = AdRules()
"""The advert bars where a call brings none."""
MANY = 16
"""Texts from which sketching them at once is the quicker way."""
TOPIC_WORDS = 4
"""Content words of a message that may have a topic (RULEBOOK §4)."""

USER_WORD_VALUE = 12.0
"""Keyword value of the deployment's own words, which the IDF list cannot know: jieba's own median."""
_QUOTED = re.compile(r"「.*?[:：].*?」\n(?:- ?){5,}\n", re.DOTALL)
_EMPTY = MessageParts(0.0, {})


class _Sight(NamedTuple):
    """What is seen of a text before its words: the folded form without what it quotes, and the letters of that.

    skipped: characters of the folded form that are a quotation. sketch, judged (what the models say): None until asked
    for.
    """

    folded: str
    skipped: int
    letters: str
    sketch: bytes | None = None
    judged: Judged | None = None


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
        intro: IntroReader | None = None,
        models: Models | None = None,
        frozen: Sequence[Labelled] = (),
    ) -> None:
        self._tokenizer, self._words = tokenizer, tokenizer.words
        self._reading = Reading(tokenizer.engine, tokenizer.digest)
        self._own = {entry.word.lower() for entry in lexicons.user_words}
        self._taught: set[str] = set()
        self._rules = quality_rules or QualityRules()
        self._ads = AdChecker(lexicons)
        self._topic_words = TopicWords(lexicons.topic_words)
        self._classes, self._keyword = lexicons.classes, keyword or (lambda word: None)
        self._grade: Grader = grader(self._classes, self._rules, self._value)
        self._intro = intro
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

    def learn(self, samples: Sequence[Labelled]) -> Lesson | None:
        """As `bot.ports.Reader.learn`; always from the shipped weights on.

        Adverts that the word lists give away teach nothing: their own words are known, and what else is in them may be
        anybody's harmless talk with a phrase put behind it.
        """
        telling = [(text, mark) for text, mark in samples if mark is not True or not self._listed(text)]
        return None if self._shipped is None else learn(self._shipped, telling, self._frozen)

    def _listed(self, text: str) -> bool:
        """Whether the word lists alone take a text for an advert."""
        sight = _sight(text)
        words = self._words(sight.folded)
        return self._ads.check(sight.folded.lower(), sight.letters, words, text, sight.skipped, AS_SHIPPED).ad

    def use(self, weights: bytes | None) -> None:
        """As `bot.ports.Reader.use`."""
        if self._shipped is not None:
            self._models = self._shipped if weights is None else changed(self._shipped, weights)
            self._foreseen = {}

    def content_words(self, text: str) -> list[str]:
        """The words of a text that carry content, a quoted message left out."""
        graded = [(word, self._grade(word)) for word in self._words(_sight(text).folded)]
        return [word for word, grade in graded if grade is not None and grade.weight and not grade.asks]

    def names_among(self, words: Collection[str]) -> set[str]:
        """Those of `words` that are people's names; the tagger is seldom needed, and loaded for each use."""
        from bot.text.person_names import names_among

        return names_among(words)

    def _value(self, word: str) -> float | None:
        return USER_WORD_VALUE if word in self._own or word in self._taught else self._keyword(word)

    def foresee(self, texts: Sequence[str]) -> None:
        """Sketch and judge texts that will be read next all at once: that costs a call, hardly a text."""
        sights = {text: _sight(text) for text in texts}
        folded = [sight.folded for sight in sights.values()]
        every: Sequence[bytes | None] = [None] * len(folded)
        if len(folded) >= MANY:
            every = sketches([sight.letters for sight in sights.values()], folded)
        judged = self._models.judge(folded) if self._models is not None else [None] * len(folded)
        seen = zip(sights.items(), every, judged, strict=True)
        self._foreseen = {text: _Sight(*sight[:3], sketch, one) for (text, sight), sketch, one in seen}

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
        folded, skipped, letters, sketch, judged = self._foreseen.get(text) or _sight(text)
        if not folded or folded.isspace():
            return _EMPTY
        words = self._words(folded)
        rated = quality(
            _utterance(folded, letters, words, kind, mentions, is_reply or skipped > 0), self._grade, self._rules
        )
        verdict = self._ads.check(folded.lower(), letters, words, text, skipped, ads)
        if self._models is not None and len(letters) >= LEAST_LETTERS:
            judged = judged or self._models.judge([folded])[0]
            verdict = _with_classifier(verdict, judged.strength, ads)
        topical = rated.content_words >= TOPIC_WORDS
        told = settle(judged, self._topic_words.find(folded, words)) if topical else NO_TOPIC
        chain = is_chain(folded)
        verdict, reached = self._looked_into(verdict, folded.lower(), letters, kind, chain, ads)
        if len(text) > MOST_CHARACTERS:
            rated.parts["截断"] = 0.0
        return MessageParts(
            rated.base,
            rated.parts,
            verdict.ad,
            verdict.score,
            verdict.checks,
            sketch_of_letters(letters, folded) if sketch is None else sketch,
            rated.content_words,
            told.topic,
            told.by,
            chain,
            self._intro(folded, words) if self._intro else {},
            verdict.score >= ads.suspect,
            reached,
        )

    def _looked_into(
        self, verdict: Verdict, low: str, letters: str, kind: str, chain: bool, rules: AdRules
    ) -> tuple[Verdict, bool]:
        """The verdict with what is asked of suspicious texts only, and whether the text tells to reach its author."""
        excuse, reached = excuses.NOT_ASKED, contact.NOT_ASKED
        if verdict.score >= rules.suspect:
            plain = self._ads.undisguised(low, letters)
            excuse, reached = excuses.told(low, plain, chain), contact.told(low, plain, kind)
        eased = excuses.eased(verdict, excuse, rules)
        return Verdict(eased.ad, eased.score, (*eased.checks, reached)), reached.hit

    def topics(self, texts: Sequence[str]) -> list[Told]:
        """What texts by themselves are about; the models are asked of short ones too, the word lists are not."""
        folded = [fold(text) for text in texts]
        judged = [None] * len(folded) if self._models is None else self._models.judge(folded)
        return [settle(one, self._evidence(text)) for one, text in zip(judged, folded, strict=True)]

    def _evidence(self, folded: str) -> Evidence | None:
        """What the word lists say; a text without any of their words is not segmented."""
        if not self._topic_words.any(folded):
            return None
        words = self._words(folded)
        graded = [self._grade(word) for word in set(words)]
        content = sum(1 for grade in graded if grade is not None and grade.weight)
        return self._topic_words.find(folded, words) if content >= TOPIC_WORDS else None


def _with_classifier(verdict: Verdict, strength: float, rules: AdRules) -> Verdict:
    """The verdict with the trained model as one more independent check; strengths join as the others do."""
    strength *= rules.classifier
    beside = verdict.score and strength >= rules.classifier_beside
    score = round(joined((verdict.score, strength)) if beside else max(verdict.score, strength), 3)
    check = _classifier_check(f"{strength:.2f}", strength >= rules.bar, rules.bar)
    return Verdict(score >= rules.bar, score, (*verdict.checks, check))


@lru_cache(maxsize=256)
def _classifier_check(strength: str, hit: bool, bar: float) -> Check:
    return Check("分类器", hit, f"强度 {strength}（满 {bar:g} 为广告）")


def _utterance(
    folded: str, letters: str, words: list[str], kind: str, mentions: Sequence[str], is_reply: bool
) -> Utterance:
    size = len(letters.encode("utf-8", "replace")) / 3
    return Utterance(words, len(letters), size, "?" in folded, is_reply, bool(mentions), kind)


def _sight(text: str) -> _Sight:
    """WeChat puts the quoted message before a reply: 「小王：…」, a dashed line, the reply. Only the reply was said."""
    folded = fold(text)
    quoted = _QUOTED.match(folded) if folded.startswith("「") else None
    said = folded[quoted.end() :] if quoted else folded
    return _Sight(said, quoted.end() if quoted else 0, letters_of(said))
