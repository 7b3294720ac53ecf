"""`/q/{letters}`: the member's open questionnaire on one page. Its letters are used up when it is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.core.answers.tables import Question
from bot.core.conversation import MARKETING, PROFILE, Conversation, conversation_from
from bot.core.questionnaire_sheet import UNCLEAR
from bot.services import sheets
from bot.services.intake import Prepared
from bot.services.passes import QUESTIONS
from handlers.house import House
from handlers.turn import record
from handlers.web.acting import asked_by
from handlers.web.guard import form_of
from handlers.web.letters import Opened, Opener
from handlers.web.pages import Pages, View
from handlers.web.site import Site
from storage.unit_of_work import UnitOfWork

_OWN = "_own"
"""Ends the name of the box in which an answer is written that no option says."""
_FEW = 2
"""So many options say all there is to say."""


def routes(site: Site, pages: Pages, opener: Opener) -> APIRouter:
    router = APIRouter(prefix=f"/{QUESTIONS}")
    house = site.house

    @router.get("/{letters}")
    async def look(request: Request, letters: str) -> Response:
        return pages.show(await opener.read(request, QUESTIONS, letters, lambda uow, opened: _open(uow, house, opened)))

    @router.post("/{letters}")
    async def fill_in(request: Request, letters: str) -> Response:
        form = await form_of(request)
        view = await opener.write(request, QUESTIONS, letters, lambda uow, opened: _take(uow, house, opened, form))
        site.stir()
        return pages.show(view)

    return router


def _open(uow: UnitOfWork, house: House, opened: Opened) -> View:
    here = _conversation(uow, opened.member)
    return _over(house, ("questionnaire.stopped",)) if here is None else _sheet(house, opened, here, {}, ())


def _conversation(uow: UnitOfWork, member: str) -> Conversation | None:
    row = uow.conversations.get(member)
    return conversation_from(row.state) if row is not None and row.status == "asking" else None


def _take(uow: UnitOfWork, house: House, opened: Opened, form: Mapping[str, str]) -> View:
    asked = asked_by(uow, house, opened.member, opened.press(form.get("press", "")), "问卷")
    questions = (PROFILE, *house.onboarding.questionnaire.order, MARKETING)
    answers = {name: form.get(name + _OWN, "").strip() or form.get(name, "") for name in questions}
    filled = sheets.take(uow, house, asked.said, answers)
    if filled is None:
        return _over(house, ("questionnaire.stopped",))
    if filled.facts:
        record(uow, house, [Prepared(fact) for fact in filled.facts])
    here = _conversation(uow, opened.member)
    if not filled.over and here is not None:
        return _sheet(house, opened, here, form, filled.misread)
    uow.passes.use(opened.row.keyed_hash, house.now())
    return _over(house, [reply.key for reply in filled.replies])


def _over(house: House, keys: Sequence[str]) -> View:
    return View("over", {"told": [house.messages.text(key) for key in keys]})


def _sheet(house: House, opened: Opened, here: Conversation, form: Mapping[str, str], misread: Sequence[str]) -> View:
    """The questions with what was written so far; `misread` are to be answered again."""
    questionnaire = house.onboarding.questionnaire
    asked = [_box(house, name, questionnaire.tables.questions[name], form) for name in questionnaire.order]
    values = {
        "press": opened.new_press(),
        "notice": house.messages.text("privacy.long"),
        "consented": here.step != PROFILE,
        "unclear": here.minor == UNCLEAR,
        "minor": here.minor is not None,
        "questions": asked,
        "given": {name: form.get(name, "") for name in (PROFILE, MARKETING)},
        "misread": misread,
        "ask_years": house.messages.text("questionnaire.ask_years"),
        "profile": house.onboarding.texts["question.profile"].splitlines()[0],
        "marketing": house.onboarding.texts["question.marketing"].splitlines()[0],
    }
    return View("q", values)


def _box(house: House, name: str, question: Question, form: Mapping[str, str]) -> dict[str, Any]:
    labels = [option.label for option in question.options]
    return {
        "name": name,
        "text": house.onboarding.texts[f"question.{name}"].splitlines()[0],
        "options": labels,
        "chosen": form.get(name, ""),
        "own": None if 0 < len(labels) <= _FEW else form.get(name + _OWN, "")[:60],
        "examples": question.examples,
    }
