"""What a message is besides speech: a command to the bot, a check-in, an answer (RULEBOOK §0 "valid message")."""

from __future__ import annotations

CHECKIN = "签到"
MEMBER_COMMANDS = frozenset(
    "签到 我的标签 问卷 跳过 撤回授权 拒绝画像 关闭个性化 退订 申诉 导出我的数据 忘记我".split()
)
ADMIN_WORDS = frozenset(
    (
        "帮助 免打扰 审计 成熟度 人脉 邀请榜 建议 采纳 标注 成员 标签 打标 去标 为什么 名单 看板 规则 任命 认证 审核 "
        "解除 移出 召回 推送 确认 质检 模式 词典 链接 合并 拆分 导出"
    ).split()
)
LONGEST_COMMAND = 2000
MARKS = " \t\r\n「」『』“”‘’\"'。.！!～~"
"""What people put around a word they were told to send: 「退订」, 退订！"""


def admin_word(text: str) -> str | None:
    """The admin command a text begins with, or None; WeChat's own #接龙 is none."""
    if text[:1] not in ("#", "＃"):  # phones type either form
        return None
    head = text[1:LONGEST_COMMAND].split(maxsplit=1)
    return head[0] if head and head[0] in ADMIN_WORDS else None


def member_word(text: str) -> str | None:
    """The member's command that a text is, marks around it aside; a check-in is the bare word alone."""
    word = text.strip(MARKS) if len(text) < LONGEST_COMMAND else text
    return word if word in MEMBER_COMMANDS and (word != CHECKIN or word == text.strip()) else None


def role_of(text: str) -> str:
    """ "checkin", "command" or "" (speech)."""
    bare = text.strip() if len(text) < LONGEST_COMMAND else text
    if bare == CHECKIN:
        return "checkin"
    if member_word(bare) is not None or admin_word(bare) is not None:
        return "command"
    return ""
