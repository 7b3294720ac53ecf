"""One account over wechaty, as bot.ports.Chat. Which puppet carries it (a gateway, the local group) is passed in."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.core.attachments import Attachment
from bot.ports import (
    Address,
    Clock,
    ConnectionHeard,
    GroupsHeard,
    Heard,
    Listener,
    RosterHeard,
    SendRefused,
    ThrottleHeard,
)
from bot.wechat import sender, showing
from bot.wechat.bot import Bot
from bot.wechat.endings import Ending
from bot.wechat.foresight import Foresight
from bot.wechat.hearing import Befriend, Hearing, by_a_person
from bot.wechat.inbox import Inbox
from bot.wechat.library import Puppet, qr_terminal
from bot.wechat.raw import LOST, MOST_TRIES, RawEvent
from bot.wechat.recent import Recent
from bot.wechat.supervisor import Supervisor
from bot.wechat.telling import Telling, Time
from bot.wechat.trace import reference, where

log = logging.getLogger(__name__)

_LAST_WORDS = 1.0
"""Seconds that `stop` gives to what was already heard."""
_CLOSING = 3.0
"""Seconds that closing a connection may take."""


class WechatyChat:
    """bot.ports.Chat over wechaty.

    puppet_factory: makes a fresh puppet for each connection.
    befriend: asked before a friend request is taken; without it they wait for a person, as group invitations do.
    forgetful: the gateway may lose joins, leaves and renames.
    show_qr: called with the content of a login QR code; it is never logged.
    """

    def __init__(
        self,
        puppet_factory: Callable[[], Puppet],
        clock: Clock,
        *,
        befriend: Befriend = by_a_person,
        show_qr: Callable[[str], None] = qr_terminal,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        bound: int = 10_000,
        forgetful: bool = False,
    ) -> None:
        self._make_puppet, self._clock = puppet_factory, clock
        self._befriend, self._show_qr = befriend, show_qr
        self.forgetful = forgetful
        self._recent, self._foresight = Recent(), Foresight()
        self._inbox = Inbox(self._handle, bound, self._foresee)
        self._telling = Telling(self._inbox.push)
        self._supervisor = Supervisor(self._connect, self._ended, sleep)
        self._bot: Bot | None = None
        self._hearing: Hearing | None = None
        self._account: str | None = None
        self._siblings: frozenset[str] = frozenset()
        self._state, self._connection = "", 0
        self._last_ending: Ending | None = None
        self._held: deque[RawEvent] = deque(maxlen=bound)
        """What came and could not be asked for, or while nobody was logged in: looked into after the next login."""
        self._up = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def account(self) -> str | None:
        return self._account if self._hearing is not None else None

    @property
    def lost(self) -> int:
        """Events dropped because the inbox was full; 0 with puppets that wait for room."""
        return self._inbox.lost

    @property
    def waiting(self) -> int:
        return len(self._inbox)

    async def start(self, listener: Listener) -> None:
        """Begin to connect and return at once; `listener` is told everything, one thing at a time, until `stop`."""
        self._telling.listener = listener
        self._inbox.open()
        work = {"收件": self._inbox.run(), "连接": self._supervisor.run()}
        self._tasks = [asyncio.create_task(one, name=f"wechat-{name}") for name, one in work.items()]

    async def stop(self) -> None:
        """Stop hearing, handle what was heard (at most 1 s), close the connection; under 5 s in all."""
        if not self._tasks:
            return
        self._inbox.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await self.idle()
        self._telling.silence()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._state = ""
        self._up.clear()

    async def logged_in(self) -> None:
        """Wait until the account can hear, and has told so."""
        await self._up.wait()

    async def idle(self) -> None:
        """Wait until everything heard so far has been handled by the listener, also what waits for its order."""
        await self._inbox.idle()
        if self._telling.waits:
            self._inbox.push(Time.REST)
            await self._inbox.idle()

    async def _connect(self) -> None:
        puppet = self._make_puppet()
        puppet.gate = self._inbox.room
        self._connection += 1
        self._bot = Bot(puppet, self._hear)
        try:
            await self._bot.connect()
        finally:
            self._bot = None
            self._forget_hearing()
            await self._close(puppet)

    def _forget_hearing(self) -> None:
        if self._hearing is not None:
            self._hearing.close()
        self._hearing = None

    async def _close(self, puppet: Puppet) -> None:
        try:
            async with asyncio.timeout(_CLOSING):
                await puppet.stop()
        except Exception as error:  # noqa: BLE001 - the connection is over, however badly it ends
            log.info("关闭连接时出错（%s）", type(error).__name__)

    def _ended(self, ending: Ending) -> None:
        """Said once for each reason: a gateway that is away for a night does not fill the log."""
        level = logging.DEBUG if ending == self._last_ending else logging.WARNING
        log.log(level, "与微信网关的连接断开，稍后重连：%s", ending.told)
        self._last_ending = ending
        self._down(ending.told)

    def _hear(self, name: str, payload: Any) -> None:
        """Called by the emitter at the moment of the event: it only queues."""
        if name == "error":
            log.warning("网关报告错误（%s）", type(payload).__name__)
        elif name == "scan":
            self._scan(payload)
        elif not self._inbox.offer(RawEvent(name, payload, self._connection)):
            log.error("待处理消息过多，丢弃一条 %s（共丢弃 %d 条）", name, self._inbox.lost)

    def _scan(self, payload: Any) -> None:
        log.warning("需要用手机微信扫码登录")
        if payload.qrcode:
            self._show_qr(payload.qrcode)

    def _foresee(self, item: RawEvent | Heard | Time) -> None:
        if isinstance(item, RawEvent) and self._hearing is not None:
            self._hearing.foresee(item.name, item.payload)

    async def _handle(self, item: RawEvent | Heard | Time) -> None:
        if isinstance(item, Time):
            await self._telling.time(item)
        elif isinstance(item, RawEvent):
            await self._telling.hear(await self._understand(item))
        else:
            await self._telling.hear([item])

    async def _understand(self, item: RawEvent) -> list[Heard]:
        try:
            return await self._read(item)
        except Exception as error:  # noqa: BLE001 - one bad event must not deafen the account
            if isinstance(error, LOST) and item.tries < MOST_TRIES:
                self._held.append(replace(item, tries=item.tries + 1))
            else:
                log.error("读不懂事件 %s %s（%s）", item.name, reference(item.payload), where(error))
            return []

    async def _read(self, item: RawEvent) -> list[Heard]:
        if item.name in ("login", "logout"):
            if item.connection == self._connection:
                await self._change_account(item)
            return []
        if self._hearing is None:
            self._held.append(item)
            return []
        heard = await self._hearing.read(item.name, item.payload)
        self._take_up_held()
        return heard

    def _take_up_held(self) -> None:
        """The gateway answers again: what it could not be asked before is asked now, ahead of what came later."""
        self._inbox.put_first(self._held)
        self._held.clear()

    async def _change_account(self, item: RawEvent) -> None:
        if item.name == "login":
            await self._login(item.payload.contact_id)
        else:
            self._down("账号退出登录")
            self._account = None

    async def _login(self, account: str) -> None:
        """Report the account, then each of its groups; a repeated login of the same account says nothing new."""
        if self._bot is None or (self._hearing and account == self._account):
            return
        if account != self._account:
            self._foresight.forget()
        self._account, self._state = account, "up"
        self._supervisor.steady()
        self._last_ending = None
        self._forget_hearing()
        self._hearing = Hearing(
            self._bot, account, self._clock, self._recent, self._foresight, self._befriend, self._accounts
        )
        name = (await self._hearing.directory.person(account)).name
        await self._telling.hear([ConnectionHeard(self._clock.now(), "up", account, name=name)])
        self._up.set()
        groups = await self._hearing.groups()
        await self._telling.hear([GroupsHeard(self._clock.now(), tuple(groups))])
        self._take_up_held()
        self._inbox.put_first([RawEvent("group", group, self._connection) for group in groups])

    def _down(self, reason: str) -> None:
        """Report the loss once, in its place among the events; the first failure to connect is one too."""
        self._up.clear()
        self._forget_hearing()
        if self._state != "down":
            self._state = "down"
            self._inbox.push(ConnectionHeard(self._clock.now(), "down", self._account, reason))

    def _ready(self) -> tuple[Bot, Hearing]:
        if self._bot is None or self._hearing is None:
            raise SendRefused("账号未登录")
        return self._bot, self._hearing

    def know(self, accounts: Collection[str]) -> None:
        """Ids of all accounts of the deployment: who mentions one of them speaks to the bot."""
        self._siblings = frozenset(accounts)

    def _accounts(self) -> frozenset[str]:
        return self._siblings if self._account is None else self._siblings | {self._account}

    async def send(self, to: Address, text: str, mentions: Sequence[str] = ()) -> str:
        """Say `text`; returns the platform's message id. Raises SendRefused or SendUnknown."""
        bot, hearing = self._ready()
        people = await hearing.directory.people(list(mentions))
        return await self._said(sender.send(bot, to, text, people))

    async def show(self, to: Address, attachment: Attachment) -> str:
        """Send a picture or a card; returns the platform's message id. Raises SendRefused or SendUnknown."""
        bot, _ = self._ready()
        return await self._said(showing.show(bot, to, attachment))

    async def _said(self, saying: Awaitable[str]) -> str:
        try:
            return await saying
        except Exception as error:
            if sender.says_throttle(error):
                self._inbox.push(ThrottleHeard(self._clock.now(), "操作过于频繁"))
            raise

    async def roster(self, group: str) -> RosterHeard:
        """The group as it is now. Raises SendRefused when not logged in, SendUnknown when unanswered."""
        _, hearing = self._ready()
        return await sender.certainly(hearing.roster(group))

    async def nicknames(self, group: str, people: Collection[str]) -> Mapping[str, str]:
        """What these call themselves in the group, by id; without those of whom that cannot be learned."""
        return {} if self._hearing is None else await self._hearing.directory.nicknames(group, people)

    async def remove(self, group: str, person: str) -> None:
        """Put a person out of a group. Raises SendRefused where the account may not, SendUnknown if unanswered."""
        bot, _ = self._ready()
        await sender.certainly(bot.puppet.room_delete(group, person))

    async def is_friend(self, person: str) -> bool:
        """Whether the person is a friend now; False when that cannot be learned."""
        return self._hearing is not None and await self._hearing.is_friend(person)
