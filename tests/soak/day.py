"""A heavy day: eight groups talk at once, floods and commands among it, people come and go. The same for a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.bench.corpus import sentences

DIRECTOR = "店长"
GROUPS, PEOPLE = 8, 30
KINDS = {"talk": 880, "flood": 5, "sign_in": 25, "question": 30, "board": 20, "chat": 20, "join": 10, "leave": 10}
"""What happens how often, of a thousand."""
FLOOD = "限时清仓全场一折快来抢购先到先得"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens `after` the begin (simulated seconds): words, or a coming or going without any."""

    after: float
    kind: str
    person: str
    group: str | None
    text: str = ""
    to_bot: bool = False


@dataclass
class Day:
    """Who is in which group, and what they do."""

    seed: int
    rate: float
    members: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)
        self._texts = sentences(2_000, self.seed)
        self._newcomers = 0
        self.members = {
            f"群{number}@chatroom": [f"成员{number}-{one}" for one in range(PEOPLE)] for number in range(GROUPS)
        }

    def deeds(self) -> Iterator[Deed]:
        """Without end, at `rate` a simulated second."""
        after = 0.0
        while True:
            after += self._chance.expovariate(self.rate)
            kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
            yield from self._happens(kind, after)

    def _happens(self, kind: str, after: float) -> Iterator[Deed]:
        group = self._chance.choice(list(self.members))
        person = self._chance.choice(self.members[group])
        match kind:
            case "flood":
                yield from (Deed(after + number, "talk", person, group, FLOOD) for number in range(5))
            case "sign_in":
                yield Deed(after, "talk", person, group, "@bot 签到", to_bot=True)
            case "question":
                yield Deed(after, "talk", person, None, "我的标签")
            case "board":
                yield Deed(after, "talk", DIRECTOR, None, "#看板")
            case "chat":
                yield Deed(after, "talk", person, None, self._chance.choice(self._texts))
            case "join" | "leave":
                yield self._moves(kind, after, person, group)
            case _:
                yield Deed(after, "talk", person, group, self._chance.choice(self._texts))

    def _moves(self, kind: str, after: float, person: str, group: str) -> Deed:
        if kind == "join":
            self._newcomers += 1
            person = f"新人{self._newcomers}"
            self.members[group].append(person)
        else:
            self.members[group].remove(person)
        return Deed(after, kind, person, group)
