"""`classify`: advert verdict, topic or quality of each line of standard input, by the models the bot itself uses."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.cli.house import LazyReader
from bot.cli.looking import AS_LINES, input_lines
from bot.cli.output import print_json, say
from bot.core.quality import QualityRules
from bot.text.features import places
from bot.text.normalise import fold


class Task(StrEnum):
    """What is asked of a text."""

    SPAM = "spam"
    TOPIC = "topic"
    QUALITY = "quality"


def classify(
    context: typer.Context,
    task: Annotated[Task, typer.Option(help="判断什么：spam 广告、topic 题材、quality 质量")],
    as_json: Annotated[bool, AS_LINES] = False,
) -> None:
    """判断标准输入的每一行。"""
    reader = LazyReader(context.obj, QualityRules())
    for line in input_lines():
        found = _answer(reader, line, task)
        if as_json:
            print_json(found)
        else:
            say("  ".join(f"{name}={value}" for name, value in found.items()))
    sys.stdout.flush()


def _answer(reader: LazyReader, line: str, task: Task) -> dict[str, Any]:
    if task is Task.TOPIC:
        return _topic(reader, line)
    parts = reader.read(line)
    if task is Task.SPAM:
        checks = [check.as_dict() for check in parts.checks]
        return {"spam": parts.ad, "score": parts.ad_score, "checks": checks}
    return {
        "quality": 0.0 if parts.ad else parts.base,
        "parts": parts.parts | ({"广告": -parts.base} if parts.ad else {}),
    }


def _topic(reader: LazyReader, line: str) -> dict[str, Any]:
    """A text by itself: whether it is long enough to count for its author is decided where it counts."""
    folded = fold(line)
    if reader.models is None or not folded.strip():
        return {"topic": None, "confidence": 0.0}
    topic, confidence = reader.models.topic(places(folded))
    return {"topic": topic, "confidence": round(confidence, 3)}


COMMANDS = (("classify", classify),)
