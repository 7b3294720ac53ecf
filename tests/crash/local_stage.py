"""The story in the embedded group: the platform is made anew for each life, as the deeds before it have left it."""

from __future__ import annotations

from bot.core.instants import Instant
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.localgroup.player import Player
from bot.localgroup.script import Direct, Join, Leave, Say, Withdraw
from bot.localgroup.world import Spoken, World
from bot.ports import Address
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from tests.crash.life import Record
from tests.crash.story import BEGIN, FRIENDS, GROUP, SETTLED, Deed, deeds

SPEECH = Say | Direct | Withdraw
"""Deeds that are messages, with an id of their own."""


class PlatformClock:
    """The time of the deed that is being done, told again or not."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> Instant:
        return self.at


class Numbered(World):
    """Ids come from the deed, so that a deed told twice is the same message; the bot's own from its life."""

    def __init__(self, life: int) -> None:
        super().__init__()
        self.life, self.deed, self.fresh = life, -1, False

    def new_id(self, what: str) -> str:
        if self.fresh:
            self.fresh = False
            return f"deed-{self.deed}"
        return f"{super().new_id(what)}-{self.life}"


def platform(record: Record, life: int, begun: int) -> LocalGroup:
    """The group as the `begun` first deeds have left it."""
    group = LocalGroup(PlatformClock(), GROUP)
    group.world = world = Numbered(life)
    group.seed(GROUP, SETTLED, friends=FRIENDS)
    for number, deed in enumerate(deeds()[:begun]):
        match deed.action:
            case Say(person, text):
                world.record(Spoken(f"deed-{number}", deed.at, person, GROUP, None, text))
            case Join(person):
                world.settle_in(GROUP, person)
            case Leave(person):
                world.take_out(GROUP, person)

    def heard(to: Address, text: str, mentions: tuple[str, ...]) -> None:
        record.note("heard", to=to.id, text=text)

    group.subscribe(heard)
    return group


class LocalStage:
    """One life in the embedded group."""

    def __init__(self, record: Record, clock: LocalClock, lives: int) -> None:
        self._clock = clock
        self._group = platform(record, lives, record.done())
        self.chat = WechatyChat(self._group.puppet, clock)
        self.deed = -1

    def _player(self, runtime: Runtime) -> Player:
        return Player(self._group, self._clock, self.chat, runtime.settle, runtime.advance, lambda line: None)

    async def begin(self, runtime: Runtime) -> None:
        await self._player(runtime).begin()

    async def do(self, deed: Deed, runtime: Runtime) -> None:
        world = self._group.world
        assert isinstance(world, Numbered)
        self._group.clock.at = deed.at  # type: ignore[attr-defined]
        world.deed, world.fresh = self.deed, isinstance(deed.action, SPEECH)
        await self._player(runtime).do(deed.action)
