"""Places as people name them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.region import match_place, read_region, value_of
from bot.errors import BadInput
from config.regions import load_regions

CONFIG = Path(__file__).parents[2] / "config"
REGIONS = load_regions(CONFIG)

KNOWN = {
    "一线城市-北京": "北京 北京市 帝都 bj beijing 海淀 海淀区 北京朝阳 北京市朝阳区 朝阳区 中关村 我在北京 北京人",
    "一线城市-上海": "上海 魔都 浦东 浦东新区 上海市浦东新区 sh 坐标上海",
    "一线城市-广州": "广州 羊城 天河 广东广州 广东省广州市天河区",
    "一线城市-深圳": "深圳 鹏城 南山区 福田 深圳南山",
    "新一线城市-杭州": "杭州 杭州市 浙江省杭州市西湖区 浙江杭州 中国浙江杭州 坐标杭州 杭州西湖区文三路 西湖区 base杭州",
    "新一线城市-苏州": "苏州 昆山 昆山市 江苏昆山",
    "新一线城市-重庆": "重庆 山城 重庆渝北",
    "新一线城市-成都": "蓉城 成都市武侯区 我在成都工作",
    "二线城市-金华": "义乌 金华 浙江义乌",
    "二线城市-无锡": "无锡 江阴",
    "其他城市-朝阳": "朝阳市 辽宁朝阳 辽宁省朝阳市",
    "其他城市-吉林": "吉林市 吉林省吉林市",
    "其他城市-恩施": "恩施 恩施土家族苗族自治州 湖北恩施",
    "其他城市-桂林": "桂林 广西桂林 广西壮族自治区桂林市",
    "其他城市-台北": "台北 台湾台北 taipei",
    "其他城市-湖州": "德清 德清县 安吉",
    "其他城市-仙桃": "仙桃 湖北仙桃",
    "省份-浙江": "浙江 浙江省 浙江的",
    "省份-吉林": "吉林 吉林省",
    "省份-海南": "海南 海南岛",
    "省份-内蒙古": "内蒙 内蒙古自治区",
    "省份-香港": "香港 hk 香港九龙",
    "省份-澳门": "澳门",
    "海外-美国": "美国 纽约 usa 加州 美国加州 湾区",
    "海外-日本": "日本 东京 日本东京",
    "海外-其他": "国外 海外",
}
UNCLEAR = (
    "朝阳 鼓楼区 和平区 长安 江浙沪 南方 中国 北京上海 上海南站 杭州好玩吗 想去北京 坐标系 坐标 地球 火星 你猜 "
    "北京烤鸭 杭州欢迎你 属于大海 河北北京 辽宁杭州 人在囧途"
)


@pytest.mark.parametrize(("text", "value"), [(text, value) for value, said in KNOWN.items() for text in said.split()])
def test_a_named_place_is_known(text: str, value: str) -> None:
    assert read_region(text, REGIONS) == value


@pytest.mark.parametrize("text", UNCLEAR.split())
def test_what_is_unclear_is_asked_again(text: str) -> None:
    assert read_region(text, REGIONS) is None


def test_every_city_is_understood_by_its_full_name_and_has_one_value() -> None:
    cities = {place for places in REGIONS.names.values() for place in places if place.city}
    names = [place.city for place in cities]
    assert len(names) == len(set(names)) > 370
    wrong = [
        place
        for place in cities
        if read_region(f"{place.province}{place.city}", REGIONS) != value_of(place, REGIONS)
        and place.province != place.city
    ]
    assert not wrong


def test_the_tiers_hold_4_15_and_30_cities() -> None:
    tiers = list(REGIONS.tiers.values())
    assert [tiers.count(tier) for tier in ("一线城市", "新一线城市", "二线城市")] == [4, 15, 30]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    value = read_region(text, REGIONS)
    assert value is None or value.split("-")[0] in {*REGIONS.tiers.values(), "其他城市", "省份", "海外"}
    assert 0 <= match_place(text, REGIONS)[1] <= len(text)


def _copy(folder: Path) -> Path:
    for name in ("lexicon/regions.tsv", "lexicon/regions.toml", "city_tiers.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text((CONFIG / name).read_text("utf-8"), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "addition", "told"),
    [
        ("city_tiers.toml", '"三线城市" = ["亚特兰蒂斯"]', "亚特兰蒂斯"),
        ("city_tiers.toml", '"三线城市" = ["杭州"]', "两次"),
        ("city_tiers.toml", "oops = ", "city_tiers.toml"),
        ("lexicon/regions.tsv", "浙江省\t浙江", "第 "),
        ("lexicon/regions.toml", "[unheard]\na = 1", "unheard"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, name: str, addition: str, told: str) -> None:
    folder = _copy(tmp_path)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{addition}\n")
    with pytest.raises(BadInput, match=told):
        load_regions(folder)
