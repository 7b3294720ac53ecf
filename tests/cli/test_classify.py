"""`classify` as a program calls it, also with texts, lists and models that nobody would write by accident."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BufferedReader, BytesIO
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cli.house import LazyReader
from bot.core.instants import DAY, HOUR, iso
from config.settings import PACKAGED_CONFIG
from tests.cli.conftest import Cli, Done
from tests.cli.lines import START, line, write

Ask = Callable[..., list[dict[str, Any]]]
_OWN_READER, _OWN_TOKENIZER = vars(LazyReader)["_reader"], vars(LazyReader)["tokenizer"]
MONSTERS = {
    "one character": "啊" * 333_334,
    "emoji": "😀" * 100_000,
    "right to left": "\u202e\u202b\u2067" * 100_000 + "你好",
    "punctuation": "，。！？…" * 60_000,
    "contacts": "加微信" * 111_112,
    "marks": "a\u0336\u0301" * 100_000,
    "nulls": "\0" * 1000,
}


def fed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Standard input as the program has it, a buffer of bytes."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BufferedReader(BytesIO(text.encode()))))  # type: ignore[type-var]


@pytest.fixture
def ask(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Classifies texts; with a `config` by lists and models of its own, with `words` also a dictionary of its own."""

    def call(task: str, *texts: str, config: Path | None = None, words: bool = False) -> list[dict[str, Any]]:
        if config is not None:
            monkeypatch.setattr(LazyReader, "_reader", _OWN_READER)
        if words:
            monkeypatch.setattr(LazyReader, "tokenizer", _OWN_TOKENIZER)
        fed(monkeypatch, "".join(f"{text}\n" for text in texts))
        done: Done = cli("--config", config or PACKAGED_CONFIG, "classify", "--task", task, "--json")
        assert done.code == 0, done.err
        assert len(done.lines) == len(texts)
        return done.lines

    return call


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(copytree(PACKAGED_CONFIG, tmp_path / "config"))


def test_each_line_gets_every_check(ask: Ask) -> None:
    advert, talk, empty = ask("spam", "长期出售元宝，需要的私聊加微信abc12345", "收到，谢谢", "")
    assert (advert["spam"], talk["spam"], empty["spam"]) == (True, False, False)
    assert {check["name"] for check in advert["checks"]} == {check["name"] for check in talk["checks"]}
    assert all(0 <= line["score"] <= 1 for line in (advert, talk, empty))


def test_quality_falls_to_nothing_for_an_advert(ask: Ask) -> None:
    talk, short, advert = ask(
        "quality", "昨天讨论的项目方案，建议先做用户调研再开发", "好的", "出售元宝，需要的私聊加微信abc12345"
    )
    assert talk["quality"] > short["quality"] > advert["quality"] == 0
    assert sum(advert["parts"].values()) == pytest.approx(0)


def test_monsters_are_judged_like_any_text(ask: Ask) -> None:
    texts = list(MONSTERS.values())
    spam = dict(zip(MONSTERS, ask("spam", *texts), strict=True))
    quality = dict(zip(MONSTERS, ask("quality", *texts), strict=True))
    topics = dict(zip(MONSTERS, ask("topic", *texts), strict=True))
    assert not any(spam[name]["spam"] for name in ("emoji", "right to left", "punctuation", "nulls"))
    assert [name for name in MONSTERS if topics[name]["topic"] is not None] in ([], ["contacts"])
    assert all(0 <= told["quality"] <= 2 for told in quality.values())
    assert quality["nulls"]["quality"] == 0
    assert max(quality[name]["quality"] for name in ("emoji", "punctuation")) <= 0.15


