"""What states and kinds of outgoing messages are called where a person reads them; files and JSON keep the codes."""

from __future__ import annotations

STATES = {
    "queued": "待发",
    "awaiting": "待确认",
    "sending": "发送中",
    "sent": "已发",
    "failed": "失败",
    "unknown": "不明",
    "withheld": "没有发",
    "cancelled": "已取消",
    "expired": "已过期",
}
KINDS = {
    "admin": "答复管理员",
    "appeal": "申诉",
    "backup_begun": "备用接手",
    "backup_over": "备用交还",
    "batch": "待确认提醒",
    "campaign": "推送",
    "card": "名片",
    "checkin_summary": "签到汇总",
    "command": "答复成员",
    "friend_invite": "请加好友",
    "image": "图片",
    "growth": "成长激励",
    "level_opening": "成熟期礼遇",
    "newcomer_gift": "新人礼",
    "link": "链接",
    "lifted": "解除限制",
    "mode": "答复 #模式",
    "new_ids": "编号变化",
    "notice": "隐私说明",
    "privacy": "隐私答复",
    "questionnaire": "问卷",
    "questionnaire_reminder": "问卷提醒",
    "reactivation": "唤回",
    "recall": "召回",
    "relink": "编号合并提议",
    "removal": "移出结果",
    "removal_asked": "移出待同意",
    "restricted": "报告管理员",
    "restriction": "限制通知",
    "review": "再犯待查",
    "review_reminder": "认证提醒",
    "term_reminder": "任期提醒",
    "throttle": "限流通知",
    "tutorial": "新人教程",
    "warning": "警告",
    "welcome": "欢迎",
}


def state(code: str) -> str:
    return STATES.get(code, code)


def kind(code: str) -> str:
    return KINDS.get(code, code)
