"""#认证: an admin records how many followers somebody has; KOL and KOC rest on that and on what is said here."""

from __future__ import annotations

import re

from bot.core.event_fields import MOST_FOLLOWERS
from handlers.commands.spec import Asked, Command, Misused, shown

_WORDS = re.compile(r"(?:(?P<who>.*\S)\s+)?(?P<number>[\d,，]{1,14}|\d{1,6}(?:\.\d{1,4})?万)\s*(?:粉丝?)?", re.DOTALL)
TEN_THOUSAND = 10_000


def _count(words: str) -> int:
    """The number of followers, also as 5.2万. Raises Misused for what is none."""
    if words.endswith("万"):
        return round(float(words[:-1]) * TEN_THOUSAND)
    digits = words.replace(",", "").replace("，", "")
    if not digits:
        raise Misused
    return int(digits)


def _certify(asked: Asked) -> None:
    """成员 粉丝数."""
    said = _WORDS.fullmatch(asked.args.strip())
    if said is None or not (said["who"] or asked.heard.mentions):
        raise Misused
    count = _count(said["number"])
    if count > MOST_FOLLOWERS:
        raise Misused(asked.text("admin.followers_absurd", most=MOST_FOLLOWERS))
    row = asked.member(said["who"] or "")
    asked.fact("followers", row.member, {"count": count})
    rules = asked.house.rules(asked.uow).identity
    told = asked.text("admin.followers", name=shown(row), count=count, koc=rules.koc_followers, kol=rules.kol_followers)
    asked.confirm(told)


COMMANDS = (Command("#认证", "certify", _certify, needs="管理员"),)
