"""Topics by word lists: right on group talk written for it, silent where they should be, honest about the source."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.core.content import BY_MODEL, BY_WORDS
from bot.text.dictionary import KeywordValues
from bot.text.lexicons import Lexicons
from bot.text.models import Judged, load
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from bot.text.topic_words import Evidence, TopicWords, settle
from config.settings import PACKAGED_CONFIG
from tests.text.topic_talk import NONE, TALK


@pytest.fixture(scope="module")
def judging(tokenizer: JiebaTokenizer, lexicons: Lexicons) -> TextReader:
    models = load(PACKAGED_CONFIG / "models" / "text.model")
    return TextReader(tokenizer, lexicons, keyword=KeywordValues(None), models=models)


def test_four_topics_without_training_text_are_told_precisely(judging: TextReader) -> None:
    said = judging.topics([text for _, text in TALK])
    own = {topic for topic, _ in TALK} - {NONE}
    assert own == {"健康", "美食", "时尚", "亲子"}
    assert {told.by for told in said if told.topic in own} == {BY_WORDS}
    given = Counter(told.topic for told in said if told.topic in own)
    right = Counter(told.topic for (topic, _), told in zip(TALK, said, strict=True) if told.topic == topic)
    for topic in own:
        assert right[topic] / given[topic] >= 0.95
        assert right[topic] / sum(1 for wanted, _ in TALK if wanted == topic) >= 0.5


def test_a_message_says_by_what_its_topic_was_told(judging: TextReader) -> None:
    food = judging.read("红烧肉要先焯水再炒糖色，小火炖一个半小时，肥而不腻")
    sport = judging.read("国足今晚对阵日本，球迷期待世界杯预选赛首胜")
    short = judging.read("好想吃火锅")
    assert [(one.topic, one.topic_by) for one in (food, sport, short)] == [
        ("美食", BY_WORDS),
        ("体育", BY_MODEL),
        (None, ""),
    ]


def test_without_models_the_words_still_tell(tokenizer: JiebaTokenizer, lexicons: Lexicons) -> None:
    reader = TextReader(tokenizer, lexicons)
    (told,) = reader.topics(["空腹血糖七点二，是不是已经算糖尿病了，要不要去内分泌科看看"])
    assert (told.topic, told.by, told.words) == ("健康", BY_WORDS, ("空腹血糖", "糖尿病"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["空中", "风景", "真", "美"], None),
        (["他", "中风", "了"], "健康"),
        (["血压", "和", "辅食"], None),
        (["血压", "血压", "血压"], None),
        (["血压", "医院"], "健康"),
        (["学", "c++(汤)", "去"], "美食"),
        (["学", "c汤", "去"], None),
    ],
)
def test_evidence(words: list[str], found: str | None) -> None:
    health = {"健康": 1.0}
    topics = TopicWords(
        {"中风": health, "血压": {"健康": 0.5}, "医院": {"健康": 0.5}, "辅食": {"亲子": 0.5}, "C++(汤)": {"美食": 1.0}}
    )
    evidence = topics.find("".join(words), words)
    assert (evidence.topic if evidence else None) == found


def test_as_much_for_two_topics_is_for_none() -> None:
    topics = TopicWords({"过敏": {"健康": 1.0, "亲子": 1.0}, "宝宝": {"亲子": 0.5}})
    assert topics.find("过敏", ["过敏"]) is None
    assert topics.find("宝宝过敏", ["宝宝", "过敏"]) == Evidence("亲子", 1.5, ("宝宝", "过敏"))


def test_the_surer_one_tells() -> None:
    evidence = Evidence("健康", 1.0, ("血压",))
    assert settle(Judged(0.0, "体育", 0.98), evidence).topic == "体育"
    assert settle(Judged(0.0, None, 0.3), evidence).topic == "健康"
    assert settle(Judged(0.0, "农业", 0.6), Evidence("健康", 2.0, ("血压", "尿酸"))).topic == "健康"
    assert settle(None, None).topic is None
