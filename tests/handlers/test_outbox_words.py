"""What kinds of outgoing messages are called towards a person."""

from __future__ import annotations

import pytest

from bot.core.moves import ENTRY_PLANS
from bot.services.admins import HANDOVERS, TOLD
from bot.services.delivery import MODE_ANSWER
from bot.services.outreach import CAMPAIGNS, OF_A_MOMENT, OF_STANDING, TO_ADMINS
from handlers.outbox_words import kind

PLANNED = {
    MODE_ANSWER,
    *ENTRY_PLANS.values(),
    *TOLD,
    *HANDOVERS,
    *CAMPAIGNS,
    *OF_A_MOMENT,
    *OF_STANDING.values(),
    *TO_ADMINS,
}


@pytest.mark.parametrize("code", sorted(PLANNED))
def test_every_kind_has_a_chinese_name(code: str) -> None:
    assert kind(code) != code
