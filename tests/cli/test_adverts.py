"""Adverts as the command line shows them: judged by the rules of their time, among what stands around them."""

from __future__ import annotations

import random
from pathlib import Path

from bot.core.around import NAMES
from bot.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

ADVERT = "招聘兼职，日结工资，手机就能做，加微信abc12345"
OFFER = "优惠券在这里 https://quan.example.com/{}，大家自己去拿"
"""A link beside an offer: suspicious, and by itself no advert."""
HARMLESS = ("祝小雨生日快乐，天天开心，越来越漂亮", "收到，谢谢通知", "大家好，我是新来的，请多多关照")
END = START + DAY


def disputed(cli: Cli) -> set[str]:
    held = cli("members", "--tag", "特殊身份/身份=争议用户", "--json")
    return {one["member"] for one in held.lines}


def lists_alone(folder: Path) -> Path:
    """Rules that leave the trained model out: its weights are another matter."""
    file = folder / "lists.toml"
    file.write_text("[advert]\nclassifier = 0\n", encoding="utf-8")
    return file


def test_the_rules_at_a_message_s_time_decide_also_when_it_comes_late(each_cli: Cli, tmp_path: Path) -> None:
    turn = START + 2 * DAY
    each_cli("events", write(tmp_path / "a.jsonl", [line("join", "j", START, "m1")]))
    each_cli("sweep", "--as-of", iso(turn))
    known = line("message", "known", turn + HOUR, "known", text=ADVERT)
    each_cli("events", write(tmp_path / "known.jsonl", [known]))
    (tmp_path / "lax.toml").write_text("[advert]\nbar = 1\n", encoding="utf-8")
    each_cli("rules", "activate", tmp_path / "lax.toml", "--note", "放宽")
    said = [
        line("message", "late", turn - HOUR, "early", text=ADVERT),
        line("message", "after", turn + HOUR, "later", text=ADVERT),
    ]
    each_cli("events", write(tmp_path / "b.jsonl", said))
    each_cli("sweep", "--as-of", iso(turn + DAY))
    assert disputed(each_cli) == {"early"}
    each_cli("rules", "rollback", "1")
    assert disputed(each_cli) == {"early", "known", "later"}, "as if the other version had never been"


def wave(at: Instant) -> list[Line]:
    """Eight people come into three groups within a minute and post nearly the same."""
    joins = [line("join", f"j{n}", at + n * SECOND, f"s{n}", group=f"g{n % 3}") for n in range(8)]
    posts = [
        line("message", f"p{n}", at + MINUTE + n * SECOND, f"s{n}", group=f"g{n % 3}", text=OFFER.format(n % 2))
        for n in range(8)
    ]
    return joins + posts


def crowd(at: Instant) -> list[Line]:
    """Thirty people who just came all say the same harmless things, join a chain, and pass a notice with a link on."""
    lines = []
    for n in range(30):
        lines.append(line("join", f"c{n}", at - 2 * HOUR * (n % 2), f"m{n:02}", group="g0"))
        chain = "#接龙 优惠券团购\n" + "\n".join(f"{k + 1}. 同学{k}" for k in range(n + 1))
        for k, text in enumerate((*HARMLESS, chain)):
            lines.append(
                line("message", f"c{n}-{k}", at + (40 * k + n + 1) * SECOND, f"m{n:02}", group="g0", text=text)
            )
        if n % 2:
            notice = line("message", f"n{n}", at + HOUR + n, f"m{n:02}", group="g0", text=OFFER.format("班会"))
            lines.append(notice)
    return lines


def taken(cli: Cli, folder: Path, parts: list[list[Line]]) -> tuple[list[Line], str]:
    """What members look like after the parts were taken in by processes of their own, and why two are disputed."""
    assert cli("rules", "activate", lists_alone(folder), "--note", "只用词表").code == 0
    for number, lines in enumerate(parts):
        assert cli("events", write(folder / f"{number}.jsonl", lines), "--json").document["rejected"] == 0
    cli("sweep", "--as-of", iso(END))
    why = (cli("why", member, "特殊身份/身份", "--json").out for member in ("s0", "s3"))
    return cli("members", "--json").lines, "".join(why)


def test_a_wave_of_spammers_is_caught_and_a_crowd_is_not_in_any_order(each_cli: Cli, run: Cli, tmp_path: Path) -> None:
    lines = sorted(wave(START + HOUR) + crowd(START + 5 * HOUR), key=lambda one: one["at"])
    members, why = taken(each_cli, tmp_path, [lines[0::1]])
    assert disputed(each_cli) == {f"s{n}" for n in range(8)}
    assert each_cli("rebuild", "--json").document["changed"] == 0
    told = each_cli("why", "s3", "特殊身份/身份", "--json").document["facts"]["检查"]
    assert {check["name"] for check in told} >= set(NAMES)
    assert "另有 3 位刚入群的人发过相近内容" in why and "quan.example.com" not in why
    random.Random(5).shuffle(lines)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    shuffled = taken(lambda *asked: run("--db", other, *asked), tmp_path, [lines[0::3], lines[1::3], lines[2::3]])
    assert shuffled == (members, why)
