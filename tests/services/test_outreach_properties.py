"""Whatever is planned and whenever it is looked at: no cap and no quiet hour is ever broken, nothing is said twice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.instants import DAY, HOUR, MINUTE, Instant, Span, local_second
from bot.core.journal import Plan
from bot.core.ruleset import OutreachRules
from bot.ports import Address
from bot.services import outreach
from storage.database import Database
from storage.rows import OutboxRow
from tests.services.mouth import NOON, ZONE, Mouth, joined, recall

PEOPLE, GROUPS = ("a", "b"), ("g1", "g2")
RULES = OutreachRules(
    account_hourly=3,
    account_daily=6,
    member_pushes=2,
    replies_member_hourly=2,
    replies_group_hourly=3,
    holdout_one_in=0,
)
PUSHES = ("newcomer_gift", "growth", "level_opening", "recall", "reactivation", "campaign")

DEEDS = (
    "wait", "recall", "reactivation", "growth", "level_opening", "push",
    "campaign", "welcome", "notice", "command", "admin",
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "wait",
                "recall",
                "reactivation",
                "growth",
                "level_opening",
                "push",
                "campaign",
                "welcome",
                "notice",
                "command",
                "admin",
            )
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(GROUPS),
        st.sampled_from((1, 7, 45, 200, 900, 3000, 20_000)),
    ),
    min_size=5,
    max_size=40,
)


class Play:
    """Carries out steps; after each one everything that may go goes."""

    def __init__(self, mouth: Mouth) -> None:
        self.mouth, self.now, self.number = mouth, NOON, 0
        for member in PEOPLE:
            mouth.person(member, groups=GROUPS)

    def take(self, step: tuple[str, str, str, int]) -> None:
        what, member, group, minutes = step
        self.number += 1
        if what == "wait":
            self.pass_time(minutes * MINUTE)
        elif what in ("recall", "reactivation", "growth", "level_opening"):
            self.mouth.plan(recall(member, self.now, what))
        elif what == "push":
            detail = {"text": "周六见"}
            key = f"campaign:{self.number}:{member}"
            self.mouth.plan(Plan(self.now, "campaign", member, key, detail=detail))
        elif what == "welcome":
            self.mouth.plan(joined(member, 0, group, self.now))
        elif what in ("command", "admin"):
            self.answer(what, member, group)
        else:
            self.queue(what, member, group)
        self.mouth.send(self.now)

    def pass_time(self, span: Span) -> None:
        """Stop wherever the outbox says something may go, as the running bot does."""
        end = self.now + span
        while (due := self.mouth.next_due(self.now)) is not None and due < end:
            assert due > self.now, "what is due now has gone or has been put off"
            self.now = due
            self.mouth.send(due)
        self.now = end

    def answer(self, kind: str, member: str, group: str) -> None:
        key, to = f"r{self.number}", Address("group", group)
        self.mouth.write(
            lambda uow: outreach.reply(uow, key=key, kind=kind, to=to, text=key, now=self.now, member=member)
        )

    def queue(self, kind: str, member: str, group: str) -> None:
        key = f"{kind}{self.number}"
        place = ("direct", member) if kind == "campaign" else ("group", group)
        row = OutboxRow(key, kind, *place, key, self.now, self.now, member=member)
        self.mouth.write(lambda uow: uow.outbox.add([row]))


def most_within(ats: list[Instant], span: Span) -> int:
    """The largest number of instants in any window (t − span, t]."""
    return max((sum(at - span < one <= at for one in ats) for at in ats), default=0)


def breaches(sent: list[OutboxRow]) -> list[str]:
    """What RULEBOOK §9 forbids, counted by hand from what went out."""
    found: list[str] = []
    own = [row for row in sent if not row.reply]
    ats = [row.claimed_at or 0 for row in own]
    found += [f"quiet {row.dedupe_key}" for row in own if not 8 <= local_second(row.claimed_at or 0, ZONE) // 3600 < 22]
    found += ["hour"] if most_within(ats, HOUR) > 3 else []
    found += ["day"] if most_within(ats, DAY) > 6 else []
    for group in GROUPS:
        here = [row.claimed_at or 0 for row in own if row.to_id == group]
        found += [f"gap {group}"] if most_within(here, 10 * MINUTE) > 1 else []
        counted = [row.claimed_at or 0 for row in sent if row.reply and row.to_id == group and row.kind == "command"]
        found += [f"replies {group}"] if most_within(counted, HOUR) > 3 else []
    for member in PEOPLE:
        mine = [row for row in sent if row.member == member]
        pushed = [row.claimed_at or 0 for row in mine if row.kind in PUSHES]
        recalled = [row.claimed_at or 0 for row in mine if row.kind == "recall"]
        answered = [row.claimed_at or 0 for row in mine if row.kind == "command"]
        found += [f"pushes {member}"] if most_within(pushed, 7 * DAY) > 2 else []
        found += [f"recalls {member}"] if most_within(recalled, 30 * DAY) > 1 else []
        found += [f"answers {member}"] if most_within(answered, HOUR) > 2 else []
    return found


@settings(max_examples=25, deadline=None)
@given(steps)
def test_no_schedule_breaks_a_cap_or_a_quiet_hour(migrated_file: Path, plays: list[tuple[str, str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_file, Path(folder) / "bot.db")
        database = Database(f"sqlite:///{folder}/bot.db")
        play = Play(Mouth(database, RULES))
        for step in plays:
            play.take(step)
        sent = [row for row in play.mouth.rows() if row.status == "sent"]
        database.close()
    assert breaches(sent) == []
    assert all(count == 1 for count in Counter(row.dedupe_key for row in sent).values())
