"""`/me/{letters}`: a member's own data, consents one by one, the ways out, and erasure, asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.core.instants import iso
from bot.services.passes import OWN
from handlers.commands import copies, privacy
from handlers.commands.privacy import CONSENTED, OBJECTED
from handlers.commands.purposes import AGREE, END
from handlers.commands.spec import Command, audit
from handlers.house import House
from handlers.reasons import date
from handlers.web import own_data
from handlers.web.acting import BY_WORD, OnPage, asked_by, press
from handlers.web.guard import Closed, form_of
from handlers.web.letters import Opened, Opener
from handlers.web.pages import HEADERS, Pages, View
from handlers.web.site import Site
from storage.unit_of_work import UnitOfWork

WORDS = ("退订", "关闭个性化", "拒绝画像", "撤回授权", "申诉")
"""Commands that the page offers as they are."""
FORGET, SURELY, BACK = "忘记我", "确定忘记我", "返回"
AS_FILE = {"Content-Disposition": 'attachment; filename="my-data.json"'}


def routes(site: Site, pages: Pages, opener: Opener) -> APIRouter:
    router = APIRouter(prefix=f"/{OWN}")
    house = site.house

    @router.get("/{letters}")
    async def look(request: Request, letters: str) -> Response:
        return pages.show(await opener.read(request, OWN, letters, lambda uow, opened: _page(uow, house, opened, ())))

    @router.post("/{letters}")
    async def act(request: Request, letters: str) -> Response:
        form = await form_of(request)
        view = await opener.write(request, OWN, letters, lambda uow, opened: _act(uow, house, opened, form))
        site.stir()
        return pages.show(view)

    @router.post("/{letters}/data")
    async def take_away(request: Request, letters: str) -> Response:
        await form_of(request)
        data = await opener.write(request, OWN, letters, lambda uow, opened: _copy(uow, house, opened))
        return Response(data, headers={**HEADERS, **AS_FILE}, media_type="application/json")

    return router


def _page(uow: UnitOfWork, house: House, opened: Opened, told: Sequence[str]) -> View:
    asked = asked_by(uow, house, opened.member, opened.press(""), "我的标签")
    until = date(iso(opened.row.expires_at, house.zone) or "")
    values = {"told": told, "until": until, "press": opened.new_press(), "letters": opened.letters}
    return View("me", values | own_data.shown(asked))


def _act(uow: UnitOfWork, house: House, opened: Opened, form: Mapping[str, str]) -> View:
    word, _, purpose = form.get("do", "").partition(":")
    number = opened.press(form.get("press", ""))
    if word == BACK:
        return _page(uow, house, opened, ())
    if word in (FORGET, SURELY):
        return _forget(asked_by(uow, house, opened.member, number, FORGET), opened, word)
    command = _command(word, purpose)
    told = press(asked_by(uow, house, opened.member, number, command.word, purpose), command)
    return _page(uow, house, opened, told)


def _forget(asked: OnPage, opened: Opened, word: str) -> View:
    """The first press asks; only the button of that second page erases, also when the word was said in chat before."""
    if word == SURELY and privacy.is_sure(asked):
        return View("over", {"told": press(asked, BY_WORD[FORGET])})
    if not privacy.is_sure(asked):
        press(asked, BY_WORD[FORGET])
    return View("forget", {"press": opened.new_press(), "minutes": privacy.MINUTES_TO_CONFIRM})


def _copy(uow: UnitOfWork, house: House, opened: Opened) -> bytes:
    asked = asked_by(uow, house, opened.member, opened.press(""), copies.WORD)
    audit(asked, result="完成")
    return own_data.copied(asked)


def _command(word: str, purpose: str) -> Command:
    """What a button gives. Raises Closed for one that no page has."""
    if word in WORDS:
        return BY_WORD[word]
    known = {AGREE.word: AGREE, END.word: END}.get(word)
    if known is None or purpose not in (*CONSENTED, *OBJECTED):
        raise Closed(400)
    return known
