"""Near-duplicates and floods: sketches, the index behind them, and the windows' edges."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.instants import MINUTE, SECOND
from bot.core.repetition import Heard, OutOfOrder, RepetitionRules, RepetitionWindow, judge
from bot.core.sketch import SIZE, similarity, sketch

T0 = 1_700_000_000 * SECOND
RULES = RepetitionRules()
LONG = "本周六下午两点在图书馆三楼举办读书分享会请大家提前十分钟到场并带上自己喜欢的一本书"


def heard(number: int, at: int, text: str, member: str = "a", group: str | None = "g", **more: bool) -> Heard:
    return Heard(at, f"{number:04d}", member, group, sketch(text), 1.0, **more)


@pytest.mark.parametrize("text", ["1", "好", "哈哈哈", "😀😀", "？？？", "a.b", LONG * 5])
def test_the_same_text_is_wholly_similar(text: str) -> None:
    assert similarity(sketch(text), sketch(text)) == 1.0


def test_case_and_signs_do_not_count() -> None:
    assert sketch("Hello, World!") == sketch("hello world")


def test_blanks_have_no_sketch_and_resemble_nothing() -> None:
    assert sketch(" \n") == b""
    assert similarity(b"", b"") == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "2"),
        ("好的", "好吧"),
        ("明天见", "明天几点"),
        ("😀", "😭"),
        ("今天下雨了", "今天下班了"),
        ("ok", "no"),
        ("？", "？？？？"),
    ],
)
def test_different_short_texts_are_far_below_the_bar(one: str, other: str) -> None:
    assert similarity(sketch(one), sketch(other)) < 0.7


def test_a_sign_changed_in_a_long_text_stays_near() -> None:
    assert similarity(sketch(LONG), sketch(LONG + "哦")) >= 0.9
    assert similarity(sketch(LONG * 3), sketch(LONG + LONG)) == 1.0


@given(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=14), st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=14))
def test_short_texts_have_their_exact_jaccard_index(one: str, other: str) -> None:
    def pairs(text: str) -> set[tuple[str, str]]:
        return set(pairwise(["", *text, "\n"]))

    expected = len(pairs(one) & pairs(other)) / len(pairs(one) | pairs(other))
    assert similarity(sketch(one), sketch(other)) == pytest.approx(expected)


def test_a_sketch_is_small_and_the_same_in_every_process() -> None:
    code = f"from bot.core.sketch import sketch; print(sketch({LONG!r}).hex())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert seen == {sketch(LONG).hex()}
    assert len(sketch(LONG)) <= 4 * SIZE


def test_the_repeat_window_is_half_open() -> None:
    edge = RULES.repeat_minutes * MINUTE
    inside, outside = (judge([heard(1, T0, LONG), heard(2, T0 + gap, LONG, "b")])[1] for gap in (edge - 1, edge))
    assert (inside.repeat_of, inside.q) == ("0001", 0.0)
    assert (outside.repeat_of, outside.q) == (None, 1.0)


def test_the_nearest_earlier_near_duplicate_is_named() -> None:
    said = [heard(1, T0, LONG), heard(2, T0 + SECOND, LONG + "哦", "b"), heard(3, T0 + 2 * SECOND, LONG, "c")]
    assert judge(said)[2].repeat_of == "0002"


def test_the_same_member_repeats_across_groups_and_another_member_does_not() -> None:
    said = [heard(1, T0, LONG, "a", "g"), heard(2, T0 + 1, LONG, "b", "h"), heard(3, T0 + 2, LONG, "a", "i")]
    assert [judgement.repeat_of for judgement in judge(said)] == [None, None, "0001"]


def test_direct_chats_are_apart_from_each_other() -> None:
    said = [heard(1, T0, LONG, "a", None), heard(2, T0 + 1, LONG, "b", None), heard(3, T0 + 2, LONG, "a", None)]
    assert [judgement.repeat_of for judgement in judge(said)] == [None, None, "0001"]


def test_the_fifth_near_duplicate_of_one_member_is_a_flood() -> None:
    said = [heard(number, T0 + number * MINUTE, LONG, group=f"g{number % 2}") for number in range(6)]
    assert [judgement.flood for judgement in judge(said)] == [False] * 4 + [True] * 2


def test_five_members_saying_the_same_are_no_flood() -> None:
    said = [heard(number, T0 + number, "收到", f"m{number}") for number in range(9)]
    assert not any(judgement.flood for judgement in judge(said))
    assert [judgement.q for judgement in judge(said)] == [1.0] + [0.0] * 8


def test_the_twenty_first_message_within_a_minute_is_a_flood() -> None:
    said = [
        heard(number, T0 + number * 2 * SECOND, f"第{number}句话{number * 7}", group=f"g{number % 3}")
        for number in range(21)
    ]
    verdicts = judge(said)
    assert [judgement.flood for judgement in verdicts] == [False] * 20 + [True]
    assert verdicts[-1].rate == 21


def test_the_flood_window_is_half_open() -> None:
    said = [heard(0, T0, "起头")] + [heard(n, T0 + 60 * SECOND, f"话{n}题{n * 3}") for n in range(1, 21)]
    assert not any(judgement.flood for judgement in judge(said))


def test_a_chain_is_exempt_and_exempts_nobody_else() -> None:
    said = [heard(number, T0 + number, LONG, chain=number != 0) for number in range(30)]
    verdicts = judge([*said, heard(31, T0 + 40, LONG)])
    assert not any(judgement.flood or judgement.repeat_of for judgement in verdicts[:-1])
    assert verdicts[-1].repeat_of == "0000"


def test_adverts_earn_nothing_and_partial_repetition_earns_less() -> None:
    part = LONG[:-4] + "笔和纸张"
    plain, advert, partial = judge([heard(1, T0, LONG), heard(2, T0 + 1, "全新话题", ad=True), heard(3, T0 + 2, part)])
    assert (plain.q, advert.q) == (1.0, 0.0)
    assert RULES.partial_from < partial.similarity < RULES.similarity
    assert 0 < partial.q < 1
    assert partial.repeat_of is None


def test_the_checks_are_told_also_when_they_pass() -> None:
    clean, repeated = judge([heard(1, T0, LONG), heard(2, T0 + 1, LONG)])
    assert [(check.name, check.hit) for check in clean.checks] == [
        ("重复内容", False),
        ("发言频率", False),
        ("重复刷屏", False),
    ]
    assert [check.hit for check in repeated.checks] == [True, False, False]
    assert "0001" in repeated.checks[0].detail


def test_a_message_without_sketch_counts_in_the_rate_only() -> None:
    said = [heard(number, T0 + number, "") for number in range(21)]
    assert [judgement.flood for judgement in judge(said)] == [False] * 20 + [True]
    assert all(judgement.repeat_of is None for judgement in judge(said))


def test_an_old_message_is_refused_and_leaves_the_window_alone() -> None:
    window = RepetitionWindow()
    window.judge_next(heard(5, T0 + MINUTE, LONG))
    with pytest.raises(OutOfOrder):
        window.judge_next(heard(1, T0, LONG))
    assert len(window) == 1
    assert window.judge_next(heard(6, T0 + 2 * MINUTE, LONG)).repeats == 2


def test_a_window_forgets_everything_in_time() -> None:
    window = RepetitionWindow()
    for number in range(500):
        window.judge_next(
            heard(number, T0 + number * 5 * MINUTE, f"{number}号{number * 13}", f"m{number}", f"g{number}")
        )
    assert len(window) <= 4
    assert max(len(kept) for kept in (window._groups, window._last, window._pace, window._places)) <= 8


WORDS = st.sampled_from(
    ["收到", "今天天气真好", "今天天气真好啊", "明天开会", "😀", "", LONG, LONG + "哦", LONG[:-4] + "别的话"]
)
MESSAGES = st.lists(
    st.tuples(st.integers(0, 14 * 60), WORDS, st.sampled_from("ab"), st.sampled_from(["g", "h", None]), st.booleans()),
    max_size=40,
)


def built(rows: list[tuple[int, str, str, str | None, bool]]) -> list[Heard]:
    return [heard(n, T0 + row[0] * SECOND, row[1], row[2], row[3], chain=row[4]) for n, row in enumerate(rows)]


@settings(max_examples=60, deadline=None)
@given(MESSAGES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    rows: list[tuple[int, str, str, str | None, bool]], chance: object
) -> None:
    said = built(rows)
    mixed = list(said)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert judge(said) == judge(mixed)


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_the_index_finds_what_comparing_everything_finds(rows: list[tuple[int, str, str, str | None, bool]]) -> None:
    said = sorted(built(rows), key=lambda one: (one.at, one.id))
    for place, (one, judgement) in enumerate(zip(said, judge(said), strict=True)):
        if one.chain:
            continue
        earlier = [other for other in said[:place] if other.at > one.at - 10 * MINUTE and not other.chain]
        around = [o for o in earlier if o.member == one.member or (o.group == one.group and o.group is not None)]
        seen = [(similarity(one.sketch, other.sketch), other) for other in around]
        near = [other for value, other in seen if value >= RULES.similarity]
        best = max((value for value, _ in seen if value >= RULES.partial_from), default=0.0)
        own = sum(other.member == one.member for other in near)
        assert judgement.repeat_of == (near[-1].id if near else None)
        assert judgement.similarity == best
        assert judgement.repeats == (min(own + 1, 5) if one.sketch else 0)
