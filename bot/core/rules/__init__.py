"""All tag rules, one file per dimension. A new rule is one value in its file's RULES."""

from __future__ import annotations

from bot.core.rules import (
    backup,
    base_attributes,
    behaviour,
    cohort,
    content,
    devices,
    geography,
    identity,
    influence,
    spending,
    stage,
)
from bot.core.rules.spec import Rule

RULES: tuple[Rule, ...] = (
    *base_attributes.RULES,
    *behaviour.RULES,
    *stage.RULES,
    *content.RULES,
    *spending.RULES,
    *cohort.RULES,
    *identity.RULES,
    *backup.RULES,
    *influence.RULES,
    *devices.RULES,
    *geography.RULES,
)

RULES_ON: dict[str, tuple[Rule, ...]] = {
    trigger: tuple(rule for rule in RULES if trigger in rule.on)
    for trigger in sorted({trigger for rule in RULES for trigger in rule.on})
}
"""The rules to evaluate at once after an event of a type."""

RULES_DAILY: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.daily is not None)

RULE_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
