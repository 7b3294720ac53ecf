"""Matching an echo with what was sent, before and after the gateway has answered."""

from __future__ import annotations

from bot.core.instants import SECOND
from bot.ports import Address, EchoHeard
from handlers.echoes import WITHIN, Echoes, Sent
from storage.rows import OutboxRow


def sent(text: str, id_: str = "", at: int = 0) -> Sent:
    return Sent(OutboxRow(text, "push", "group", "g", text, at, at), id_, at + WITHIN)


def echo(text: str, id_: str, group: str = "g") -> EchoHeard:
    return EchoHeard(0, id_, Address("group", group), text)


def test_where_ids_differ_place_and_words_tell() -> None:
    echoes = Echoes()
    echoes.send(sent("早上好", "a"))
    echoes.hear(echo("@小雨 早上好", "x", group="other"))
    assert not echoes.expected
    echoes.hear(echo("@小雨 早上好", "y"))
    assert echoes.expected and [one.row.text for one in echoes.arrived()] == ["早上好"]
    echoes.send(sent("晚上好", at=SECOND))
    echoes.listen(WITHIN)
    assert echoes.overdue() == []
    echoes.listen(SECOND + WITHIN)
    assert [one.row.text for one in echoes.overdue()] == ["晚上好"]


def test_of_a_picture_the_kind_tells() -> None:
    echoes = Echoes()
    picture = Sent(OutboxRow("p", "image", "group", "g", "［图片］群规", 0, 0), "", WITHIN)
    echoes.send(picture)
    echoes.hear(echo("［图片］群规", "x"))
    assert not echoes.expected, "words are no picture"
    echoes.hear(EchoHeard(0, "y", Address("group", "g"), "<msg/>", "image"))
    assert [one.row.kind for one in echoes.arrived()] == ["image"]


def test_an_echo_may_come_before_the_answer() -> None:
    echoes = Echoes()
    echoes.hear(echo("早", "a"))
    echoes.send(sent("早", "a"))
    assert len(echoes.arrived()) == 1
    echoes.listen(10 * WITHIN)
    assert echoes.overdue() == []


def test_where_ids_agree_the_same_words_prove_nothing() -> None:
    echoes = Echoes()
    echoes.hear(echo("早", "a"))
    echoes.send(sent("早", "a"))
    for id_ in "bcd":
        echoes.send(sent("早", id_))
    echoes.hear(echo("早", "d"))
    echoes.listen(WITHIN)
    assert [one.platform_id for one in echoes.overdue()] == ["b", "c"]
    assert not echoes.refused()
