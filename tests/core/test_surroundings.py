"""What stands around a suspicious message: copies, newcomers, waves, attachments, bursts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.adverts import AdRules
from bot.core.around import NAMES
from bot.core.instants import MINUTE, SECOND, Instant
from bot.core.repetition import Heard, OutOfOrder
from bot.core.ruleset import RuleSet
from bot.core.sketch import sketch
from bot.core.surroundings import Joined
from bot.core.talk import Judged, Talk, far
from bot.core.world import Deaf

T0 = 1_700_000_000 * SECOND
RULES = AdRules()
OFFER = "新到一批好货喜欢的可以找我聊聊价格保证让你满意"
Item = Heard | Joined


def said(
    number: int, at: Instant, member: str, text: str = OFFER, score: float | None = 0.2, group: str = "g", **more: bool
) -> Heard:
    return Heard(at, f"m{number:03}", member, group, sketch(text), 1.0, score=score, **more)


def joined(at: Instant, member: str, group: str = "g") -> Joined:
    return Joined(at, f"j{member}{group}", member, group)


def judged(items: Iterable[Item], deaf: Sequence[Deaf] = (), rules: AdRules = RULES) -> dict[str, Judged]:
    talk = Talk(replace(RuleSet(), advert=rules), deaf)
    found = {}
    for item in sorted(items, key=lambda one: (one.at, isinstance(one, Heard), one.id)):
        if isinstance(item, Joined):
            assert talk.join(item)
        else:
            found[item.id] = talk.judge_next(item)
    return found


def ads(found: dict[str, Judged]) -> list[bool]:
    return [one.ad for _, one in sorted(found.items())]


def hits(one: Judged) -> set[str]:
    assert one.around is not None
    return {check.name for check in one.around.checks if check.hit}


def test_a_wave_of_newcomers_posting_alike_in_three_groups_is_caught_from_the_second_on() -> None:
    items: list[Item] = [joined(T0 + n, f"s{n}", f"g{n % 3}") for n in range(8)]
    items += [
        said(n, T0 + MINUTE + n * SECOND, f"s{n}", OFFER + "啊哦呢吧"[n % 4], 0.16, f"g{n % 3}") for n in range(8)
    ]
    found = judged(items)
    assert ads(found) == [False] + [True] * 7
    assert found["m001"].checks([])[2] == {
        "name": "新人相近内容",
        "hit": True,
        "detail": "60 分钟内另有 1 位刚入群的人发过相近内容",
    }
    assert [check["name"] for check in found["m001"].checks([])] == list(NAMES)


def turned(items: Iterable[Heard]) -> list[tuple[str, str]]:
    """(message, the later one that made an advert of it), of newcomers."""
    talk, found = Talk(RuleSet()), []
    said = sorted(items, key=lambda one: (one.at, one.id))
    for member, group in {(one.member, one.group or "") for one in said}:
        talk.join(joined(T0, member, group))
    for one in said:
        talk.judge_next(one)
        found += [(copy.id, one.id) for copy in talk.take_turned()]
    return found


def test_the_first_of_a_wave_is_an_advert_once_the_wave_is_seen() -> None:
    window = RULES.copy_minutes * MINUTE
    assert turned([said(n, T0 + MINUTE + n, f"s{n}") for n in range(4)]) == [("m000", "m001")]
    for gap, found in ((window - 1, [("m000", "m001")]), (window, [])):
        apart = [said(n, T0 + window + n * gap, "old", score=0.45, group=f"g{n}") for n in range(2)]
        assert turned(apart) == found
    assert turned([said(0, T0 + 1, "a"), said(1, T0 + 2, "a")]) == [], "said twice by one it is no wave"
    assert turned([said(0, T0 + 1, "a", score=0.2), said(1, T0 + 2, "b", "周末一起去爬山吗带上水和干粮")]) == []
    weak = [said(n, T0 + window + n, "old", score=0.35, group=f"g{n}") for n in range(5)]
    assert turned(weak) == [("m000", "m003"), ("m001", "m003"), ("m002", "m003")], (
        "each is in three other groups by then"
    )


@pytest.mark.parametrize("score", [None, 0.3])
def test_thirty_people_saying_the_same_are_no_adverts(score: float | None) -> None:
    """Neither a greeting nor a copied announcement, which may look a little like an advert."""
    assert not any(ads(judged(said(n, T0 + n * SECOND, f"m{n}", score=score) for n in range(30))))


def test_what_is_not_suspicious_stays_so_in_a_wave_of_newcomers() -> None:
    items: list[Item] = [joined(T0 + n, f"s{n}") for n in range(30)]
    items += [said(n, T0 + MINUTE + n * SECOND, f"s{n}", "大家好我是新来的请多多关照呀", None) for n in range(30)]
    assert not any(ads(judged(items)))


def test_one_member_posting_into_several_groups_and_the_edge_of_the_window() -> None:
    spread = [said(n, T0 + n * MINUTE, "a", score=0.32, group=f"g{n}") for n in range(4)]
    assert ads(judged(spread)) == [False, False, False, True]
    window = RULES.copy_minutes * MINUTE
    for gap, groups in ((window - 1, 1), (window, 0)):
        late = judged([said(0, T0, "a"), said(1, T0 + gap, "a", group="h")])["m001"]
        assert late.around is not None and late.around.own_groups == groups
    same = judged([said(0, T0, "a"), said(1, T0 + 1, "a")])["m001"]
    assert same.around is not None and same.around.own_groups == 0


def test_short_texts_and_texts_that_differ_are_no_copies() -> None:
    short = judged([said(0, T0, "a", "私聊我呀"), said(1, T0 + 1, "b", "私聊我呀")])
    other = judged([said(0, T0, "a"), said(1, T0 + 1, "b", "周末一起去爬山吗带上水和干粮早点出发")])
    assert [hits(found["m001"]) for found in (short, other)] == [set(), set()]


@pytest.mark.parametrize(("minutes", "before", "ad"), [(1, 0, True), (60, 0, False), (1, 3, False)])
def test_a_newcomer_s_first_words_weigh_more(minutes: int, before: int, ad: bool) -> None:
    items: list[Item] = [joined(T0, "a")]
    items += [said(n, T0 + n + 1, "a", "你好呀", None) for n in range(before)]
    items.append(said(9, T0 + minutes * MINUTE, "a", score=0.4, contact=True))
    assert judged(items)["m009"].ad is ad


def test_joins_within_minutes_are_a_wave_unless_the_bot_found_them_after_deaf_time() -> None:
    items: list[Item] = [joined(T0 + n, f"s{n}") for n in range(RULES.wave_joins)]
    items.append(said(0, T0 + MINUTE, "s0"))
    assert "入群潮" in hits(judged(items)["m000"])
    assert "入群潮" not in hits(judged([*items[1:-1], said(0, T0 + MINUTE, "s1")])["m000"])
    for group, hit in ((None, False), ("g", False), ("h", True)):
        deaf = Deaf(T0 - 9 * MINUTE, T0 - MINUTE, group)
        assert ("入群潮" in hits(judged(items, [deaf])["m000"])) is hit


@pytest.mark.parametrize("first", ["text", "card"])
def test_a_newcomer_s_attachment_beside_his_text(first: str) -> None:
    text, card = said(0, T0 + SECOND, "a", score=0.3), said(1, T0 + 2 * SECOND, "a", "", 0.0)
    if first == "card":
        text, card = text._replace(at=card.at), card._replace(at=text.at)
    later = "m001" if first == "text" else "m000"
    found = judged([joined(T0, "a"), text, card])
    assert found[later].ad and "新人附带图片名片" in hits(found[later])
    assert not any(ads(judged([text, card]))), "of an old member it is nothing"
    assert not any(ads(judged([joined(T0, "a"), text._replace(member="b"), card])))


def test_a_burst_is_measured_against_what_is_usual_and_only_while_listening() -> None:
    usual: list[Item] = [said(n, T0 + n * MINUTE, f"u{n}", "早", None) for n in range(9)]
    burst = [said(100 + n, T0 + 10 * MINUTE + n, f"u{n}", "来了", None) for n in range(40)]
    last = said(200, T0 + 10 * MINUTE + SECOND, "a")
    assert hits(judged([*usual, *burst, last])["m200"]) == {"群内发言突增"}
    assert hits(judged([*burst, last])["m200"]) == set(), "nothing is known of what is usual"
    assert hits(judged([*usual, *burst, last], [Deaf(T0, T0 + MINUTE)])["m200"]) == set()
    busy: list[Item] = [said(n, T0 + n * MINUTE // 10, f"u{n}", "早", None) for n in range(90)]
    assert hits(judged([*busy, *burst, last])["m200"]) == set()


def test_chains_and_direct_chats_stand_alone() -> None:
    chain = [said(n, T0 + n, f"m{n}", score=0.45, chain=True) for n in range(9)]
    direct = [said(n, T0 + n, f"m{n}", score=0.45)._replace(group=None) for n in range(9)]
    for items in (chain, direct):
        found = judged(items)
        assert not any(ads(found)) and found["m008"].around is None
    kept = Judged(True).checks([{"name": "广告短语", "hit": True, "detail": "x"}])
    assert [check["name"] for check in kept] == ["广告短语", *NAMES]
    assert {check["detail"] for check in kept[1:]} == {"没有上下文"}


def test_what_comes_too_late_is_refused() -> None:
    talk = Talk(RuleSet())
    talk.judge_next(said(1, T0 + MINUTE, "a"))
    with pytest.raises(OutOfOrder):
        talk.judge_next(said(0, T0, "b", group="h"))
    assert talk.judge_next(said(2, T0, "b", "周末一起去爬山吗带上水和干粮早点出发", group="h")).verdict == ""
    assert not talk.join(joined(T0 + MINUTE, "c"))
    assert talk.join(joined(T0 + MINUTE + 1, "c"))


def test_a_rule_set_can_leave_the_surroundings_out() -> None:
    off = AdRules(newcomers_copies=0, first_words=0, first_contact=0, join_wave=0)
    items: list[Item] = [joined(T0 + n, f"s{n}") for n in range(9)]
    items += [said(n, T0 + MINUTE + n, f"s{n}", score=0.4) for n in range(9)]
    assert any(ads(judged(items)))
    assert not any(ads(judged(items, rules=off)))


STORIES = st.lists(
    st.tuples(
        st.sampled_from(["join", "say", "offer", "card"]),
        st.integers(0, 100),
        st.sampled_from("abcd"),
        st.sampled_from("gh"),
    ),
    max_size=40,
)


def told(story: Sequence[tuple[str, int, str, str]]) -> list[Item]:
    items: list[Item] = []
    for number, (kind, minute, member, group) in enumerate(story):
        at = T0 + minute * MINUTE + number
        texts = {"say": ("早上好啊", None), "offer": (OFFER + str(number % 2), 0.2), "card": ("", 0.0)}
        if kind == "join":
            items.append(Joined(at, f"j{number:03}", member, group))
        else:
            items.append(said(number, at, member, *texts[kind], group=group))
    return sorted(items, key=lambda one: (one.at, isinstance(one, Heard), one.id))


@settings(max_examples=100, deadline=None)
@given(STORIES, st.randoms(use_true_random=False))
def test_what_is_taken_out_of_order_is_judged_as_in_order(
    story: list[tuple[str, int, str, str]], chance: random.Random
) -> None:
    """Groups may overtake each other, as platforms have it; only what follows on something refused may differ."""
    items = told(story)
    whole = judged(items)
    talk, late = Talk(RuleSet()), []
    found: dict[str, Judged] = {}
    for item in sorted(items, key=lambda one: (one.at + chance.randrange(90) * SECOND, one.id)):
        try:
            if isinstance(item, Heard):
                found[item.id] = talk.judge_next(item)
            elif not talk.join(item):
                late.append(item.at)
        except OutOfOrder:
            late.append(item.at)
    for item in items:
        if not any(at <= item.at <= at + far(RuleSet()) for at in late):
            assert found.get(item.id) == whole.get(item.id)


@settings(max_examples=150, deadline=None)
@given(STORIES)
def test_what_is_beyond_the_reach_of_the_rules_changes_nothing(story: list[tuple[str, int, str, str]]) -> None:
    """So a process that starts again from the log's last while judges as one that never stopped."""
    items = told(story)
    whole = judged(items)
    for place, item in enumerate(items):
        if isinstance(item, Heard):
            near = [one for one in items[: place + 1] if one.at > item.at - far(RuleSet())]
            assert judged(near)[item.id] == whole[item.id]
