"""Why a checked value is refused, in Chinese. pydantic says it in English; its kinds of problem are stable names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN = "value_error"
"""A validator of ours spoke: its words are Chinese already."""
_WORDS = {
    "extra_forbidden": "是未知的键",
    "missing": "缺少",
    "string_type": "须为文字",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "float_parsing": "须为数字",
    "finite_number": "须为有限的数字",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "list_type": "须为数组",
    "tuple_type": "须为数组",
    "dict_type": "须为一节",
    "model_type": "须为一节",
    "model_attributes_type": "须为一节",
    "string_pattern_mismatch": "写法不对",
    "less_than_equal": "最大 {le}",
    "less_than": "须小于 {lt}",
    "greater_than_equal": "最小 {ge}",
    "greater_than": "须大于 {gt}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
}


def reason(problem: Mapping[str, Any]) -> str:
    """One problem of a pydantic ValidationError; the value itself may be a secret and is not repeated."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == OWN:
        return str(problem["msg"]).removeprefix("Value error, ")
    if kind in ("literal_error", "enum"):
        return "只能是 " + str(context["expected"]).replace(" or ", "、").replace(", ", "、").replace("'", "")
    return _WORDS.get(kind, "写法不对").format(**context)
