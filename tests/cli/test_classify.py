"""`classify` as a program calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bot.cli.house import LazyReader
from bot.core.instants import DAY, HOUR, iso
from config.settings import PACKAGED_CONFIG
from tests.cli.conftest import Cli
from tests.cli.lines import START, line, write


def run(task: str, text: str, config: Path = PACKAGED_CONFIG) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bot", "--config", str(config), "classify", "--task", task, "--json"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, env=dict(os.environ))
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_gets_every_check() -> None:
    advert, talk, empty = run("spam", "长期出售元宝，需要的私聊加微信abc12345\n收到，谢谢\n\n")
    assert (advert["spam"], talk["spam"], empty["spam"]) == (True, False, False)
    assert {check["name"] for check in advert["checks"]} == {check["name"] for check in talk["checks"]}
    assert all(0 <= line["score"] <= 1 for line in (advert, talk, empty))


def test_quality_falls_to_nothing_for_an_advert() -> None:
    talk, short, advert = run(
        "quality", "昨天讨论的项目方案，建议先做用户调研再开发\n好的\n出售元宝，需要的私聊加微信abc12345\n"
    )
    assert talk["quality"] > short["quality"] > advert["quality"] == 0
    assert sum(advert["parts"].values()) == pytest.approx(0)


def test_a_damaged_model_leaves_the_word_lists(tmp_path: Path) -> None:
    config = copytree(PACKAGED_CONFIG, tmp_path / "config")
    model = config / "models" / "text.model"
    model.write_bytes(model.read_bytes()[:1000])
    (line,) = run("spam", "兼职刷单返现，稳赚不赔\n", config)
    assert line["spam"] and "分类器" not in {check["name"] for check in line["checks"]}
    sport, health = run("topic", "国足今晚对阵日本\n空腹血糖七点二，要不要去内分泌科看看糖尿病\n", config)
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
