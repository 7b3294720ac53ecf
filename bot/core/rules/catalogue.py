"""Facts about tag paths that the core needs: which may hold several values, and who owns a manual tag."""

from __future__ import annotations

MANUAL = "manual"
"""Owner name of tags that a person or another system gave."""

MANY_VALUES = frozenset({"特殊身份/身份", "内容偏好/题材", "地域分布/商圈"})
"""Paths under which several values may hold at once; under any other a pin replaces what the rule says."""
