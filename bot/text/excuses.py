"""Why a text that looks like an advert may be none: it talks about adverts (group rules, warnings, complaints), or is a
接龙, in which neighbours buy and sign up together.

Only a text without any way to reach somebody is excused, so that an advert that says 谨防骗子 stays one.
"""

from __future__ import annotations

import re

from bot.core.adverts import AdRules
from bot.core.parts import Check
from bot.text.checks import Verdict
from bot.text.contact import HANDLE, LINK, NUMBER, SHORT_LINK

NAME = "另有缘由"
NOT_ASKED = Check(NAME, False)
"""Of a text that is not suspicious: there is nothing to be excused."""
_ADVERTS = "广告|刷单|微商|代购|贷款|兼职|推销|拉人|陌生人"
_ABOUT = re.compile(
    rf"(?:禁止|严禁|禁发|不得|不许|不准|不允许|谢绝|(?:不要|别|请勿|勿)(?:再|在)?(?:群里)?[发打做接信加])[^。！!\n]{{0,8}}?(?:{_ADVERTS})"
    r"|群规|违者|(?:管理员|群主|警察|社区|物业|反诈)提醒|提醒(?:大家|各位|家里|老人)"
    r"|(?<!不)(?:是|又是|都是|肯定是|全是|就是)(?:个)?(?:骗子|骗人的|诈骗|传销|骗局)(?!勿|的?别|的?滚|死)"
    r"|千万(?:别|不要)(?:再)?(?:信|投|加|点|买|转|上当)|(?:差点|已经|刚)被[^，。,]{0,20}骗|被[^，。,子]{1,20}骗了"
    r"|发[^，。,]{0,12}广告的?[^，。,]{0,6}(?:踢|移出|拉黑|举报|烦|封|又来|注意)|广告[^，。,]{0,6}(?:烦死|太多|踢|移出|拉黑)"
)


def told(low: str, letters: str, chain: bool) -> Check:
    """The check of a text by its lower-cased folded form and its letters; it hits where there is an excuse."""
    about = _ABOUT.search(low)
    reason = "接龙" if chain else f"在说广告：{about[0]}" if about else ""
    if not reason or NUMBER.search(letters) or any(kind.search(low) for kind in (HANDLE, LINK, SHORT_LINK)):
        return NOT_ASKED
    return Check(NAME, True, reason)


def eased(verdict: Verdict, check: Check, rules: AdRules) -> Verdict:
    """The verdict with this check too: of the score of an excused text `AdRules.excused` is left."""
    score = round(verdict.score * rules.excused, 3) if check.hit else verdict.score
    return Verdict(score >= rules.bar, score, (*verdict.checks, check))
