"""`/me`: a member sees and changes what is kept of him, exactly as in chat, and nobody else does."""

from __future__ import annotations

import json
import logging

import pytest

from bot.core.instants import DAY, HOUR, MINUTE
from bot.services.people import keyed_hash
from bot.services.reports import access
from storage.rows import OutboxRow
from tests.web.browser import Browser, address, browsing

EVIL = "<script>alert(1)</script>\u202e=HYPERLINK(1)😀"
WORDS = ("退订", "关闭个性化", "拒绝画像", "撤回授权", "申诉")
ANSWERS = ("同意", "28", "男", "杭州", "程序员", "同意")


async def answered(browser: Browser, who: str = "小王") -> str:
    """A friend who has filled in the questionnaire in chat; returns the path of his own page."""
    sim = browser.sim
    await sim.enter(who)
    await sim.direct(who, "问卷")
    for words in ANSWERS:
        await sim.direct(who, words)
    return address(await sim.direct(who, "我的标签"))


def granted(browser: Browser, who: str = "小王") -> set[str]:
    ledger = browser.sim.database.read(lambda uow: uow.consents.ledger(who))
    return {purpose for purpose, yes in {row.purpose: row.granted for row in ledger}.items() if yes}


async def test_the_page_shows_what_the_chat_shows(browser: Browser) -> None:
    path = await answered(browser)
    shown = await browser.open(path)
    assert browser.status == 200
    said = (await browser.sim.direct("小王", "我的标签"))[-1].text
    for line in said.splitlines():
        if line.startswith("· "):
            title, _, value = line[2:].partition("：")
            assert f"<span>{title}</span>" in shown and f">{value}</span>" in shown
    assert not any(blunt in shown for blunt in ("低价值", "流失", "争议", "沉默"))


