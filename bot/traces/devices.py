"""Device and network out of the User-Agent of WeChat's own browser (RULEBOOK §1 设备特征)."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST = 1000
"""WeChat's own strings have under 500 characters; what is longer was made by hand and says nothing."""
IN_WECHAT = "MicroMessenger/"
NETWORKS = {"wifi": "WIFI", "5g": "5G", "4g": "4G", "lte": "4G", "3g": "3G", "3gnet": "3G", "2g": "2G"}
GENERIC = frozenset({"Generic", "Generic_Android", "Spider"})
DESKTOPS = {"Windows": "Windows", "Mac OS X": "macOS", "macOS": "macOS"}
"""A desktop's browser tells an old, fixed version of its system, so none is told on."""

_NETWORK = re.compile(r"NetType/([A-Za-z0-9]{1,16})")
_HARMONY = re.compile(r"(HarmonyOS|OpenHarmony)[ /]?(\d{1,3})?")
_HARMONY_MODEL = re.compile(r"HarmonyOS[^;)]*; ?([A-Z]{3}-[A-Z0-9]{2,6})\b")


class Devices:
    """Reads User-Agents with the names of brands and models as people call them."""

    def __init__(self, brands: Mapping[str, str], models: Mapping[str, str]) -> None:
        self._brands = brands
        self._models = sorted(models.items(), key=lambda pair: -len(pair[0]))

    def read(self, user_agent: str) -> dict[str, str]:
        """phone, system and network as far as they are told; nothing for another browser than WeChat's."""
        if len(user_agent) > LONGEST or IN_WECHAT not in user_agent:
            return {}
        found = {
            "phone": self._phone(user_agent),
            "system": _system(user_agent),
            "network": _network(user_agent),
        }
        return {part: value for part, value in found.items() if value}

    def _phone(self, user_agent: str) -> str | None:
        harmony = _HARMONY_MODEL.search(user_agent)
        if harmony:
            return self._called("Huawei", harmony[1])
        from ua_parser import parse_device

        device = parse_device(user_agent)
        if device is None or device.model is None or device.brand in ("Generic", "Spider"):
            return None
        if device.brand == "Apple":
            return device.model if device.model in ("iPhone", "iPad") else None
        return self._called(device.brand or "", device.model)

    def _called(self, brand: str, code: str) -> str:
        named = next((name for start, name in self._models if code.startswith(start)), None)
        if named is not None:
            return named
        shown = "" if brand in GENERIC else self._brands.get(brand, brand)
        return f"{shown} {code}".strip()[:60]


def _system(user_agent: str) -> str | None:
    harmony = _HARMONY.search(user_agent)
    if harmony:
        return f"HarmonyOS {harmony[2]}" if harmony[2] else "HarmonyOS"
    from ua_parser import parse_os

    system = parse_os(user_agent)
    if system is None:
        return None
    if system.family in DESKTOPS:
        return DESKTOPS[system.family]
    return f"{system.family} {system.major}"[:40] if system.major else system.family[:40]


def _network(user_agent: str) -> str | None:
    found = _NETWORK.search(user_agent)
    return NETWORKS.get(found[1].lower()) if found else None
