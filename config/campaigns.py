"""campaigns.toml: standing campaigns and coupon pools. A block that cannot be used is refused by its name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from pydantic import Field

from bot.core.attachments import Attachments
from bot.core.campaigns import COUPON, Campaign, Campaigns, Pool, hangs_on_purse
from bot.core.conditions import BadCondition, read_condition
from bot.errors import BadInput
from config.attachments import load_attachments
from config.strict import Strict, read_strict, read_text

FILE = "campaigns.toml"
LONGEST_TEXT, LONGEST_CODE = 300, 60


class _Pool(Strict):
    name: str = Field(min_length=1, max_length=40)
    codes: list[str] = Field(default_factory=list)
    file: str = ""
    days: int = Field(ge=1, le=366)


class _Campaign(Strict):
    name: str = Field(min_length=1, max_length=40)
    when: str = Field(min_length=1)
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    repeat_days: int = Field(ge=1, le=3660)
    pool: str = ""
    attachment: str = ""


class _File(Strict):
    recall_pool: str = ""
    pool: list[_Pool] = Field(default_factory=list)
    campaign: list[_Campaign] = Field(default_factory=list)


def load_campaigns(folder: Path, find: Callable[[str], str | None]) -> Campaigns:
    """The campaigns of a configuration folder, none without the file, and what messages bring along.

    `find`: the path a tag's name means.

    Raises BadInput naming the block.
    """
    path, attachments = folder / FILE, load_attachments(folder)
    if not path.exists():
        return Campaigns(attachments=attachments)
    data = read_strict(path, _File)
    try:
        pools = {one.name: _pool(one, folder) for one in data.pool}
        _refuse_twice("pool", [one.name for one in data.pool])
        _refuse_twice("campaign", [one.name for one in data.campaign])
        standing = tuple(_campaign(one, pools.keys(), attachments, find) for one in data.campaign)
        if data.recall_pool and data.recall_pool not in pools:
            raise ValueError(f"recall_pool：没有“{data.recall_pool}”这个优惠码池")
    except ValueError as problem:
        raise BadInput(f"{FILE}：{problem}") from None
    return Campaigns(standing, pools, data.recall_pool or None, attachments)


def _pool(one: _Pool, folder: Path) -> Pool:
    """Codes of the block, then those of its file, a line each."""
    listed = read_text(folder / one.file).splitlines() if one.file else []
    codes = tuple(code for line in [*one.codes, *listed] if (code := line.strip()))
    if not codes:
        raise ValueError(f"pool “{one.name}”没有优惠码")
    bad = next((code for code in codes if len(code) > LONGEST_CODE or not code.isprintable()), None)
    if bad is not None:
        raise ValueError(f"pool “{one.name}”的码“{bad[:20]}”太长或有控制字符")
    _refuse_twice(f"pool “{one.name}”的码", codes)
    return Pool(one.name, codes, one.days)


def _campaign(
    one: _Campaign, pools: Collection[str], attachments: Attachments, find: Callable[[str], str | None]
) -> Campaign:
    place = f"campaign “{one.name}”"
    try:
        condition, rest = read_condition(one.when, find)
    except BadCondition as problem:
        raise ValueError(f"{place}的 when：{problem}") from None
    if rest:
        raise ValueError(f"{place}的 when 后面多了“{rest[:20]}”")
    if one.pool and one.pool not in pools:
        raise ValueError(f"{place}：没有“{one.pool}”这个优惠码池")
    if one.attachment and attachments.get(one.attachment) is None:
        raise ValueError(f"{place}的 attachment：没有“{one.attachment}”这个附件")
    if (COUPON in one.text) != bool(one.pool):
        raise ValueError(f"{place}：text 里的 {COUPON} 与 pool 要么都写，要么都不写")
    purse = next((term.path for term in condition.terms if hangs_on_purse(term.path, one.text)), None)
    if purse is not None:
        raise ValueError(f"{place}：优惠不能按「{purse}」区分对象")
    return Campaign(one.name, condition, one.text, one.repeat_days, one.pool or None, one.attachment or None)


def _refuse_twice(what: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what}：“{name}”写了两次")
        seen.add(name)