async def test_letters_are_nowhere_but_in_the_message(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        path = await answered(browser)
        await browser.open(path)
    letters = path.rpartition("/")[2]
    assert len(letters) >= 40
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert not any(letters in line for line in ours)
    file = browser.sim.database.file
    assert file is not None
    for part in (file, file.with_name(file.name + "-wal")):
        assert letters.encode() not in part.read_bytes()


async def test_without_a_public_address_nothing_changes(sqlite_url: str) -> None:
    async with browsing(sqlite_url, public=None) as browser:
        await browser.sim.enter("小王")
        said = [await browser.sim.direct("小王", words) for words in ("我的标签", "导出我的数据", "问卷")]
        assert all("http" not in one.text and "{" not in one.text for sent in said for one in sent)
        assert browser.sim.database.read(lambda uow: uow.connection.exec_driver_sql("SELECT * FROM passes").all()) == []


async def test_wrong_old_expired_and_foreign_letters_look_the_same(browser: Browser) -> None:
    first = await answered(browser)
    second = address(await browser.sim.direct("小王", "导出我的数据"))
    questions = address(await browser.sim.direct("小王", "问卷"))
    closed = await browser.open("/me/falsch")
    assert (browser.status, "打不开" in closed) == (404, True)

    def plain(text: str) -> str:
        return text.partition("<body>")[2]

    for path in (first, second[:-1], second + "x", questions.replace("/q/", "/me/"), second.replace("/me/", "/q/")):
        assert plain(await browser.open(path)) == plain(closed)
        assert browser.status == 404
    assert "小王" in await browser.open(second)
    await browser.sim.advance(24 * HOUR)
    assert plain(await browser.open(second)) == plain(closed)
    assert browser.status == 404


async def test_guessing_is_slowed_down(browser: Browser) -> None:
    path = await answered(browser)
    for number in range(20):
        await browser.open(f"/me/{number}")
    assert browser.status == 404
    await browser.open(path)
    assert browser.status == 429
    await browser.sim.advance(10 * MINUTE)
    await browser.open(path)
    assert browser.status == 200


async def test_headers_let_nothing_in_and_nothing_out(browser: Browser) -> None:
    for path in (await answered(browser), "/me/falsch"):
        text = await browser.open(path)
        assert browser.page is not None
        headers = browser.page.headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
        assert "script" not in policy and "<script" not in text and "http" not in text.partition("<style")[2]
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


async def test_another_host_name_or_another_site_gets_nothing(browser: Browser) -> None:
    path = await answered(browser)
    answer = await browser.client.get(path, headers={"Host": "evil.example:8080"})
    assert (answer.status_code, "小王" in answer.text) == (421, False)
    assert (await browser.client.get(path, headers={"Host": "127.0.0.1:8080"})).status_code == 200
    form = {"do": "退订"}
    foreign = await browser.client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    as_json = await browser.client.post(path, json=form)
    assert (foreign.status_code, as_json.status_code) == (403, 403)
    assert "marketing" in granted(browser)


async def test_a_button_does_what_the_word_does(browser: Browser) -> None:
    """One member presses, another says it: ledger, tags, audit and what waits to be sent end alike."""
    sim = browser.sim
    for number, word in enumerate(WORDS):
        pressing, saying = f"按{number}", f"说{number}"
        paths = [await agreed(browser, who) for who in (pressing, saying)]
        before = len(sim.chat.sent)
        await browser.open(paths[0])
        told = await browser.press(word)
        assert sim.chat.sent[before:] == []
        assert (await sim.direct(saying, word))[-1].text in told
        ends = [(row.status, row.reason) for row in sim.rows("recall") if row.member in (pressing, saying)]
        assert len(set(ends)) == 1
        assert granted(browser, pressing) == granted(browser, saying)
        assert sim.tags(pressing).keys() == sim.tags(saying).keys()
        audit = sim.database.read(lambda uow: uow.audit.page())
        used = [(row.actor, row.subject == row.actor, row.detail) for row in audit if row.action == word]
        assert used == [(saying, *used[1][1:]), (pressing, *used[1][1:])]


async def agreed(browser: Browser, who: str) -> str:
    """A friend who agreed to pushes, has bought something and has one waiting; returns the path of his page."""
    sim = browser.sim
    await sim.enter(who)
    path = address(await sim.direct(who, "我的标签"))
    await sim.consent(who, "profile", "marketing", "city")
    await sim.pay(who, 300)
    row = OutboxRow(f"recall:{who}", "recall", "direct", who, "…", sim.clock.at, sim.clock.at + DAY, member=who)
    sim.database.write_sync(lambda uow: uow.outbox.add([row]))
    return path


async def test_purposes_one_by_one(browser: Browser) -> None:
    path = await answered(browser)
    await browser.open(path)
    assert "已停止：基础画像" in await browser.press("停止用途:profile")
    assert granted(browser) == {"marketing"}
    assert not any(name.startswith("人口属性") for name in browser.sim.tags("小王"))
    assert "已同意：城市" in await browser.press("同意用途:city")
    assert granted(browser) == {"marketing", "city", "province"}
    ledger = browser.sim.database.read(lambda uow: uow.consents.ledger("小王"))
    assert ledger[-1].notice_version == browser.sim.house.messages.privacy_version
    await browser.press("停止用途:behaviour")
    assert not any(name.startswith("行为") for name in browser.sim.tags("小王"))
    await browser.press("同意用途:everything")
    assert browser.status == 400
    await browser.press("忘记所有人")
    assert browser.status == 400


async def test_a_minor_cannot_agree_to_pushes(browser: Browser) -> None:
    sim = browser.sim
    await sim.enter("小明")
    await sim.direct("小明", "问卷")
    for words in ("同意", "16", "男", "杭州", "学生"):
        await sim.direct("小明", words)
    await browser.open(address(await sim.direct("小明", "我的标签")))
    assert "未满 18 岁" in await browser.press("同意用途:marketing")
    assert "marketing" not in granted(browser, "小明")


async def test_erasure_is_asked_twice_and_shuts_the_page(any_browser: Browser) -> None:
    browser = any_browser
    sim = browser.sim
    path = await answered(browser)
    await sim.direct("小王", "忘记我")  # said in chat before: a single press must still not erase
    await browser.open(path)
    assert "确定要全部删除吗" in await browser.press("忘记我")
    assert "确定要全部删除吗" in await browser.press("忘记我")
    assert "我的标签" in await browser.press("返回")
    assert sim.database.read(lambda uow: uow.members.get("小王")) is not None
    await browser.press("忘记我")
    assert "已经全部删除" in await browser.press("确定忘记我")
    assert sim.database.read(lambda uow: uow.members.get("小王")) is None
    assert sim.database.read(lambda uow: uow.forgotten.has(keyed_hash("test", "小王")))
    await browser.open(path)
    assert browser.status == 404


async def test_the_second_press_counts_for_some_minutes(browser: Browser) -> None:
    await browser.open(await answered(browser))
    await browser.press("忘记我")
    await browser.sim.advance(11 * MINUTE)
    assert "确定要全部删除吗" in await browser.press("确定忘记我")
    assert browser.sim.database.read(lambda uow: uow.members.get("小王")) is not None


async def test_taking_ones_data_away(browser: Browser) -> None:
    sim = browser.sim
    path = await answered(browser)
    await sim.say("小王", "大家好，我今天读完第三章")
    await sim.pay("小王", 88)
    await browser.open(path)
    data = json.loads(await browser.press(path=f"{path}/data"))
    assert browser.page is not None and "attachment" in browser.page.headers["content-disposition"]
    assert {"编号", "昵称", "授权", "标签", "记录"} <= data.keys()
    assert "大家好，我今天读完第三章" in [row.get("文字") for row in data["记录"]]
    assert "订单" in [row["种类"] for row in data["记录"]]
    assert {"基础画像", "活动推送"} <= {row["用途"] for row in data["授权"]}
    rows = sim.database.read(lambda uow: uow.audit.page(limit=1))
    assert (rows[0].actor, rows[0].action) == ("小王", "导出我的数据")
    assert sim.database.read(lambda uow: access.report(uow, sim.clock.at, sim.house.zone))["reads"] == 0


async def test_names_and_values_are_only_text(browser: Browser) -> None:
    sim = browser.sim
    await sim.enter(EVIL)
    text = await browser.open(address(await sim.direct(EVIL, "我的标签")))
    assert "<script" not in text and "\u202e" not in text
    assert "&lt;script&gt;" in text
