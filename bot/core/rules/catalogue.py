"""Facts about tag paths that the core needs: which may hold several values, who owns a given tag, what they rest on."""

from __future__ import annotations

MANUAL = "manual"
"""Owner name of tags that a person gave."""
IMPORT = "import"
"""Owner name of tags that came in from another system."""

MANY_VALUES = frozenset({"特殊身份/身份", "内容偏好/题材", "地域分布/商圈"})
"""Paths under which several values may hold at once; under any other a pin replaces what the rule says."""

OFFICES = frozenset({("特殊身份/身份", "管理员"), ("特殊身份/身份", "备用管理员")})
"""Tags of an appointment: they come from a grant alone, from no hand and no other system."""

_PURPOSES = {
    "人口属性": ("profile",),
    "设备特征": ("device",),
    "地域分布": ("province", "city", "precise_location"),
    "社交关系": ("behaviour",),
    "行为": ("behaviour",),
    "内容偏好": ("behaviour",),
    "消费能力": ("spending",),
}


def purposes(path: str) -> tuple[str, ...]:
    """The consent purposes one of which a tag under `path` rests on; empty for identities, stages and a firm's own."""
    return _PURPOSES.get(path.partition("/")[0], ())
