"""#词典: words of the deployment, live, stored, by right, the same in every process."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.text.lexicons import load_lexicons
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from handlers.following import follow
from storage.database import Database
from tests.handlers.room import FOLDER, Room

TEXT = "周末一起打羽毛球拼班"


def _own_words(room: Room, cache: Path) -> JiebaTokenizer:
    """Give a room a reader that it shares with no other."""
    tokenizer = JiebaTokenizer(cache_dir=cache)
    room.house.reader = TextReader(tokenizer, load_lexicons(FOLDER / "lexicon"))
    room.house.__post_init__()
    return tokenizer


@pytest.fixture
def rooms(database: Database, tmp_path: Path) -> tuple[Room, JiebaTokenizer, Room, JiebaTokenizer]:
    """Two bots on one database, as two processes would be."""
    one, other = Room(database), Room(database)
    other.clock.at += 3_600_000_000
    one.appoint("admin", "管理员")
    return one, _own_words(one, tmp_path), other, _own_words(other, tmp_path)


def test_words_are_added_live_for_every_process_and_taken_back(
    rooms: tuple[Room, JiebaTokenizer, Room, JiebaTokenizer],
) -> None:
    one, words, other, others = rooms
    before = words.words(TEXT)
    assert "羽毛球拼班" not in before
    assert "下一条消息起生效" in one.say("admin", "#词典 加 羽毛球拼班 剧本杀")
    one.say("xiaowang", TEXT)
    assert "羽毛球拼班" in words.words(TEXT)
    assert "羽毛球拼班" not in others.words(TEXT)
    other._number = 100
    other.say("xiaoli", TEXT)
    assert others.words(TEXT) == words.words(TEXT)
    assert others.digest == words.digest
    one.say("admin", "#词典 列")
    assert "剧本杀、羽毛球拼班" in one.answer("direct")
    assert "已从词典去掉：羽毛球拼班" in one.say("admin", "#词典 删 羽毛球拼班")
    one.say("xiaowang", TEXT)
    assert words.words(TEXT) == before


def test_a_message_is_read_with_the_words_in_force_when_it_is_written(
    rooms: tuple[Room, JiebaTokenizer, Room, JiebaTokenizer],
) -> None:
    """Also by a process that has not heard of them yet."""
    one, _, other, others = rooms
    one.say("admin", "#词典 加 羽毛球拼班")
    other._number = 100
    other.say("xiaoli", TEXT)
    row = one.database.read(lambda uow: uow.events.get("m101"))
    reading = one.database.read(lambda uow: uow.readings.latest())
    assert row is not None and reading is not None
    assert row.reading == reading.id
    assert (reading.engine, reading.dictionary) == (others.engine, others.digest)
    assert others.digest != JiebaTokenizer().digest


def test_words_survive_a_restart_and_are_split_on_request(room: Room, tmp_path: Path) -> None:
    words = _own_words(room, tmp_path)
    room.appoint("admin", "管理员")
    room.say("admin", "#词典 删 机器人")
    room.say("admin", "#词典 加 羽毛球拼班")
    again = Room(room.database)
    fresh = _own_words(again, tmp_path)
    room.database.read(lambda uow: follow(uow, again.house))
    assert "机器人" not in fresh.words("这个机器人")
    assert "羽毛球拼班" in fresh.words(TEXT)
    room.say("x", "好")
    assert fresh.digest == words.digest


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("加", "用法"),
        ("换 羽毛球拼班", "用法"),
        ("加 班", "2–30 个字"),
        (f"加 {'班' * 31}", "2–30 个字"),
        ("删 魑拼魅班", "没有这个词"),
    ],
)
def test_bad_arguments_are_told(room: Room, args: str, told: str) -> None:
    room.appoint("admin", "管理员")
    assert told in room.say("admin", f"#词典 {args}")


def test_who_has_no_right_changes_nothing(room: Room) -> None:
    room.appoint("watcher", "观察员")
    assert room.say("stranger", "#词典 加 羽毛球拼班") == ""
    assert "管理员" in room.say("watcher", "#词典 加 羽毛球拼班")
    assert room.database.read(lambda uow: uow.dictionary.all()) == []
    assert [(row.action, row.allowed) for row in room.audit()] == [("#词典", True), ("#词典", False)]


def test_the_command_line_cuts_with_the_stored_words(sqlite_database: Database, sqlite_url: str) -> None:
    from bot.cli.house import reader_of
    from config.settings import Settings

    room = Room(sqlite_database)
    room.appoint("admin", "管理员")
    room.say("admin", "#词典 加 羽毛球拼班")
    reader = reader_of(Settings(_env_file=None, database_url=sqlite_url))
    assert "羽毛球拼班" in reader.words(TEXT)
    assert reader.reading.dictionary != JiebaTokenizer().digest


def test_a_refused_command_leaves_no_word_behind(room: Room) -> None:
    room.appoint("admin", "管理员")
    assert "2–30 个字" in room.direct("admin", f"#词典 加 云吸猫 (a+)+$ {'长' * 31}")
    assert "云吸猫" not in room.direct("admin", "#词典 列")
