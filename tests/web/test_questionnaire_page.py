"""`/q`: the open questionnaire on one page brings about what the same answers would in chat, children included."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.core.instants import DAY
from bot.core.questionnaire import begin
from bot.core.questionnaire_sheet import fill
from bot.services.people import CHILD, keyed_hash
from tests.web.browser import Browser, address, browsing

FILLED = {"profile": "同意", "age_own": "28", "gender": "男", "region_own": "坐标杭州", "occupation": "互联网/IT"}


async def handed(browser: Browser, who: str = "小王") -> str:
    await browser.sim.enter(who)
    path = address(await browser.sim.direct(who, "问卷"))
    await browser.open(path)
    return path


def known(browser: Browser, who: str = "小王") -> dict[str, str]:
    return {path: value for path, value in browser.sim.tags(who).items() if path.startswith("人口属性")}


def facts(browser: Browser, who: str) -> list[tuple[str, str]]:
    rows = browser.sim.database.read(lambda uow: list(uow.events.of_members([who], None, browser.sim.clock.at + DAY)))
    return sorted((row.type, row.body) for row in rows if row.type in ("consent", "answer"))


async def test_the_page_and_the_chat_bring_about_the_same(sqlite_url: str) -> None:
    async with browsing(sqlite_url) as browser:
        path = await handed(browser)
        before = len(browser.sim.chat.sent)
        assert "谢谢" in await browser.press(**FILLED, marketing="同意")
        assert browser.sim.chat.sent[before:] == []
        await browser.sim.enter("小李")
        await browser.sim.direct("小李", "问卷")
        for words in ("同意", "28", "男", "坐标杭州", "互联网/IT", "同意"):
            await browser.sim.direct("小李", words)
        assert facts(browser, "小王") == facts(browser, "小李")
        assert known(browser) == known(browser, "小李") != {}
        (consent, *_) = browser.sim.database.read(lambda uow: uow.consents.ledger("小王"))
        assert consent.notice_version == browser.sim.house.messages.privacy_version
        await browser.open(path)
        assert browser.status == 404


async def test_what_cannot_be_read_is_asked_again_and_nothing_kept(browser: Browser) -> None:
    await handed(browser)
    told = await browser.press(**{**FILLED, "age_own": "火星人", "occupation_own": "<b>"})
    assert "没看懂" in told and 'value="坐标杭州"' in told and "&lt;b&gt;" in told
    assert facts(browser, "小王") == []
    told = await browser.press(**FILLED)
    assert "谢谢" in told
    assert len(known(browser)) == 4


@pytest.mark.parametrize("choice", ["", "不同意"])
async def test_without_consent_nothing_is_kept(browser: Browser, choice: str) -> None:
    await handed(browser)
    told = await browser.press(**{**FILLED, "profile": choice})
    assert ("请先选" if not choice else "什么都不记") in told
    assert known(browser) == {}


@pytest.mark.parametrize("fields", [{"age_own": "12"}, {"region_own": "我今年12岁"}, {"occupation_own": "初中生"}])
async def test_a_child_leaves_nothing(browser: Browser, fields: Mapping[str, str]) -> None:
    path = await handed(browser)
    told = await browser.press(**{**FILLED, "age_own": "", **fields})
    if "周岁" in told:  # perhaps a child: the years are asked for, and silence about them ends it
        assert known(browser) == {}
        told = await browser.press(age_own="")
    assert "问卷到这里就结束啦" in told
    assert browser.sim.database.read(lambda uow: uow.members.get("小王")) is None
    assert browser.sim.database.read(lambda uow: uow.forgotten.has(keyed_hash("test", "小王"), CHILD))
    await browser.open(path)
    assert browser.status == 404


async def test_a_minor_is_not_asked_about_pushes(browser: Browser) -> None:
    await handed(browser)
    await browser.press(**{**FILLED, "age_own": "16"}, marketing="同意")
    ledger = browser.sim.database.read(lambda uow: uow.consents.ledger("小王"))
    assert {row.purpose: row.granted for row in ledger} == {"profile": True, "marketing": False}


async def test_answered_in_chat_meanwhile(browser: Browser) -> None:
    path = await handed(browser)
    await browser.sim.direct("小王", "不同意")
    assert "先到这里" in await browser.open(path)
    assert "先到这里" in await browser.press(**FILLED)
    assert known(browser) == {}


async def test_every_option_is_read_as_itself(browser: Browser) -> None:
    questionnaire, now = browser.sim.house.onboarding.questionnaire, browser.sim.clock.at
    fresh = begin(questionnaire, now).conversation
    assert fresh is not None
    for name, question in questionnaire.tables.questions.items():
        for option in question.options:
            step = fill(fresh, {"profile": "同意", name: option.label}, now, questionnaire).step
            assert step is not None
            assert [fact.value for fact in step.facts if getattr(fact, "question", "") == name] == [option.value]


async def test_ones_own_box_wins_over_a_longer_answer(browser: Browser) -> None:
    await handed(browser)
    await browser.press(profile="同意", age_own="28 男 杭州 程序员", region_own="上海")
    assert known(browser) == {
        "人口属性/年龄": "25-34岁",
        "人口属性/性别": "男",
        "人口属性/地域": "一线城市-上海",
        "人口属性/职业": "互联网/IT",
    }
