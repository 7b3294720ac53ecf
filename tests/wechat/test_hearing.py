"""What the adapter hears, through the real wechaty library and the in-process puppet."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from bot.core.instants import MINUTE, SECOND
from bot.localgroup.group import LocalGroup
from bot.localgroup.puppet import LocalPuppet
from bot.localgroup.world import Spoken
from bot.ports import (
    ConnectionHeard,
    FriendHeard,
    GroupEntered,
    GroupLeft,
    GroupsHeard,
    JoinHeard,
    LeaveHeard,
    MessageHeard,
    Person,
    RosterHeard,
    ThrottleHeard,
    WithdrawHeard,
)
from bot.wechat.library import (
    EventMessagePayload,
    EventRoomJoinPayload,
    EventRoomLeavePayload,
    EventRoomTopicPayload,
    FriendshipPayload,
    FriendshipType,
)
from bot.wechat.raw import MOST_TRIES
from tests.wechat.ears import MORNING, Ears, listening

WANG = Person("小王", "小王")


async def deliver(ears: Ears, **fields: object) -> str:
    """Let the gateway deliver a message exactly as given."""
    spoken = Spoken(**{"id": ears.group.world.new_id("x"), "at": ears.clock.now(), "group": None, "to": None, **fields})
    ears.group.world.record(spoken)
    await ears.group._tell("message", EventMessagePayload(message_id=spoken.id))
    await ears.chat.idle()
    return spoken.id


async def test_login_tells_the_account_and_its_groups_before_anything_else() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王", "小李"])) as ears:
        up, groups, entered = ears.heard
        assert groups == GroupsHeard(MORNING, ("测试群",))
        assert up == ConnectionHeard(MORNING, "up", "qunbiao", name="群标")
        assert entered == GroupEntered(MORNING, "测试群", "测试群", (WANG, Person("小李", "小李")), at_login=True)
        assert ears.chat.account == "qunbiao"


async def test_a_message_is_told_whole() -> None:
    async with listening() as ears:
        ears.clock.tick(3 * SECOND)
        said = await ears.group.say("小王", "大家好")
        expected = MessageHeard(said, MORNING + 3 * SECOND, WANG, "测试群", "大家好", group_name="测试群")
        assert await ears.message() == expected


async def test_messages_come_in_the_order_they_were_said() -> None:
    async with listening() as ears:
        for number in range(200):
            await ears.group.say(f"人{number % 7}", str(number))
        await ears.chat.idle()
        assert [m.text for m in ears.of(MessageHeard)] == [str(n) for n in range(200)]


async def test_a_repeated_delivery_is_heard_once() -> None:
    async with listening() as ears:
        said = await ears.group.say("小王", "一次")
        await ears.group._tell("message", EventMessagePayload(message_id=said))
        await ears.chat.idle()
        assert len(ears.of(MessageHeard)) == 1


async def test_the_account_does_not_hear_itself() -> None:
    async with listening() as ears:
        await ears.group.account_says("测试群", "欢迎", ())
        await ears.chat.idle()
        assert ears.of(MessageHeard) == []


async def test_a_mention_of_the_bot_is_known_and_taken_out() -> None:
    async with listening() as ears:
        await ears.group.say("小李", "在")
        await ears.group.say("小王", "28", to_bot=True)
        assert (await ears.message()).text == "28"
        assert (await ears.message()).mentions_me
        await ears.group.say("小王", "@小李 你呢")
        heard = await ears.message()
        assert (heard.mentions, heard.mentions_me, heard.text) == (("小李",), False, "@小李 你呢")


async def test_a_mention_typed_by_hand_counts_where_the_gateway_gives_no_ids() -> None:
    async with listening() as ears:
        ears.group.seed("测试群", ["小王"])
        await deliver(ears, sender="小王", group="测试群", text="@群标 男生")
        assert ((await ears.message()).text, (await ears.message()).mentions_me) == ("男生", True)


async def test_a_direct_message_has_no_group_and_makes_a_friend_first() -> None:
    async with listening() as ears:
        await ears.group.direct("小王", "你好")
        heard = await ears.message()
        assert (heard.group, heard.group_name, heard.text) == (None, "", "你好")
        assert ears.heard[-2] == FriendHeard(MORNING, WANG)
        assert await ears.chat.is_friend("小王")
        assert not await ears.chat.is_friend("谁也不是")


@pytest.mark.parametrize("taken", [True, False])
async def test_a_friend_request_is_taken_only_after_asking(monkeypatch: pytest.MonkeyPatch, taken: bool) -> None:
    accepted: list[str] = []
    asked: list[str] = []

    async def request(_: object, friendship_id: str, payload: object = None) -> FriendshipPayload:
        received = FriendshipType.FRIENDSHIP_TYPE_RECEIVE
        return FriendshipPayload(id=friendship_id, contact_id=friendship_id, type=received)

    async def accept(_: object, friendship_id: str) -> None:
        accepted.append(friendship_id)

    async def may(account: str) -> bool:
        asked.append(account)
        return taken

    monkeypatch.setattr(LocalPuppet, "friendship_payload", request)
    monkeypatch.setattr(LocalPuppet, "friendship_accept", accept)
    async with listening(befriend=may) as ears:
        await ears.group.befriend("小王")
        await ears.chat.idle()
        assert (accepted, asked) == (["小王"] if taken else [], ["qunbiao"])
        assert len(ears.of(FriendHeard)) == len(accepted)


async def test_a_join_names_inviter_and_channel() -> None:
    async with listening() as ears:
        await ears.group.say("小王", "我拉个人")
        await ears.group.join("小李", "扫码")
        await ears.group.join("小赵")
        await ears.chat.idle()
        first, second = ears.of(JoinHeard)
        assert first == JoinHeard(MORNING, "测试群", (Person("小李", "小李"),), WANG, "扫码", "测试群")
        assert (second.inviter, second.channel) == (WANG, None)


async def test_an_old_notice_does_not_explain_a_later_join() -> None:
    async with listening() as ears:
        await deliver(ears, sender="weixin", group="测试群", text="小李通过扫描二维码加入群聊", kind="notice")
        ears.clock.tick(2 * MINUTE)
        await ears.group.join("小赵")
        await ears.chat.idle()
        assert ears.of(JoinHeard)[0].channel is None


async def test_a_join_without_a_joiner_is_found_in_the_member_list() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"])) as ears:
        ears.group.seed("测试群", ["小李"])
        await ears.group._tell("room-join", EventRoomJoinPayload(invited_ids=[], room_id="测试群"))
        await ears.chat.idle()
        assert ears.of(JoinHeard)[0].people == (Person("小李", "小李"),)


async def test_leaving_and_being_put_out() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王", "小李"])) as ears:
        await ears.group.leave("小王")
        await ears.chat.remove("测试群", "小李")
        await ears.chat.idle()
        assert [leave.people[0].id for leave in ears.of(LeaveHeard)] == ["小王", "小李"]
        assert (await ears.chat.roster("测试群")).people == ()


async def test_a_withdrawal_names_the_message_and_its_speaker() -> None:
    async with listening() as ears:
        said = await ears.group.say("小王", "说错了")
        await ears.group.withdraw("小王")
        await ears.chat.idle()
        withdrawn = ears.of(WithdrawHeard)[0]
        assert (withdrawn.message, withdrawn.sender, withdrawn.group) == (said, WANG, "测试群")


async def test_a_quote_points_at_the_message_and_keeps_only_the_own_words() -> None:
    async with listening() as ears:
        said = await ears.group.say("小王", "#帮助")
        await ears.group.say("小李", "「小王：#帮助」\n- - - - - - - - - - - - - - -\n这个好用")
        heard = await ears.message()
        assert (heard.reply_to, heard.text) == (said, "这个好用")


async def test_entering_a_group_makes_no_newcomers() -> None:
    async with listening() as ears:
        await ears.group.switch("新群")
        await ears.chat.idle()
        await ears.group.say("小王", "来了")
        await ears.chat.idle()
        entered = ears.of(GroupEntered)[-1]
        assert (entered.group, entered.people, entered.at_login) == ("新群", (), False)
        assert ears.of(JoinHeard) == []


async def test_a_group_found_by_its_first_message_is_entered_first() -> None:
    async with listening() as ears:
        ears.group.seed("旧群", ["小王", "小李"])
        await deliver(ears, sender="小王", group="旧群", text="在吗")
        entered, message = ears.heard[-2:]
        assert isinstance(entered, GroupEntered)
        assert {person.id for person in entered.people} == {"小王", "小李"}
        assert isinstance(message, MessageHeard)


async def test_a_new_group_name_is_known_at_once() -> None:
    async with listening() as ears:
        await ears.group._tell("room-topic", EventRoomTopicPayload(room_id="测试群", new_topic="读书会"))
        await ears.group.say("小王", "改名了")
        assert (await ears.message()).group_name == "读书会"


async def test_a_throttle_notice_counts_only_from_wechat_itself() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"])) as ears:
        await deliver(ears, sender="小王", group="测试群", text="操作过于频繁，可稍后再试")
        assert ears.of(ThrottleHeard) == []
        await deliver(ears, sender="weixin", text="操作过于频繁，可稍后再试", kind="notice")
        await deliver(ears, sender="qunbiao", group="测试群", text="操作过于频繁，请稍后再试", kind="notice")
        assert len(ears.of(ThrottleHeard)) == 2


async def test_direct_notices_and_official_accounts_are_nobodys_words() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"], ["小王"])) as ears:
        await deliver(ears, sender="小王", text="你已添加了小王，现在可以开始聊天了。", kind="notice")
        await deliver(ears, sender="gh_3dfda90e39d6", text="今日头条")
        assert ears.of(MessageHeard) == []


async def test_every_kind_arrives_and_an_unknown_one_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("bot.localgroup.puppet", fromlist=["TYPES"]).TYPES, "future", 23)
    async with listening(before=lambda group: group.seed("测试群", ["小王"])) as ears:
        for kind in ("image", "voice", "video", "file", "emoji", "link", "location", "mini_program", "future"):
            await deliver(ears, sender="小王", group="测试群", text="", kind=kind)
        kinds = [message.kind for message in ears.of(MessageHeard)]
        assert kinds == ["image", "voice", "video", "file", "emoji", "link", "location", "mini_program", "emoji"]


async def test_empty_and_unknowable_names_stop_nothing() -> None:
    def prepare(group: LocalGroup) -> None:
        group.seed("测试群", ["无名"])
        group.world.contacts["无名"].name = ""

    async with listening(before=prepare) as ears:
        await ears.group.say("无名", "我没有名字")
        assert (await ears.message()).sender == Person("无名", "")
        await deliver(ears, sender="查无此人", group="测试群", text="我也在")
        assert (await ears.message()).sender == Person("查无此人", "")


async def test_a_name_is_no_key() -> None:
    async with listening() as ears:
        await ears.group.say("小王", "我是真的")
        await ears.group.say("小王#2", "我也叫小王")
        await ears.chat.idle()
        assert [m.sender for m in ears.of(MessageHeard)] == [WANG, Person("小王#2", "小王")]


async def test_a_failing_handler_is_logged_without_the_text_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as ears:
        ears.fails_on = frozenset({"密语四五六"})
        with caplog.at_level(logging.DEBUG):
            said = await ears.group.say("小王", "密语四五六")
            await ears.group.say("小王", "继续")
            assert (await ears.message()).text == "继续"
        assert f"MessageHeard {said}" in caplog.text
        assert "RuntimeError" in caplog.text
        assert "密语四五六" not in caplog.text


async def test_an_event_that_cannot_be_read_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as ears:
        await ears.group._tell("message", EventMessagePayload(message_id="没有这条"))
        await ears.group._tell("room-leave", SimpleNamespace())
        await ears.group.say("小王", "继续")
        assert (await ears.message()).text == "继续"
        assert "没有这条" in caplog.text


async def test_a_roster_is_asked_anew_also_for_the_groups_name() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"])) as ears:
        assert await ears.chat.roster("测试群") == RosterHeard(MORNING, "测试群", "测试群", (WANG,))
        ears.group.world.groups["测试群"].name = "新群名"
        ears.group.seed("测试群", ["小李"])
        told = await ears.chat.roster("测试群")
        assert (told.group_name, [person.id for person in told.people]) == ("新群名", ["小王", "小李"])
        await ears.group.say("小王", "改名了")
        assert (await ears.message()).group_name == "新群名"


async def test_who_calls_another_account_of_ours_calls_the_bot_and_both_hear_the_same_words() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王", "乙号"])) as ears:
        ears.chat.know(["乙号", "qunbiao"])
        await deliver(ears, group="测试群", sender="小王", text="@乙号 签到", mentions=("乙号",))
        heard = ears.of(MessageHeard)[-1]
        assert (heard.mentions_me, heard.text, heard.whole, heard.mentions) == (True, "签到", "@乙号 签到", ())


async def test_an_account_that_is_put_out_of_a_group_says_so() -> None:
    async with listening() as ears:
        gone = EventRoomLeavePayload(removed_ids=["qunbiao"], remover_id="小王", room_id="测试群", timestamp=1)
        await ears.group._tell("room-leave", gone)
        await ears.chat.idle()
        assert ears.of(GroupLeft) == [GroupLeft(MORNING, "测试群")]


async def test_what_could_not_be_asked_of_a_gateway_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, failures = LocalPuppet.message_payload, [ConnectionResetError(), *[TimeoutError()] * (MOST_TRIES + 1)]

    async def shaky(puppet: LocalPuppet, message_id: str) -> object:
        if message_id == first and failures:
            raise failures.pop()
        return await ask(puppet, message_id)

    async with listening() as ears:
        first = await ears.group.say("小王", "一")
        await ears.chat.idle()
        monkeypatch.setattr(LocalPuppet, "message_payload", shaky)
        first = await ears.group.say("小王", "二")
        for _ in range(MOST_TRIES + 1):
            await ears.group.say("小王", "三")
            await ears.chat.idle()
        assert {m.text for m in ears.of(MessageHeard)} == {"一", "三"}, "so often in vain: it is given up"
        first = await ears.group.say("小王", "四")
        await ears.group.say("小王", "五")
        assert (await ears.message()).text == "四"
