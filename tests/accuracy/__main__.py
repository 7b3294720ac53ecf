"""`make accuracy DATA=DIR`: how well adverts and topics are told, on texts the models have not seen.

Models are fitted on three quarters of the data (and our own phrases), near-duplicates kept together, and judge the last
quarter through the same reader as the bot's, word lists included. `--shipped` judges all of DIR by the shipped models
instead: honest for a directory that they were not trained on, and only there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.text.models import Models, load
from bot.training.corpus import Example, english_talk, folds, group_talk, headlines, spam_examples
from bot.training.fitting import fit
from config.settings import PACKAGED_CONFIG
from tests.accuracy import adverts, curve, poison, quality, topics
from tests.accuracy.judge import Judge

MODELS = PACKAGED_CONFIG / "models"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make accuracy")
    parser.add_argument("data", type=Path, help="data directory with spam/ and topic/")
    parser.add_argument("--shipped", action="store_true", help="judge all of it by the shipped models")
    parser.add_argument("--sources", action="store_true", help="also fit without each source in turn (minutes)")
    parser.add_argument("--poison", action="store_true", help="also let hostile admins decide in #审核 (a minute)")
    asked = parser.parse_args()
    spam, titles, english = spam_examples(asked.data), headlines(asked.data), english_talk(asked.data)
    table = Table("项目", "实测", "目标")
    for row in _rows(spam, titles, english, asked):
        table.add_row(*row)
    Console(width=120).print(table)


def _rows(
    spam: list[Example], titles: list[Example], english: list[Example], asked: argparse.Namespace
) -> list[tuple[str, str, str]]:
    if asked.shipped:
        return _judged(load(MODELS / "text.model"), spam, titles, english)
    sides = folds([one.text for one in (*spam, *titles)])
    seen_spam, unseen_spam = _split(spam, [side != 0 for side in sides[: len(spam)]])
    seen_titles, unseen_titles = _split(titles, [side != 0 for side in sides[len(spam) :]])
    seen_english, unseen_english = _split(english, [number % 4 != 0 for number in range(len(english))])
    own = [*seen_english, *group_talk(MODELS / "group_talk.txt")]
    models = fit([*seen_spam, *own], seen_titles)
    rows = _judged(models, unseen_spam, unseen_titles, unseen_english) + (
        poison.rows(models, unseen_spam) if asked.poison else []
    )
    for source in adverts.UNSEEN if asked.sources else ():
        others = [one for one in seen_spam if one.source != source]
        rows.append(adverts.unseen(Judge(fit([*others, *own], seen_titles)), unseen_spam, source))
    return rows


def _split(examples: list[Example], seen: list[bool]) -> tuple[list[Example], list[Example]]:
    pairs = list(zip(examples, seen, strict=True))
    return [one for one, is_seen in pairs if is_seen], [one for one, is_seen in pairs if not is_seen]


def _judged(
    models: Models, spam: list[Example], titles: list[Example], english: list[Example]
) -> list[tuple[str, str, str]]:
    judge = Judge(models)
    return [
        *adverts.rows(judge, spam, titles, english),
        *curve.rows(models, spam),
        *topics.rows(judge, spam, titles),
        *quality.rows(judge, spam),
    ]


if __name__ == "__main__":
    main()
