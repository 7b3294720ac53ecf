"""default.toml states every bar once, with a comment for the operator and the value the code has."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.core.ruleset import RuleSet
from bot.errors import BadInput
from config.loader import digest, parse_rules, read_rule_file
from config.settings import PACKAGED_CONFIG

DEFAULT = PACKAGED_CONFIG / "rulesets" / "default.toml"
TEXT = DEFAULT.read_text(encoding="utf-8")
BARS = {section: bars for section, bars in asdict(RuleSet()).items() if section != "custom"}
KEYS = [(section, key) for section, bars in BARS.items() for key in bars]


def comments() -> dict[tuple[str, str], str]:
    """The comment right above each key."""
    found, section, above = {}, "", ""
    for line in TEXT.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif key := re.match(r"(\w+) = ", line):
            found[section, key[1]] = above
        above = line if line.startswith("# ") else ""
    return found


def test_every_bar_stands_in_the_file_with_the_value_of_the_code() -> None:
    assert tomllib.loads(TEXT) == BARS
    assert read_rule_file(DEFAULT) == (RuleSet(), TEXT)


def test_fractions_are_written_as_fractions_and_counts_as_counts() -> None:
    stated = tomllib.loads(TEXT)
    wrong = [
        (section, key)
        for section, bars in BARS.items()
        for key, value in bars.items()
        if type(stated[section][key]) is not type(value)
    ]
    assert wrong == []


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_bar_has_a_comment_that_says_what_raising_it_does(section: str, key: str) -> None:
    comment = comments()[section, key]
    assert len(comment) >= 12
    assert "调大：" in comment


def test_an_absent_bar_has_its_default_and_a_whole_number_serves_as_a_fraction() -> None:
    assert parse_rules("") == RuleSet()
    rules = parse_rules("[activity]\nhigh = 4\n")
    assert rules.activity.high == 4.0
    assert isinstance(rules.activity.high, float)
    assert rules.lifecycle == RuleSet().lifecycle


def test_equal_meaning_has_an_equal_digest() -> None:
    assert digest("") == digest(TEXT) == digest("# 说明\n[activity]\nhigh = 3\n") == digest("[activity]\nhigh = 3.0")
    assert digest("[lifecycle]\ngift_after_days = -0.0") == digest("[lifecycle]\ngift_after_days = 0")
    assert digest("[activity]\nhigh = 3.5") != digest("")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[activty]\nhigh = 4", "activty 是未知的节"),
        ("high = 4", "high 是未知的节"),
        ("[activity]\nhihg = 4", "activity.hihg 是未知的键"),
        ("[quality]\nlenght = 1", "quality.lenght 是未知的键"),
        ("[repetition]\nsimilarty = 1", "repetition.similarty 是未知的键"),
        ("[activity.high]\nbar = 1", "activity.high 须为数字，不能是一节"),
        ("activity = 3", "activity 须为一节"),
        ("[activity]\nhigh = '4'", "activity.high 须为数字，不能是文字"),
        ("[activity]\nhigh = true", "activity.high 须为数字，不能是真假值"),
        ("[activity]\nhigh = [4]", "activity.high 须为数字，不能是列表"),
        ("[activity]\nhigh = 2026-01-01", "activity.high 须为数字，不能是日期"),
        ("[activity]\ndaily_cap = 20.0", "activity.daily_cap 须为整数"),
        ("[repetition]\nrepeat_minutes = 1.5", "repetition.repeat_minutes 须为整数"),
        ("[lifecycle]\nnewcomer_days = -1", "lifecycle.newcomer_days 不能是负数（-1）"),
        ("[quality]\nlength = -0.5", "quality.length 不能是负数"),
        ("[activity]\nhigh = inf", "activity.high 太大"),
        ("[activity]\nhigh = nan", "activity.high 须为数字，不能是 nan"),
        ("[lifecycle]\nmature_days = 1e300", "lifecycle.mature_days 太大"),
        ("[identity]\nidle_months = 99999", "identity.idle_months 太大"),
        ("[activity]\nmiddle = 5", "activity"),
        ("[activity]\ncore_score = 10", "activity"),
        ("[activity]\nlong_days = 60", "activity.long_days 最多 30"),
        ("[activity]\ncheckin_week = 0", "activity.checkin_week 须大于 0"),
        ("[activity]\ndecay_half_days = 0", "activity.decay_half_days 须大于 0"),
        ("[spending]\ntotal_middle = 60000", "total_middle"),
        ("[spending]\naverage_high = 200", "average_middle"),
        ("[spending]\nresponse_high = 0.9", "response_high"),
        ("[spending]\nmiddle_ability = 60", "spending.middle_ability（60）须小于 spending.high_ability（60）"),
        ("[spending]\nwarm_days = 20", "spending.recent_days（30）不能大于 spending.warm_days（20）"),
        ("[spending]\nweight_total = 0\nweight_frequency = 0\nweight_average = 0", "不能同时为 0"),
        ("[identity]\nkoc_followers = 50000", "identity.koc_followers（50000）须小于"),
        ("[identity]\nterm_months = 9", "identity.term_months（9）不能大于 identity.term_most_months"),
        ("[lifecycle]\nlost_silence_days = 20", "lifecycle.decline_silence_days（30）不能大于"),
        ("[lifecycle]\nevaluation_hour = 24", "lifecycle.evaluation_hour"),
        ("[content]\ntopic_share = 0.7", "topic_share"),
        ("[outreach]\nquiet_to_hour = 24", "outreach.quiet_to_hour 最多 23"),
        ("[outreach]\nholdout_one_in = 0", "outreach.holdout_one_in 须大于 0"),
        ("[repetition]\nrepeat_count = 1", "repetition.repeat_count 至少 2"),
        ("[repetition]\nflood_seconds = 3600", "repetition.flood_seconds 不能长于"),
        ("[advert]\nbar = 0", "advert.bar 须大于 0"),
        ("[advert]\ncontact_offer = 1.5", "advert.contact_offer 最多 1，不能是 1.5"),
        ("[advert]\nbar = 0.2", "advert.classifier_beside（0.25）不能大于 advert.bar（0.2）"),
        ("[activity]\nhigh = = 4", "第 2 行第 8 列不是合法的 TOML"),
        ("[activity]\nhigh = 4\nhigh = 4", "同一个键或同一节写了两次"),
        ("[activity", "不是合法的 TOML"),
        ("x = " + "[" * 5000, "不是合法的 TOML"),
        ("[activity]\nhigh = " + "9" * 6000, "不是合法的 TOML"),
    ],
)
def test_a_bad_rule_is_refused_in_one_chinese_line_that_names_it(content: str, told: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_rules(content, "改.toml")
    assert str(refusal.value).startswith("改.toml：")
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_byte_order_mark_is_tolerated(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes(b"\xef\xbb\xbf[activity]\nhigh = 4\n")
    assert read_rule_file(file)[0].activity.high == 4.0
    assert parse_rules("\ufeff[activity]\nhigh = 4\n").activity.high == 4.0


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes("[activity]  # 活跃".encode("gbk"))
    with pytest.raises(BadInput, match=r"rules\.toml：不是 UTF-8 文本"):
        read_rule_file(file)
    with pytest.raises(BadInput, match=r"none\.toml"):
        read_rule_file(tmp_path / "none.toml")
    with pytest.raises(BadInput, match=tmp_path.name):
        read_rule_file(tmp_path)
