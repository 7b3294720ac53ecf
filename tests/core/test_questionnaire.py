"""The questionnaire: order, consents, minors, repeats, reminders, and that it always comes to an end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import AnswerTables
from bot.core.instants import DAY, HOUR, Instant, parse_instant
from bot.core.questionnaire import (
    AnswerFact,
    ConsentFact,
    Conversation,
    Step,
    begin,
    conversation_from,
    looks_like_answer,
    next_due,
    on_silence,
    respond,
)
from config.messages import load_messages
from config.onboarding import load_onboarding

CONFIG = Path(__file__).parents[2] / "config"
ONBOARDING = load_onboarding(CONFIG)
FORM = ONBOARDING.questionnaire
TABLES: AnswerTables = FORM.tables
MESSAGES = load_messages(CONFIG, ONBOARDING.texts)
NOW: Instant = parse_instant("2026-03-01T10:00:00+08:00")


class Talk:
    """One member answering in a direct chat; remembers what the bot said and recorded."""

    def __init__(self, step: Step | None = None) -> None:
        self.steps = [step or begin(FORM, NOW)]

    def say(self, *texts: str, now: Instant = NOW) -> Talk:
        for text in texts:
            assert self.here is not None
            self.steps.append(respond(self.here, text, now, FORM))
        return self

    @property
    def here(self) -> Conversation | None:
        return self.steps[-1].conversation

    @property
    def at(self) -> Conversation:
        assert self.here is not None
        return self.here

    @property
    def keys(self) -> list[str]:
        return [reply.key for reply in self.steps[-1].replies]

    @property
    def facts(self) -> list[ConsentFact | AnswerFact]:
        return [fact for step in self.steps for fact in step.facts]


def test_the_whole_way() -> None:
    assert Talk(begin(FORM, NOW, direct=True)).keys == ["privacy.long", "question.profile"]
    talk = Talk()
    assert talk.keys == ["privacy.short", "question.profile", "questionnaire.group_hint"]
    talk.say("同意", "95后", "女生", "坐标杭州", "产品经理")
    assert talk.keys == ["question.marketing"]
    talk.say("好的")
    assert talk.keys == ["questionnaire.thanks"]
    assert talk.at.status == "done"
    assert talk.facts == [
        ConsentFact(("profile",), True),
        AnswerFact("age", "25-34岁"),
        AnswerFact("gender", "女"),
        AnswerFact("region", "新一线城市-杭州"),
        AnswerFact("occupation", "互联网/IT"),
        ConsentFact(("marketing",), True),
    ]


def test_nothing_is_recorded_before_or_without_consent() -> None:
    talk = Talk().say("28", "杭州")
    assert talk.facts == []
    assert talk.at.step == "profile"
    talk.say("不同意")
    assert talk.at.status == "declined"
    assert talk.facts == [ConsentFact(("profile",), False)]


def test_silence_about_consent_is_no_consent() -> None:
    talk = Talk().say("啥", "啊？", "嗯哼")
    assert (talk.at.status, talk.facts, talk.keys) == ("declined", [], ["questionnaire.declined"])


def test_marketing_may_be_refused_by_itself() -> None:
    talk = Talk().say("可以", "28", "男", "北京", "老师", "不要")
    assert talk.at.status == "done"
    assert talk.facts[-1] == ConsentFact(("marketing",), False)
    skipped = Talk().say("可以", "28", "男", "北京", "老师", "跳过")
    assert not [fact for fact in skipped.facts if fact == ConsentFact(("marketing",), True)]


@pytest.mark.parametrize("text", ["12", "我今年13岁", "2014年出生", "15后", "未满14岁"])
def test_under_14_ends_everything(text: str) -> None:
    talk = Talk().say("同意", text)
    last = talk.steps[-1]
    assert (last.conversation, last.facts, last.erase) == (None, (), True)
    assert talk.keys == ["questionnaire.child_closing"]


def test_under_14_is_heard_at_any_question() -> None:
    assert Talk().say("我才12岁").steps[-1].erase
    assert Talk().say("同意", "跳过", "我11岁").steps[-1].erase
    assert not Talk().say("同意", "跳过", "我家孩子，11岁").steps[-1].erase


@pytest.mark.parametrize("evasion", ["跳过", "退出", "上一题", "问卷"])
def test_who_may_be_a_child_leaves_nothing(evasion: str) -> None:
    talk = Talk().say("同意", "10后")
    assert talk.keys == ["questionnaire.ask_years"]
    assert talk.say(evasion).steps[-1].erase


def test_who_may_be_a_child_is_asked_for_the_age() -> None:
    talk = Talk().say("同意", "未成年", "16")
    assert talk.at.minor == "14-17"
    assert Talk().say("同意", "未成年", "哈", "未成年").steps[-1].erase
    gone = on_silence(Talk().say("同意", "10后").at, NOW + 7 * DAY, FORM)
    assert gone == Step(None, erase=True)


def test_a_pupil_without_an_age_is_asked_for_it() -> None:
    assert Talk().say("同意", "跳过", "男", "北京", "初中生").keys == ["questionnaire.ask_years"]
    grown_up = Talk().say("同意", "28", "男", "北京", "初中生")
    assert grown_up.facts[-1] == AnswerFact("occupation", "学生")


def test_14_to_17_are_not_asked_about_pushes() -> None:
    talk = Talk().say("同意", "16", "女", "杭州", "高中生")
    assert talk.keys == ["questionnaire.thanks"]
    assert talk.facts[-1] == ConsentFact(("marketing",), False)
    assert "question.marketing" not in [reply.key for step in talk.steps for reply in step.replies]
    edited = Talk(begin(FORM, NOW, consented=True, minor="14-17")).say("跳过", "跳过", "杭州", "跳过")
    assert edited.keys == ["questionnaire.thanks"]


def test_skip_and_back() -> None:
    talk = Talk().say("同意", "上一题")
    assert talk.keys == ["questionnaire.first", "question.age"]
    talk.say("跳过")
    assert talk.keys == ["question.gender"]
    talk.say("上一题", "二十八", "1")
    assert talk.facts[1:] == [AnswerFact("age", "25-34岁"), AnswerFact("gender", "男")]
    assert Talk().say("上一题").keys == ["questionnaire.first", "question.profile"]


def test_not_understood_twice_then_on() -> None:
    talk = Talk().say("同意", "嘿嘿")
    assert talk.keys == ["questionnaire.not_understood", "question.age.again"]
    talk.say("嘿嘿")
    assert talk.keys == ["questionnaire.not_understood", "question.age.again"]
    talk.say("嘿嘿")
    assert talk.keys == ["questionnaire.moved_on", "question.gender"]


def test_several_answers_in_one_breath() -> None:
    talk = Talk().say("同意", "28 男 杭州 程序员")
    assert [fact.value for fact in talk.facts if isinstance(fact, AnswerFact)] == [
        "25-34岁",
        "男",
        "新一线城市-杭州",
        "互联网/IT",
    ]
    assert talk.keys == ["question.marketing"]


def test_quit_and_start_over() -> None:
    talk = Talk().say("同意", "28", "退出")
    assert (talk.at.status, talk.keys) == ("done", ["questionnaire.stopped"])
    assert respond(talk.at, "男", NOW, FORM) == Step(talk.at)
    assert Talk().say("退出").at.status == "declined"
    again = Talk().say("同意", "28", "问卷")
    assert again.keys == ["questionnaire.editing", "question.age"]
    edited = Talk(begin(FORM, NOW, consented=True)).say("35岁")
    assert edited.facts == [AnswerFact("age", "35-44岁")]


def test_one_reminder_then_the_end() -> None:
    here = Talk().say("同意").at
    assert next_due(here, FORM.rules) == NOW + 24 * HOUR
    assert on_silence(here, NOW + 24 * HOUR - 1, FORM) is None
    reminded = on_silence(here, NOW + 24 * HOUR, FORM)
    assert reminded is not None
    assert reminded.conversation is not None
    assert [reply.key for reply in reminded.replies] == ["questionnaire.reminder", "question.age"]
    assert on_silence(reminded.conversation, NOW + 3 * DAY, FORM) is None
    ended = on_silence(reminded.conversation, NOW + 7 * DAY, FORM)
    assert ended == Step(replace(reminded.conversation, status="expired"))
    assert next_due(replace(here, status="done"), FORM.rules) is None


def test_an_answer_after_a_week_is_too_late() -> None:
    late = respond(Talk().say("同意").at, "28", NOW + 7 * DAY, FORM)
    assert late.conversation is not None
    assert (late.conversation.status, late.replies, late.facts) == ("expired", (), ())


def test_a_conversation_survives_being_written_down() -> None:
    here = Talk().say("同意", "28").at
    assert conversation_from(json.loads(json.dumps(here.as_dict()))) == here


def test_a_new_version_goes_on_with_what_is_open() -> None:
    old = replace(Talk().say("同意", "28").at, step="shoe_size", version="0")
    step = respond(old, "男", NOW, FORM)
    assert AnswerFact("gender", "男") in step.facts


@pytest.mark.parametrize(
    ("before", "text", "clear"),
    [
        ((), "同意", True), ((), "好的", False), ((), "1", False), ((), "28", False), (("同意",), "28", True),
        (("同意",), "28岁", True), (("同意",), "1", False), (("同意",), "95后", True), (("同意",), "跳过", True),
        (("同意",), "今天好热啊", False), (("同意",), "28度也太热了吧", False), (("同意",), "上一题", True),
        (("同意", "28"), "女", True), (("同意", "28"), "女生节快乐", False), (("同意", "28", "女"), "杭州", True),
        (("同意", "28", "女"), "杭州好玩吗", False), (("同意", "28", "女"), "想去杭州", False),
        (("同意", "28", "女", "杭州"), "产品经理", True), (("同意", "28", "女", "杭州"), "产品经理好做吗", False),
        (("同意", "28", "女", "杭州", "学生"), "可以", False), (("同意",), "", False), (("同意",), "算了", False),
    ],
)  # fmt: skip
def test_group_talk_is_not_swallowed(before: tuple[str, ...], text: str, clear: bool) -> None:
    here = Talk().say(*before).at
    assert looks_like_answer(here, text, FORM, addressed=False) is clear
    assert looks_like_answer(here, text, FORM, addressed=True)
    assert not looks_like_answer(replace(here, status="done"), text, FORM, addressed=True)


WORDS = st.sampled_from(
    "同意 不同意 跳过 上一题 问卷 28 16 12 10后 未成年 男 杭州 程序员 初中生 啥 1 2 好的 退出 嗯 28，男，北京".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | st.text(max_size=30), max_size=120), st.booleans())
def test_it_ends_and_says_only_known_things(texts: list[str], direct: bool) -> None:
    step = begin(FORM, NOW, direct=direct)
    said = len(step.replies)
    consented = False
    for text in texts:
        if step.conversation is None:
            break
        step = respond(step.conversation, text, NOW, FORM)
        MESSAGES.joined(step.replies)
        said += bool(step.replies)
        consented |= ConsentFact(("profile",), True) in step.facts
        assert consented or not any(isinstance(fact, AnswerFact) for fact in step.facts)
        assert not (step.erase and (step.conversation or step.facts))
    assert said <= FORM.rules.most_prompts + 3


@pytest.mark.parametrize("loop", [("上一题",), ("问卷",), ("跳过", "上一题"), ("28", "问卷"), ("男", "男", "上一题")])
def test_no_loop_goes_on_for_ever(loop: tuple[str, ...]) -> None:
    here: Conversation | None = Talk().say("同意").at
    for text in loop * 60:
        if here is None or here.status != "asking":
            break
        here = respond(here, text, NOW, FORM).conversation
    assert here is not None
    assert here.status == "done"


@pytest.mark.parametrize("text", ["\x00", "\ud800", "😀" * 1000, "我" * 1_000_000, "{name}", "\n", "@" * 5000])
def test_hostile_text_is_only_not_understood(text: str) -> None:
    assert Talk().say("同意", text).keys[0] == "questionnaire.not_understood"
