"""Every golden case, folded at once and in pieces, in order and shuffled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.journal import Journal
from bot.core.score import score
from tests.core.folding import folded, folded_in_pieces
from tests.golden.reading import Case, instant, read, told

FILES = sorted((Path(__file__).parent.parent / "golden").glob("*.toml"))
CASES = [case for path in FILES for case in read(path)]


def _named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_golden(case: Case) -> None:
    for check in case.checks:
        until = instant(check["time"])
        facts, journal = folded(case.entries, case.world, until)
        found = _found(check, facts, journal, case, until)
        assert found == {key: check[key] for key in check if key != "time"}, check["time"]


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_order_of_arrival_changes_nothing(case: Case) -> None:
    until = max(instant(check["time"]) for check in case.checks)
    shuffled = Random(case.name).sample(list(case.entries), len(case.entries))
    assert folded(shuffled, case.world, until) == folded(case.entries, case.world, until)


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_stops_on_the_way_change_nothing(case: Case) -> None:
    """Also where the stops are the instants of the events themselves."""
    end = max(instant(check["time"]) for check in case.checks)
    cuts = {end, *(instant(check["time"]) for check in case.checks), *(e.at for e in case.entries if e.at <= end)}
    assert folded_in_pieces(case.entries, case.world, sorted(cuts)) == folded(case.entries, case.world, end)


def _found(check: Mapping[str, Any], facts: Facts, journal: Journal, case: Case, until: Instant) -> dict[str, Any]:
    """What the check asks for, in its own form."""
    tags = {f"{path}={value}": held for (path, value), held in facts.tags.items()}
    paths = {path for path, _ in facts.tags}
    known: dict[str, Any] = {
        "stage": facts.stage,
        "standing": facts.standing.state,
        "flags": [f"{flag.kind} {told(flag.at)}" for flag in journal.flags],
        "plans": [f"{plan.kind} {told(plan.at)}" for plan in journal.plans],
        "moves": [f"{move.from_stage}→{move.to_stage} {told(move.at)}" for move in journal.moves],
        "tags": [tag for tag in check.get("tags", ()) if tag in tags],
        "absent": [tag for tag in check.get("absent", ()) if tag not in tags and tag not in paths],
        "weights": {tag: round(tags[tag].tag.weight, 4) for tag in check.get("weights", ()) if tag in tags},
        "expires": {tag: _end(tags[tag].tag.expires_at) for tag in check.get("expires", ()) if tag in tags},
        "because": {
            tag: {key: tags[tag].tag.because.get(key) for key in reasons}
            for tag, reasons in check.get("because", {}).items()
            if tag in tags
        },
    }
    if "score" in check:
        known["score"] = round(score(facts, case.world, until) or 0.0, 4)
    return {key: value for key, value in known.items() if key in check}


def _end(at: Instant | None) -> str | None:
    return None if at is None else told(at)
