"""Real-looking User-Agents: WeChat on phones, on HarmonyOS and on desktops, and what is none of these."""

from __future__ import annotations

import pytest

from bot.traces.devices import Devices
from config.phones import load_phones
from config.settings import PACKAGED_CONFIG

PHONES = load_phones(PACKAGED_CONFIG)
DEVICES = Devices(PHONES.brands, PHONES.models)


def android(version: str, device: str, network: str = "WIFI") -> str:
    return (
        f"Mozilla/5.0 (Linux; Android {version}; {device}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        "Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MMWEBID/2247 "
        f"MicroMessenger/8.0.47.2560(0x28002F51) WeChat/arm64 Weixin NetType/{network} Language/zh_CN ABI/arm64"
    )


def apple(device: str, system: str, network: str = "WIFI") -> str:
    return (
        f"Mozilla/5.0 ({device}; CPU {system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
        f"MicroMessenger/8.0.49(0x18003137) NetType/{network} Language/zh_CN"
    )


HARMONY_NEXT = (
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 "
    "ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.9.43 NetType/5G Language/zh_CN"
)
HARMONY_4 = (
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS 4.0; ALN-AL00; HMSCore 6.13.0.302) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/99.0.4844.88 Mobile Safari/537.36 MicroMessenger/8.0.47 NetType/4G Language/zh_CN"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36 "
    "MicroMessenger/7.0.20.1781(0x6700143B) NetType/WIFI MiniProgramEnv/Windows WindowsWechat/WMPF"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "MicroMessenger/6.8.0(0x16080000) NetType/WIFI MiniProgramEnv/Mac MacWechat/WMPF XWEB/30817"
)


@pytest.mark.parametrize(
    ("user_agent", "phone", "system", "network"),
    [
        (apple("iPhone", "iPhone OS 17_5_1"), "iPhone", "iOS 17", "WIFI"),
        (apple("iPhone", "iPhone OS 18_0", "5G"), "iPhone", "iOS 18", "5G"),
        (apple("iPad", "OS 16_6"), "iPad", "iOS 16", "WIFI"),
        (android("12", "BRA-AL00 Build/HUAWEIBRA-AL00", "5G"), "华为 Mate 60", "Android 12", "5G"),
        (android("12", "ALN-AL10 Build/HUAWEIALN-AL10"), "华为 Mate 60 Pro+", "Android 12", "WIFI"),
        (android("12", "ALN-AL80 Build/HUAWEIALN-AL80"), "华为 Mate 60 Pro", "Android 12", "WIFI"),
        (android("10", "LIO-AN00 Build/HUAWEILIO-AN00"), "华为 Mate 30 Pro", "Android 10", "WIFI"),
        (android("14", "23127PN0CC Build/UKQ1.230804.001", "4G"), "小米 14", "Android 14", "4G"),
        (android("11", "Redmi K30 Pro Build/RKQ1.200826.002", "LTE"), "小米 Redmi K30 Pro", "Android 11", "4G"),
        (android("13", "V2309A Build/TP1A.220624.014", "3gnet"), "vivo X100", "Android 13", "3G"),
        (android("14", "SM-S9280 Build/UP1A.231005.007", "2G"), "三星 Galaxy S24 Ultra", "Android 14", "2G"),
        (android("14", "XYZ9999 Build/UP1A", "NON_NETWORK"), "XYZ9999", "Android 14", None),
        (HARMONY_4, "华为 Mate 60 Pro", "HarmonyOS 4", "4G"),
        (HARMONY_NEXT, None, "HarmonyOS 5", "5G"),
        (WINDOWS, None, "Windows", "WIFI"),
        (MAC, None, "macOS", "WIFI"),
    ],
)
def test_wechat_tells(user_agent: str, phone: str | None, system: str, network: str | None) -> None:
    found = DEVICES.read(user_agent)
    assert (found.get("phone"), found.get("system"), found.get("network")) == (phone, system, network)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
        "curl/8.5.0",
        android("12", "BRA-AL00 Build/" + "A" * 10_000),
        "MicroMessenger" * 700,
    ],
)
def test_other_browsers_and_monsters_tell_nothing(user_agent: str) -> None:
    assert DEVICES.read(user_agent) == {}
