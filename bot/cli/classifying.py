"""`classify`: advert verdict, topic or quality of each line of standard input, by the models the bot itself uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.cli.house import LazyReader, reader_of
from bot.cli.looking import AS_LINES
from bot.cli.output import print_json, say
from bot.cli.standard_input import input_batches
from bot.core.around import UNSEEN
from bot.core.garbage import collector_at_ease


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
    reader = reader_of(context.obj)
    with collector_at_ease():
        for lines in input_batches():
            for found in _topics(reader, lines) if task is Task.TOPIC else _read(reader, lines, task):
                if as_json:
                    print_json(found)
                else:
                    say("  ".join(f"{name}={value}" for name, value in found.items()))
            sys.stdout.flush()


def _read(reader: LazyReader, lines: Sequence[str], task: Task) -> Iterator[dict[str, Any]]:
    reader.foresee(lines)
    for line in lines:
        parts = reader.read(line)
        if task is Task.SPAM:
            checks = [check.as_dict() for check in (*parts.checks, *UNSEEN)]
            yield {"spam": parts.ad, "score": parts.ad_score, "checks": checks}
        else:
            taken = {"广告": -parts.base} if parts.ad else {}
            yield {"quality": 0.0 if parts.ad else parts.base, "parts": parts.parts | taken}


def _topics(reader: LazyReader, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Texts by themselves: whether one is long enough to count for its author is decided where it counts."""
    for line, told in zip(lines, reader.topics(lines), strict=True):
        found = {"topic": told.topic, "confidence": round(told.confidence, 3) if line.strip() else 0.0}
        yield found | ({"source": told.by, "words": list(told.words)} if told.topic is not None else {})


COMMANDS = (("classify", classify),)
