"""Learning from reviews: what was judged wrong is learned, and what was judged right on the frozen set stays right."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import config
from bot.text.learning import changed, learn, load_frozen
from bot.text.models import BadModel, Models, load
from bot.text.normalise import fold

FOLDER = Path(config.__file__).parent / "models"
FROZEN = load_frozen(FOLDER / "frozen.tsv")
ADVERTS = [(text, mark) for text, mark in FROZEN if isinstance(mark, bool)]


@pytest.fixture(scope="module")
def models() -> Models:
    return load(FOLDER / "text.model")


def adverts(models: Models, texts: list[str]) -> list[bool]:
    return [one.strength >= 0.5 for one in models.judge([fold(text) for text in texts])]


def right(models: Models) -> list[bool]:
    verdicts = adverts(models, [text for text, _ in ADVERTS])
    return [found is advert for found, (_, advert) in zip(verdicts, ADVERTS, strict=True)]


def test_a_false_alarm_is_learned_the_same_each_time(models: Models) -> None:
    text = "承接各类网站建设，价格优惠，质量保证"
    assert adverts(models, [text]) == [True]
    lesson = learn(models, [(text, False)], FROZEN)
    assert lesson is not None
    assert adverts(changed(models, lesson.weights), [text]) == [False]
    assert learn(models, [(text, False)], FROZEN) == lesson


@pytest.mark.parametrize("seed", range(4))
def test_fifty_poisoned_samples_make_nothing_worse(models: Models, seed: int) -> None:
    chance = random.Random(seed)
    poisoned = [(text, not advert) for text, advert in chance.sample(ADVERTS, 50)]
    lesson = learn(models, poisoned, FROZEN)
    used = models if lesson is None else changed(models, lesson.weights)
    assert not [fine for fine, still in zip(right(models), right(used), strict=True) if fine and not still]


def test_words_of_harmless_talk_never_come_to_speak_for_adverts(models: Models) -> None:
    harmless = [text for text, mark in FROZEN if mark is False]
    declared = [(f"{text}，专治脱发秘方", True) for text in harmless[:20]]
    lesson = learn(models, declared, FROZEN)
    assert lesson is not None
    used = changed(models, lesson.weights)
    before, after = (one.judge([fold(text) for text in harmless]) for one in (models, used))
    assert all(now.strength <= then.strength for then, now in zip(before, after, strict=True))
    assert all(adverts(used, [text for text, _ in declared]))


def test_a_change_of_other_models_is_left_out(models: Models) -> None:
    assert changed(models, b"0" * 32 + b"\0" * 8) is models


def test_a_bad_frozen_set_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "frozen.tsv"
    file.write_text("正常\t你好\n也许\t什么\n", encoding="utf-8")
    with pytest.raises(BadModel, match="第 2 行"):
        load_frozen(file)


PLANTS = "阳台上的多肉今年长得特别好，换了盆土以后又冒出好多新芽"
LIKE_IT = "多肉今年长得特别好，换了盆土又冒出好多新芽"


def topics(models: Models, texts: list[str]) -> list[str | None]:
    return [one.topic for one in models.judge([fold(text) for text in texts])]


@pytest.mark.parametrize("topic", ["文化", "健康"])
def test_a_topic_is_learned_also_one_that_the_models_did_not_know(models: Models, topic: str) -> None:
    assert topics(models, [PLANTS, LIKE_IT]) == ["农业", "农业"]
    lesson = learn(models, [(PLANTS, topic)], FROZEN)
    assert lesson is not None
    own, like_it = topics(changed(models, lesson.weights), [PLANTS, LIKE_IT])
    assert (own, like_it in (topic, None)) == (topic, True)
    assert learn(models, [(PLANTS, topic)], FROZEN) == lesson


def test_adverts_and_topics_are_learned_together(models: Models) -> None:
    text = "承接各类网站建设，价格优惠，质量保证"
    lesson = learn(models, [(text, False), (PLANTS, "文化")], FROZEN)
    assert lesson is not None
    used = changed(models, lesson.weights)
    assert adverts(used, [text]) == [False]
    assert topics(used, [PLANTS]) == ["文化"]


def test_hostile_topics_make_nothing_worse(models: Models) -> None:
    known = [(text, topic) for text, topic in FROZEN if isinstance(topic, str) and topic]
    assert len({topic for _, topic in known}) == 14
    wrong = [(text, "房产" if topic != "房产" else "体育") for text, topic in known]
    assert learn(models, wrong, FROZEN) is None
    assert learn(models, wrong[:1], FROZEN) is None
