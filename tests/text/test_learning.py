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


@pytest.fixture(scope="module")
def models() -> Models:
    return load(FOLDER / "text.model")


def adverts(models: Models, texts: list[str]) -> list[bool]:
    return [one.strength >= 0.5 for one in models.judge([fold(text) for text in texts])]


def right(models: Models) -> list[bool]:
    verdicts = adverts(models, [text for text, _ in FROZEN])
    return [found is advert for found, (_, advert) in zip(verdicts, FROZEN, strict=True)]


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
    poisoned = [(text, not advert) for text, advert in chance.sample(FROZEN, 50)]
    lesson = learn(models, poisoned, FROZEN)
    used = models if lesson is None else changed(models, lesson.weights)
    assert not [fine for fine, still in zip(right(models), right(used), strict=True) if fine and not still]


def test_a_change_of_other_models_is_left_out(models: Models) -> None:
    assert changed(models, b"0" * 32 + b"\0" * 8) is models


def test_a_bad_frozen_set_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "frozen.tsv"
    file.write_text("正常\t你好\n也许\t什么\n", encoding="utf-8")
    with pytest.raises(BadModel, match="第 2 行"):
        load_frozen(file)
