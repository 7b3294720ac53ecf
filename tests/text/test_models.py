"""The shipped models: they judge, they are whole, and without them the bot still has its word lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.text.lexicons import Lexicons
from bot.text.models import BadModel, Models, dump, load
from bot.text.normalise import fold
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from config.settings import PACKAGED_CONFIG

SHIPPED = PACKAGED_CONFIG / "models" / "text.model"


@pytest.fixture(scope="module")
def models() -> Models:
    return load(SHIPPED)


def strength(models: Models, text: str) -> float:
    return models.judge([fold(text)])[0].strength


@pytest.mark.parametrize("text", ["长期出售元宝，比例优惠，需要的私聊加微信abc12345", "出金1:800，需要的老板滴滴我"])
def test_the_classifier_alone_knows_an_advert(models: Models, text: str) -> None:
    assert strength(models, text) >= 0.5


@pytest.mark.parametrize(
    "text", ["出.售.元.宝，需.要.的.私.聊", "出售元寶，需要的私聊", "出\u200b售元宝，需要\u200b的私聊"]
)
def test_a_disguise_does_not_hide_it(models: Models, text: str) -> None:
    assert strength(models, text) >= 0.5


@pytest.mark.parametrize(
    ("text", "topic"), [("国足今晚对阵日本，球迷期待世界杯预选赛首胜", "体育"), ("收到，我晚上回家再看", None)]
)
def test_a_headline_has_a_topic_and_small_talk_none(models: Models, text: str, topic: str | None) -> None:
    assert models.judge([fold(text)])[0].topic == topic


def test_the_live_reader_uses_them_and_lists_the_check(models: Models, tokenizer: JiebaTokenizer) -> None:
    parts = TextReader(tokenizer, Lexicons(), models=models).read("长期出售元宝，比例优惠，需要的私聊加微信abc12345")
    assert parts.ad
    assert "分类器" in [check.name for check in parts.checks if check.hit]


def test_many_at_once_are_judged_as_one_by_one(models: Models) -> None:
    texts = ["收到", "", "出售元宝，需要的私聊", "国足今晚对阵日本", "a" * 3000, "\ud800\n😀"]
    together = models.judge([fold(text) for text in texts])
    apart = [models.judge([fold(text)])[0] for text in texts]
    assert [one.topic for one in together] == [one.topic for one in apart]
    assert [one.strength for one in together] == pytest.approx([one.strength for one in apart])


def test_writing_and_reading_gives_the_same_bytes(models: Models) -> None:
    assert dump(models) == SHIPPED.read_bytes()
    assert SHIPPED.stat().st_size <= 8_000_000


@pytest.mark.parametrize("damage", ["cut", "changed", "version", "missing"])
def test_a_damaged_file_is_refused_in_chinese(tmp_path: Path, damage: str) -> None:
    raw, file = SHIPPED.read_bytes(), tmp_path / "text.model"
    told = {"cut": raw[:-9], "changed": raw[:-1] + b"~", "version": b"QUNBIAO-TEXT-1\n" + raw[15:]}
    if damage in told:
        file.write_bytes(told[damage])
    with pytest.raises(BadModel, match="模型"):
        load(file)
