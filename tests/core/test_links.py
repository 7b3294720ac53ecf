"""Which id is whose, by the words of the log in their order."""

from __future__ import annotations

from bot.core.links import Word, linked


def told(*words: str) -> dict[str, str]:
    """ "a>b": a was merged into b; "a": a was split off."""
    said = [word.partition(">") for word in words]
    found = linked(Word("merge" if arrow else "split", old, member or old, 0) for old, arrow, member in said)
    return {old: link.member for old, link in found.items()}


def test_chains_lead_to_the_present_id() -> None:
    assert told("a>b", "b>c") == told("b>c", "a>b") == {"a": "c", "b": "c"}
    assert told("a>b", "b>c", "b") == {"a": "b"}
    assert told("a>b", "b>c", "a") == {"b": "c"}


def test_what_would_close_a_circle_or_links_twice_says_nothing() -> None:
    assert told("a>b", "b>a") == {"a": "b"}
    assert told("a>b", "b>c", "c>a") == {"a": "c", "b": "c"}
    assert told("a>b", "a>c") == {"a": "b"}
    assert told("a>b", "a", "a>c") == {"a": "c"}
