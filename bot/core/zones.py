"""Time zones of members: where a stated country keeps its clocks, and how far they are from the group's."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, HOUR, SECOND, Instant, to_datetime

CHINA = "Asia/Shanghai"
COUNTRY_ZONES: Mapping[str, str] = dict(
    pair.split("=")
    for pair in """
    美国=America/New_York 加拿大=America/Toronto 英国=Europe/London 日本=Asia/Tokyo 韩国=Asia/Seoul
    新加坡=Asia/Singapore 马来西亚=Asia/Kuala_Lumpur 泰国=Asia/Bangkok 越南=Asia/Ho_Chi_Minh
    印度尼西亚=Asia/Jakarta 菲律宾=Asia/Manila 柬埔寨=Asia/Phnom_Penh 缅甸=Asia/Yangon 老挝=Asia/Vientiane
    印度=Asia/Kolkata 巴基斯坦=Asia/Karachi 孟加拉国=Asia/Dhaka 斯里兰卡=Asia/Colombo 尼泊尔=Asia/Kathmandu
    蒙古国=Asia/Ulaanbaatar 朝鲜=Asia/Pyongyang 哈萨克斯坦=Asia/Almaty 乌兹别克斯坦=Asia/Tashkent
    澳大利亚=Australia/Sydney 新西兰=Pacific/Auckland 德国=Europe/Berlin 法国=Europe/Paris 意大利=Europe/Rome
    西班牙=Europe/Madrid 葡萄牙=Europe/Lisbon 荷兰=Europe/Amsterdam 比利时=Europe/Brussels
    卢森堡=Europe/Luxembourg 瑞士=Europe/Zurich 奥地利=Europe/Vienna 瑞典=Europe/Stockholm 挪威=Europe/Oslo
    丹麦=Europe/Copenhagen 芬兰=Europe/Helsinki 冰岛=Atlantic/Reykjavik 爱尔兰=Europe/Dublin 波兰=Europe/Warsaw
    捷克=Europe/Prague 匈牙利=Europe/Budapest 罗马尼亚=Europe/Bucharest 塞尔维亚=Europe/Belgrade
    希腊=Europe/Athens 俄罗斯=Europe/Moscow 乌克兰=Europe/Kiev 白俄罗斯=Europe/Minsk 土耳其=Europe/Istanbul
    阿联酋=Asia/Dubai 沙特阿拉伯=Asia/Riyadh 卡塔尔=Asia/Qatar 以色列=Asia/Jerusalem 伊朗=Asia/Tehran
    伊拉克=Asia/Baghdad 埃及=Africa/Cairo 南非=Africa/Johannesburg 尼日利亚=Africa/Lagos 肯尼亚=Africa/Nairobi
    埃塞俄比亚=Africa/Addis_Ababa 坦桑尼亚=Africa/Dar_es_Salaam 加纳=Africa/Accra 安哥拉=Africa/Luanda
    阿尔及利亚=Africa/Algiers 摩洛哥=Africa/Casablanca 墨西哥=America/Mexico_City 巴西=America/Sao_Paulo
    阿根廷=America/Argentina/Buenos_Aires 智利=America/Santiago 秘鲁=America/Lima 哥伦比亚=America/Bogota
    古巴=America/Havana
    """.split()
)
"""The zone meant when only the country is known: its capital's, or that of most of its people."""
ABROAD = "海外-"
_STEP, _AHEAD = 7 * DAY, 400 * DAY


def zone_of_region(value: str) -> str | None:
    """The zone of a canonical 地域 value; None for a country whose zone is not told."""
    return COUNTRY_ZONES.get(value.removeprefix(ABROAD)) if value.startswith(ABROAD) else CHINA


def difference(zone: ZoneInfo, other: ZoneInfo, at: Instant) -> float:
    """Hours by which clocks in `zone` are ahead of those in `other` at an instant."""
    return (_offset(zone, at) - _offset(other, at)) * SECOND / HOUR


def next_change(zone: ZoneInfo, other: ZoneInfo, at: Instant) -> Instant | None:
    """When the difference is another for the first time after `at`, to the second; None within the year to come."""
    known, low = difference(zone, other, at), at
    while low < at + _AHEAD:
        if difference(zone, other, low + _STEP) != known:
            return _bisect(zone, other, known, low)
        low += _STEP
    return None


def _bisect(zone: ZoneInfo, other: ZoneInfo, known: float, low: Instant) -> Instant:
    first, last = low // SECOND, (low + _STEP) // SECOND + 1
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if difference(zone, other, middle * SECOND) == known else (first, middle)
    return last * SECOND


def _offset(zone: ZoneInfo, at: Instant) -> int:
    span = to_datetime(at, zone).utcoffset()
    assert span is not None
    return int(span.total_seconds())
