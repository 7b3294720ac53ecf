"""Positions to province, city, zone and 商圈."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.traces.fences import Fences
from bot.traces.places import Found, Places
from config.geofences import load_geofences
from config.places import load_places
from config.settings import PACKAGED_CONFIG

PLACES = Places(load_places(PACKAGED_CONFIG))
CN = "Asia/Shanghai"
SQUARE = "polygon = [[30.0, 120.0], [30.0, 120.1], [30.1, 120.1], [30.1, 120.0]]"


@pytest.mark.parametrize(
    ("latitude", "longitude", "province", "city", "zone"),
    [
        (30.2741, 120.1551, "浙江", "杭州", CN),
        (39.9042, 116.4074, "北京", "北京", CN),
        (31.2304, 121.4737, "上海", "上海", CN),
        (22.5431, 114.0579, "广东", "深圳", CN),
        (22.2819, 114.1582, "香港", "香港", CN),
        (22.1987, 113.5439, "澳门", "澳门", CN),
        (25.0330, 121.5654, "台湾", "台北", CN),
        (43.8256, 87.6168, "新疆", "乌鲁木齐", CN),
        (29.6520, 91.1721, "西藏", "拉萨", CN),
        (40.7128, -74.0060, "海外-美国", "海外-美国", "America/New_York"),
        (34.0522, -118.2437, "海外-美国", "海外-美国", "America/Los_Angeles"),
        (51.5074, -0.1278, "海外-英国", "海外-英国", "Europe/London"),
        (43.1155, 131.8855, "海外-俄罗斯", "海外-俄罗斯", "Asia/Vladivostok"),
        (21.0285, 105.8542, "海外-越南", "海外-越南", "Asia/Bangkok"),
        (-33.8688, 151.2093, "海外-澳大利亚", "海外-澳大利亚", "Australia/Sydney"),
    ],
)
def test_positions_have_names(latitude: float, longitude: float, province: str, city: str, zone: str) -> None:
    assert PLACES.at(latitude, longitude) == Found(province, city, zone)


def test_the_open_sea_is_no_place() -> None:
    assert PLACES.at(-48.9, -123.4) is None


def fences(folder: Path, text: str) -> Fences:
    (folder / "geofences.toml").write_text(text, encoding="utf-8")
    return Fences(load_geofences(folder))


def test_borders_belong_to_a_fence(tmp_path: Path) -> None:
    circle = '[[fence]]\nname = "圆"\ncenter = [30.05, 120.05]\nradius_m = 1000'
    found = fences(tmp_path, f'{circle}\n[[fence]]\nname = "方"\n{SQUARE}')
    assert found.at(30.05, 120.05) == ["圆", "方"]
    assert found.at(30.0, 120.05) == ["方"]
    assert found.at(29.999, 120.05) == []
    assert found.at(30.05 + 0.0089, 120.05) == ["圆", "方"]
    assert found.at(30.05 + 0.0091, 120.05) == ["方"]


@pytest.mark.parametrize(
    "shape",
    [
        "polygon = [[30.0, 120.0], [30.1, 120.1], [30.1, 120.0], [30.0, 120.1]]",
        "polygon = [[30.0, 120.0], [30.1, 120.1], [30.2, 120.2]]",
        "polygon = [[30.0, 120.0], [30.1, 120.1]]",
        "center = [120.0, 30.0]\nradius_m = 100",
        "center = [30.0, 120.0]",
        f"center = [30.0, 120.0]\nradius_m = 100\n{SQUARE}",
        "center = [30.0, 120.0]\nradius_m = -1",
    ],
)
def test_a_fence_that_cannot_be_is_refused(shape: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"geofences\.toml"):
        fences(tmp_path, f'[[fence]]\nname = "西湖"\n{shape}')


def test_a_crossing_polygon_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="西湖"):
        fences(
            tmp_path,
            '[[fence]]\nname = "西湖"\npolygon = [[30, 120], [30.1, 120.1], [30.1, 120], [30, 120.1]]'.replace(
                "30,", "30.0,"
            ),
        )


def test_no_file_is_no_fence(tmp_path: Path) -> None:
    assert load_geofences(tmp_path) == ()
    Fences(load_geofences(PACKAGED_CONFIG))
