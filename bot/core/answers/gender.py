"""Gender: 男 or 女, said in many ways; what is neither is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.answers.tables import Answer, Option

_BEFORE = re.compile(r"^(?:我|本人|俺|性别|就?是|一名|一个|一枚|一位|个|名|纯|妥妥|当然|:)+")
_AFTER = re.compile(r"(?:的|滴|哒|了|啦|呢|哦|噢|哈|啊|呀|吧|~|一枚|一个|一名|一只)+$")


def read_gender(text: str, options: Iterable[Option]) -> Answer | None:
    """The option whose words the compact text is, polite words aside."""
    said = text[:20]
    core = _AFTER.sub("", _BEFORE.sub("", said))
    for option in options:
        if said in option.words or core in option.words:
            return Answer(option.value)
    return None
