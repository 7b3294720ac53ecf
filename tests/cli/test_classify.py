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

from config.settings import PACKAGED_CONFIG


def run(task: str, text: str, config: Path = PACKAGED_CONFIG) -> list[dict[str, Any]]:
    options = ["--config", str(config), "--db", f"sqlite:///{config}/none.db"]
    command = [sys.executable, "-m", "bot", *options, "classify", "--task", task, "--json"]
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
    (config / "rulesets" / "default.toml").write_text("[advert]\nbar = 1\n", encoding="utf-8")
    (line,) = run("spam", "兼职刷单返现，稳赚不赔\n", config)
    assert line["score"] >= 0.5 and not line["spam"], "the rules of the folder decide"
    assert "分类器" not in {check["name"] for check in line["checks"]}
    assert {"name": "新人相近内容", "hit": False, "detail": "没有上下文"} in line["checks"]
    assert run("topic", "国足今晚对阵日本\n", config) == [{"topic": None, "confidence": 0.0}]
