"""campaigns.toml: read strictly, refused with the block named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from config.campaigns import load_campaigns
from config.catalogue import load_catalogue
from config.settings import PACKAGED_CONFIG

FIND = load_catalogue(PACKAGED_CONFIG).find
POOL = '[[pool]]\nname = "春"\ncodes = ["A1", "A2"]\ndays = 14\n'
TOLD = '[[campaign]]\nname = "见面"\nwhen = "地域=杭州"\ntext = "周六见"\nrepeat_days = 30\n'


def test_codes_come_from_the_block_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("B1\n\nB2\n", encoding="utf-8")
    content = 'recall_pool = "春"\n' + POOL.replace("days", 'file = "more.txt"\ndays') + TOLD
    (tmp_path / "campaigns.toml").write_text(content, encoding="utf-8")
    found = load_campaigns(tmp_path, FIND)
    assert found.pools["春"].codes == ("A1", "A2", "B1", "B2")
    assert (found.recall_pool, [one.name for one in found.standing]) == ("春", ["见面"])


def test_no_file_and_the_packaged_one_have_none(tmp_path: Path) -> None:
    assert load_campaigns(tmp_path, FIND) == load_campaigns(PACKAGED_CONFIG, FIND)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (TOLD.replace("地域=杭州", "星座=白羊"), "campaign “见面”的 when：没有「星座」"),
        (TOLD.replace("地域=杭州", "地域=杭州 周六"), "后面多了“周六”"),
        (TOLD.replace("repeat_days = 30", "repeat_days = 0"), "campaign.0.repeat_days"),
        (TOLD + 'pool = "夏"\n', "没有“夏”这个优惠码池"),
        (POOL + TOLD + 'pool = "春"\n', "要么都写"),
        (TOLD.replace("周六见", "凭 {coupon} 来"), "要么都写"),
        (
            POOL + TOLD.replace("地域=杭州", "消费能力/等级=高价值").replace("周六见", "{coupon}") + 'pool = "春"\n',
            "不能按",
        ),
        (POOL.replace('"A2"', '"A1"'), "“A1”写了两次"),
        (POOL.replace('codes = ["A1", "A2"]\n', ""), "没有优惠码"),
        (POOL.replace("days", 'file = "no.txt"\ndays'), "no.txt"),
        (TOLD + TOLD, "“见面”写了两次"),
        ('recall_pool = "夏"\n', "recall_pool"),
        ("colour = 1\n", "colour 是未知的键"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "campaigns.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"^campaigns\.toml|^no\.txt") as refused:
        load_campaigns(tmp_path, FIND)
    assert told in str(refused.value)
