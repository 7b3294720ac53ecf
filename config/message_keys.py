"""Every text the bot says, by key, and the placeholders its wording may use. A text is added here and in zh_CN.toml."""

from __future__ import annotations

_NAME = "name"
_OFFER = "name code until"
_BREACH = "name reason"

PLACEHOLDERS: dict[str, str] = {
    "welcome.one": "names",
    "welcome.several": "names",
    "welcome.entered": "",
    "privacy.short": "",
    "privacy.long": "",
    "questionnaire.group_hint": "",
    "questionnaire.not_understood": "",
    "questionnaire.ask_years": "",
    "questionnaire.moved_on": "",
    "questionnaire.first": "",
    "questionnaire.editing": "",
    "questionnaire.reminder": "",
    "questionnaire.thanks": "",
    "questionnaire.declined": "",
    "questionnaire.stopped": "",
    "questionnaire.child_closing": "",
    "outreach.footer": "",
    "outreach.newcomer_gift": _OFFER,
    "outreach.newcomer_gift_plain": _NAME,
    "outreach.recall": _OFFER,
    "outreach.recall_plain": _NAME,
    "outreach.reactivation": _NAME,
    "outreach.growth": _NAME,
    "outreach.friend_invitation": _NAME,
    "moderation.warning_flood": _BREACH,
    "moderation.warning_ad": _BREACH,
    "moderation.warning_newcomer": _BREACH,
    "moderation.restricted": _NAME,
    "moderation.appeal_received": "",
    "moderation.appeal_nothing": "",
    "moderation.lifted": _NAME,
    "command.checkin": "names",
    "command.checkin_many": "names count",
    "command.checkin_own": "days month_days",
    "command.my_tags": "tags",
    "command.my_tags_none": "",
    "command.sent_directly": "",
    "command.consent_withdrawn": "",
    "command.consent_nothing": "",
    "command.profiling_refused": "",
    "command.unsubscribed": "",
    "command.forget_confirm": "minutes",
    "command.forgotten": "",
    "command.busy": "",
}
