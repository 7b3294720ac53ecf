"""`train`: rebuild the shipped models from a data directory, bit for bit (scikit-learn, a development package)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import say
from bot.errors import BadInput, why
from bot.training.corpus import english_talk, group_talk, headlines, spam_examples
from config.settings import PACKAGED_CONFIG


def train(
    data: Annotated[Path, typer.Option(help="数据目录（spam/、topic/，有 chat/ 则也用）")],
    out: Annotated[Path, typer.Option(help="模型写到这个文件")],
    talk: Annotated[Path, typer.Option(help="群聊常用语，每行一句")] = PACKAGED_CONFIG / "models" / "group_talk.txt",
) -> None:
    """由数据重新训练模型；同样的数据得到同样的字节。需要开发依赖 scikit-learn。"""
    from bot.text.models import dump
    from bot.training.fitting import fit

    models = fit([*spam_examples(data), *english_talk(data), *group_talk(talk)], headlines(data))
    try:
        out.write_bytes(dump(models))
    except OSError as error:
        raise BadInput(f"{out}：写不进去（{why(error)}）") from None
    say(f"已写入 {out}（{out.stat().st_size:,} 字节）；广告门槛 {models.spam_bar}，题材门槛 {models.topic_bar}")


COMMANDS = (("train", train),)