def test_lists_with_signs_of_regular_expressions_are_literals(ask: Ask, config: Path) -> None:
    signs = config / "lexicon"
    (signs / "ad_words.txt").write_text("c++(课程)\t0.9\n.*\t0.9\n[特价\t0.9\n(?:a+)+$\t0.9\n", encoding="utf-8")
    (signs / "disguises.txt").write_text("薇.*\t微信\n(群\t群\n", encoding="utf-8")
    (signs / "topic_words.txt").write_text("[健康]\n血压.+ [尿]\n", encoding="utf-8")
    talk, course, price = ask("spam", "今天下午开会，谢谢大家", "零基础学c++(课程)包会", "全场[特价", config=config)
    assert not talk["spam"]
    assert [check["detail"] for check in course["checks"] if check["name"] == "广告短语"] == ["c++(课程)"]
    assert [check["detail"] for check in price["checks"] if check["name"] == "广告短语"] == ["[特价"]
    assert ask("topic", "昨天血压高医生建议少盐运动", config=config)[0].get("source") != "词表"


def test_lists_of_two_hundred_thousand_words_are_used(ask: Ask, config: Path) -> None:
    lists = config / "lexicon"
    (lists / "ad_words.txt").write_text("\n".join(f"广告语{number}号" for number in range(200_000)), encoding="utf-8")
    (lists / "user_dict.txt").write_text("\n".join(f"词{number:06d}条" for number in range(200_000)), encoding="utf-8")
    (told,) = ask("spam", "看广告语77777号，有词012345条吗", config=config, words=True)
    assert told["spam"]
    assert "广告语77777号" in [check["detail"] for check in told["checks"]]


def test_a_bad_list_is_refused_by_its_line(cli: Cli, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (config / "lexicon" / "topic_words.txt").write_text("[健康]\n血压\n[宠物]\n猫粮\n", encoding="utf-8")
    monkeypatch.setattr(LazyReader, "_reader", _OWN_READER)
    fed(monkeypatch, "你好\n")
    done = cli("--config", config, "classify", "--task", "topic")
    assert (done.code, done.out) == (1, "")
    assert "topic_words.txt 第 3 行" in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize("damage", ["cut", "version"])
def test_an_unusable_model_leaves_the_word_lists(ask: Ask, config: Path, damage: str) -> None:
    model = config / "models" / "text.model"
    raw = model.read_bytes()
    model.write_bytes({"cut": raw[:1000], "version": b"QUNBIAO-TEXT-1\n" + raw[15:]}[damage])
    (line,) = ask("spam", "兼职刷单返现，稳赚不赔", config=config)
    assert line["spam"] and "分类器" not in {check["name"] for check in line["checks"]}
    sport, health = ask("topic", "国足今晚对阵日本", "空腹血糖七点二，要不要去内分泌科看看糖尿病", config=config)
    assert sport == {"topic": None, "confidence": 0.0}
    assert (health["topic"], health["source"], health["words"]) == ("健康", "词表", ["空腹血糖", "糖尿病"])


def test_a_topic_tag_says_by_what_its_items_were_told(cli: Cli, tmp_path: Path, read_texts: LazyReader) -> None:
    texts = ["红烧肉要先焯水再炒糖色，小火炖一个半小时", "国足今晚对阵日本，球迷期待世界杯预选赛首胜"] * 2
    said = [
        line("message", f"m{number}", START + number * HOUR, text=text)
        for number, text in enumerate([*texts, "酸菜鱼的酸菜要先炒干水汽，鱼片最后下锅"])
    ]
    seen = line("view", "v", START + 9 * HOUR, item="a", topic="美食")
    assert cli("events", write(tmp_path / "said.jsonl", [*said, seen])).code == 0
    assert cli("sweep", "--as-of", iso(START + 2 * DAY)).code == 0
    told = cli("why", "m1", "内容偏好/题材", "--json").document
    assert told["facts"]["来源"] == {"美食": {"词表": 3, "自带": 1}, "体育": {"模型": 2}}
    reading = read_texts.reading
    assert told["read_by"] == [{"engine": reading.engine, "dictionary": reading.dictionary, "messages": 5}]
