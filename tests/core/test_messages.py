"""The bot's texts: all there, all formatting, and nobody's nickname can break or bend them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.questionnaire import Reply
from bot.errors import BadInput
from config.message_keys import PLACEHOLDERS
from config.messages import Block, Messages, load_messages, names, one_line
from config.onboarding import load_onboarding

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
QUESTIONS = load_onboarding(CONFIG).texts
MESSAGES = load_messages(CONFIG, QUESTIONS)
FILE = "messages/zh_CN.toml"


@pytest.mark.parametrize("key", sorted(MESSAGES.keys()))
def test_every_text_formats(key: str) -> None:
    params = dict.fromkeys(PLACEHOLDERS.get(key, "").split(), "某某")
    text = MESSAGES.text(key, **params)
    assert text
    assert not re.search(r"[{}]", text)


def test_every_key_the_core_says_exists() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "bot" / "core").glob("questionnaire*.py")]
    said = {key for source in sources for key in re.findall(r'"((?:questionnaire|privacy)\.[a-z_]+)"', source)}
    assert len(said) > 8
    assert said <= MESSAGES.keys()


def test_the_notice_says_what_the_law_wants() -> None:
    notice = MESSAGES.text("privacy.long")
    for word in ("联系方式", "为什么", "记什么", "30 天", "7 天", "90 天", "权利", "第三方", "14 周岁", "撤回授权"):
        assert word in notice
    assert MESSAGES.privacy_version in MESSAGES.text("privacy.short")


@pytest.mark.parametrize("key", ["recall", "recall_plain", "reactivation", "friend_invitation", "newcomer_gift"])
def test_pushes_name_nobodys_silence_stage_or_spending(key: str) -> None:
    text = MESSAGES.text(f"outreach.{key}", name="小王", code="A1", until="5月1日")
    assert not re.search(r"沉默|流失|衰退|休眠|没说话|没来|好久|潜水|消费|价值|等级|争议|回来|回归", text)


def test_the_wrong_key_or_parameter_is_told() -> None:
    with pytest.raises(LookupError, match="nothing"):
        MESSAGES.text("nothing.here")
    with pytest.raises(LookupError, match="names"):
        MESSAGES.text("welcome.one")


@pytest.mark.parametrize(
    "name",
    ["{names}", "{0.__class__}", "a\nb", "x" * 1024, "\x00\x07", "\u202eevil", "\ud800", "小王\u2028小李", "\\1"],
)
def test_a_nickname_cannot_bend_a_text(name: str) -> None:
    plain = MESSAGES.text("welcome.one", names="")
    said = MESSAGES.text("welcome.one", names=name)
    assert len(said) <= len(plain) + 24
    assert said.count("\n") == plain.count("\n")
    assert not re.search("[\u202e\u2028\x00\x07\ud800]", said)
    said.encode("utf-8")


def test_names_in_a_row() -> None:
    assert names(["小王"]) == "小王"
    assert names(["小王", "\n"]) == "小王、新朋友"
    assert names([f"n{i}" for i in range(8)]) == "n0、n1、n2、n3、n4 等 8 位"
    assert one_line("家庭👨‍👩‍👧") == "家庭👨‍👩‍👧"
    assert MESSAGES.text("command.my_tags", tags=Block("a\nb")).endswith("a\nb")


def test_replies_become_one_message() -> None:
    joined = MESSAGES.joined([Reply("questionnaire.first"), Reply("question.age")])
    assert joined.startswith(MESSAGES.text("questionnaire.first") + "\n")
    assert "1.14-17岁  2.18-24岁" in joined


def _changed(folder: Path, old: str, new: str) -> Messages:
    text = (CONFIG / FILE).read_text("utf-8")
    assert old in text
    (folder / "messages").mkdir()
    (folder / FILE).write_text(text.replace(old, new, 1), "utf-8")
    return load_messages(folder, QUESTIONS)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("欢迎 {names}", "欢迎 {nams}", "nams"),
        ("moved_on = ", "move_on = ", "move_on"),
        ('growth = "{name}，谢谢你的分享', '# "', "growth"),
        ("[welcome]", "[welcome", "TOML"),
        ("{name}，", "{name，", "花括号"),
        ('operator = "本群的运营者"', "", "operator"),
        ('footer = "', 'footer = 3 # "', "outreach"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        _changed(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "2026-1"', 'version = "2026-1"\nsurprise = 1', "surprise"),
        ("remind_after_hours = 24", 'remind_after_hours = "a"', "remind_after_hours"),
        ('name = "gender"', 'name = "age"', "两次"),
        ('name = "gender"', 'name = "shoes"', "name"),
        ('skip = ["跳过"', 'skipp = ["跳过"', "skip"),
    ],
)
def test_a_wrong_questionnaire_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    for name in ("lexicon/regions.tsv", "lexicon/regions.toml", "city_tiers.toml", "lexicon/occupations.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((CONFIG / name).read_text("utf-8"), "utf-8")
    text = (CONFIG / "questionnaires" / "newcomer.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "questionnaires").mkdir()
    (tmp_path / "questionnaires" / "newcomer.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput, match=told):
        load_onboarding(tmp_path)
