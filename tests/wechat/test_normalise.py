"""Units, kinds, mentions, quotes and notices, each as a plain value."""

from __future__ import annotations

import pytest

from bot.core.events import MESSAGE_KINDS
from bot.core.instants import DAY, SECOND, parse_instant
from bot.wechat import normalise, notices
from bot.wechat.recent import Recent
from bot.wechat.supervisor import pause_before

NOW = parse_instant("2026-03-01T09:00:00+08:00")


@pytest.mark.parametrize("scale", [10**-6, 10**-3, 1])
def test_timestamps_of_any_unit_are_one_instant(scale: float) -> None:
    assert normalise.instant_of(NOW * scale, NOW) == NOW


@pytest.mark.parametrize("bad", [0, None, -5, (NOW + 2 * DAY) // SECOND])
def test_a_missing_or_absurd_timestamp_is_now(bad: float | None) -> None:
    assert normalise.instant_of(bad, NOW) == NOW


def test_every_kind_is_one_of_the_contract() -> None:
    assert set(normalise.KINDS.values()) == set(MESSAGE_KINDS)


@pytest.mark.parametrize("number", [0, 11, 12, 16, 17, 99, 10_000])
def test_types_nobody_knows_are_seen_but_say_nothing(number: int) -> None:
    assert normalise.kind_and_text(number, "<msg><appmsg/></msg>") == ("emoji", "")


def test_a_card_is_told_apart_and_says_nothing_either() -> None:
    assert normalise.kind_and_text(3, "<msg nickname='x'/>") == ("card", "")


def test_a_chain_keeps_its_text_whatever_its_type() -> None:
    assert normalise.kind_and_text(0, "#接龙\n1. 小王") == ("text", "#接龙\n1. 小王")


def test_only_the_title_of_a_rich_message_is_text() -> None:
    xml = "<msg><appmsg><title><![CDATA[春天 &amp; 花]]></title><des>别的</des></appmsg></msg>"
    assert normalise.kind_and_text(14, xml) == ("link", "春天 & 花")
    assert normalise.kind_and_text(5, "<img aeskey='x'/>") == ("image", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@群标\u2005#帮助", "#帮助"),
        ("@群标 28", "28"),
        ("28 @群标", "28"),
        ("@群标", ""),
        ("@群标，在吗", "，在吗"),
        ("我说@群标\u2005你好", "我说 你好"),
        ("@机器人甲\u2005男生", "男生"),
        ("签到", "签到"),
    ],
)
def test_the_mention_of_the_account_is_taken_out(text: str, said: str) -> None:
    assert normalise.without_mention(text, ("群标",), alone=True) == said


def test_another_name_stays_when_several_are_mentioned() -> None:
    assert normalise.without_mention("@小李\u2005@群标\u2005你们好", ("群标",), alone=False) == "@小李  你们好"


def test_a_longer_name_is_not_the_account() -> None:
    assert not normalise.names_me("@群标小助手 你好", ("群标",))
    assert normalise.names_me("问一下 @群标", ("群标",))


def test_mentions_leave_out_the_account_and_everybody() -> None:
    assert normalise.others_mentioned(["a", "me", "announcement@all", "a", ""], ("me",)) == ("a",)


def test_a_quote_is_parted_from_the_speakers_own_words() -> None:
    quote = notices.quote_of("「小王：#帮助」\n- - - - - - - - - - - - - - -\n同意")
    assert quote == notices.Quote("同意", None, "小王", "#帮助")
    assert notices.quote_of("「小王：说得对」") is None
    assert notices.quote_of("") is None


def test_a_quote_in_xml_names_the_message() -> None:
    xml = "<msg><appmsg><title>同意</title><refermsg><type>1</type><svrid>123</svrid></refermsg></appmsg></msg>"
    assert notices.quote_of(xml) == notices.Quote("同意", "123")


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("“小李”通过扫描“小王”分享的二维码加入群聊", "扫码"),
        ("小王邀请小李加入了群聊", "好友邀请"),
        ("小李通过链接加入群聊", "链接"),
        ("小李修改群名为“加入”", None),
    ],
)
def test_join_notices_tell_the_channel(text: str, channel: str | None) -> None:
    assert notices.channel_of(text) == channel


def test_only_wechat_itself_is_a_system_sender() -> None:
    assert notices.is_system("", "g")
    assert notices.is_system("g", "g")
    assert notices.is_system("weixin", None)
    assert not notices.is_system("小王", "g")


def test_the_memory_is_bounded_and_finds_what_is_quoted() -> None:
    recent = Recent(keep=2)
    for number in range(3):
        recent.add(f"m{number}", "g", "小王", f"第{number}条")
    assert len(recent) == 2
    assert "m0" not in recent
    assert recent.quoted("g", "第0条") is None
    assert recent.quoted("g", "第2条") == "m2"
    assert recent.quoted("other", "第2条") is None


def test_pauses_grow_to_a_minute_and_are_scattered() -> None:
    assert [pause_before(n, 0.5) for n in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]
    assert pause_before(1, 0) == pytest.approx(0.8)
    assert pause_before(1, 1) == pytest.approx(1.2)


@pytest.mark.parametrize(
    "text",
    [
        '<msg><location x="39.913345" y="116.384047" scale="16" label="北京" poiname="某处" /></msg>',
        "<?xml version='1.0'?>\n<msg>\n\t<location label='a' y='116.384047' x='39.913345'></location></msg>",
    ],
)
def test_a_location_message_tells_its_position_in_wgs84(text: str) -> None:
    assert normalise.position("location", text) == pytest.approx((39.911954, 116.377817), abs=1e-5)
    assert normalise.position("text", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我在这里",
        "<location />",
        '<location x="91.0" y="10" />',
        '<location x="nan" y="1" />',
        '<location x="30" />',
    ],
)
def test_a_location_message_without_a_position_tells_none(text: str) -> None:
    assert normalise.position("location", text) is None
