"""[[custom]] in a rule-set file: tags of the operators' own, each an expression over the documented facts."""

from __future__ import annotations

from typing import Any

from bot.core.custom_facts import VARIABLES
from bot.core.custom_tags import PREFIX, CustomTag
from bot.core.rules import catalogue
from config.expressions import BadExpression, Expression, compile_condition
from config.sensitive import protected

MOST = 50
KEYS = {"path": str, "value": str, "when": str, "sensitivity": str, "weight": float}
NEEDED = ("path", "value", "when")
STRICTNESS = ("普通", "敏感", "核心")
LONGEST_NAME = 20
_CORE = ("行为/消费转化", "特殊身份/身份=KO", "特殊身份/KO")


def read_custom(blocks: object) -> tuple[CustomTag, ...]:
    """The custom tags of a rule-set file. Raises ValueError naming the block and the key, in Chinese."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ValueError("custom 须写成若干节 [[custom]]")
    if len(blocks) > MOST:
        raise ValueError(f"custom 最多 {MOST} 个")
    found = tuple(_tag(number, block) for number, block in enumerate(blocks, 1))
    names = [tag.rule for tag in found]
    twice = next((tag for tag in found if names.count(tag.rule) > 1), None)
    if twice is not None:
        raise ValueError(f"custom：{twice.path}={twice.value} 写了两次")
    return found


def _tag(number: int, block: dict[str, Any]) -> CustomTag:
    place = f"custom 第 {number} 个"
    _check_keys(place, block)
    path, value = block["path"].strip(), block["value"].strip()
    _check_name(place, path, value)
    try:
        condition = compile_condition(block["when"])
    except BadExpression as problem:
        raise ValueError(f"{place}（{path}）的 when：{problem}") from None
    sensitivity = block.get("sensitivity", STRICTNESS[0])
    least = _least(condition)
    if sensitivity not in STRICTNESS:
        raise ValueError(f"{place} 的 sensitivity 须为 {'、'.join(STRICTNESS)}")
    if STRICTNESS.index(sensitivity) < STRICTNESS.index(least):
        raise ValueError(f"{place}（{path}）用到了{least}的依据，sensitivity 至少要写 {least}")
    return _compiled(condition, path, value, sensitivity, float(block.get("weight", 1.0)))


def condition_tag(when: str) -> CustomTag:
    """A condition by itself, to be looked at before it is a tag. Raises ValueError, in Chinese."""
    condition = compile_condition(when)
    return _compiled(condition, f"{PREFIX}/预览", "符合", _least(condition), 1.0)


def _compiled(condition: Expression, path: str, value: str, sensitivity: str, weight: float) -> CustomTag:
    moves = any(VARIABLES[name].moves for name in condition.names)
    grounds = _grounds(condition)
    return CustomTag(path, value, condition.source, sensitivity, weight, condition.names, grounds, moves, condition)


def _check_keys(place: str, block: dict[str, Any]) -> None:
    unknown = next((key for key in block if key not in KEYS), None)
    if unknown is not None:
        raise ValueError(f"{place} 的 {unknown} 是未知的键")
    missing = next((key for key in NEEDED if key not in block), None)
    if missing is not None:
        raise ValueError(f"{place} 缺少 {missing}")
    for key, value in block.items():
        if KEYS[key] is str and not (isinstance(value, str) and value.strip()):
            raise ValueError(f"{place} 的 {key} 须为文字")
    weight = block.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
        raise ValueError(f"{place} 的 weight 须为 0–1 的数字")


def _check_name(place: str, path: str, value: str) -> None:
    """A custom tag has a path of its own, never one of the catalogue's, and is about nothing protected."""
    first, _, second = path.partition("/")
    if first != PREFIX or not second or "/" in second or any(sign.isspace() or sign == "=" for sign in path):
        raise ValueError(f"{place} 的 path（{path[:LONGEST_NAME]}）不在标签目录里，须写成「{PREFIX}/名称」")
    if len(second) > LONGEST_NAME or len(value) > LONGEST_NAME or not value.isprintable():
        raise ValueError(f"{place} 的 path 和 value 须为一行，各最多 {LONGEST_NAME} 个字")
    touched = protected(second, value)
    if touched is not None:
        raise ValueError(f"{place}（{path}={value}）涉及敏感个人信息：{touched}，不能做成标签")


def _grounds(condition: Expression) -> tuple[tuple[str, ...], ...]:
    """The consents that the named facts rest on, and those of the tags whose paths stand in the expression."""
    rows: set[tuple[str, ...]] = {
        (purpose,) for name in condition.names if (purpose := VARIABLES[name].purpose) is not None
    }
    if "tags" in condition.names:
        rows |= {row for literal in condition.literals if (row := catalogue.purposes(literal))}
    return tuple(sorted(rows))


def _least(condition: Expression) -> str:
    """As sensitive as the most sensitive of its grounds; a look at all tags that names none is a look at everything."""
    grounds = {purpose for row in _grounds(condition) for purpose in row}
    over_tags = "tags" in condition.names
    if "spending" in grounds or (over_tags and any(one.startswith(_CORE) for one in condition.literals)):
        return "核心"
    if over_tags and not all("/" in one for one in condition.literals):
        return "核心"
    return "敏感" if grounds - {"behaviour"} or (over_tags and "争议" in condition.source) else "普通"
