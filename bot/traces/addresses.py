"""City from the address of a click, by an ip2region file (RULEBOOK §6 城市)."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from bot.core.region import RegionTable, match_place
from bot.errors import BadInput
from bot.log import get_logger

HOME = "中国"
UNTOLD = "0"
_log = get_logger(__name__)


class Addresses:
    """Looks public IPv4 addresses up; without a file nothing is found. Raises BadInput for a file that is none."""

    def __init__(self, file: Path | None, table: RegionTable) -> None:
        self._table = table
        self._searcher = None
        if file is not None and file.is_file():
            from ip2region import searcher, util

            try:
                util.verify_from_file(str(file))
                self._searcher = searcher.new_with_buffer(util.IPv4, util.load_content_from_file(str(file)))
            except Exception as error:  # noqa: BLE001 - the library raises anything for a damaged file
                raise BadInput(f"BOT_IP_DB：{file.name} 不是可用的 ip2region 库（{type(error).__name__}）") from None

    def city(self, address: str) -> str | None:
        """The city's short name; None for a private, foreign, unknown or IPv6 address, and for what is no address."""
        if self._searcher is None:
            return None
        try:
            known = ipaddress.ip_address(address.strip())
        except ValueError:
            return None
        if known.version != 4 or not known.is_global:
            return None
        return self._city_of(self._searcher.search(known.packed))

    def _city_of(self, region: str) -> str | None:
        """From "中国|0|浙江省|杭州市|电信" or, in newer files, "中国|浙江省|杭州市|电信|CN"."""
        country, *rest = region.split("|")
        if country != HOME:
            return None
        place, _ = match_place("".join(part for part in rest if part != UNTOLD), self._table)
        return place.city or None if place is not None else None


def built_at(file: Path) -> float | None:
    """When an ip2region file was built, in epoch seconds; None for a file that is none."""
    from ip2region import util

    try:
        return float(util.load_header_from_file(str(file)).createdAt)
    except Exception:  # noqa: BLE001 - the library raises anything for a damaged file
        return None
