"""Rule files: strict TOML → RuleSet. Absent means the default; an unknown key, a wrong type or an impossible bar is refused."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.core.ruleset import RuleSet
from bot.errors import BadInput

_ADAPTER = TypeAdapter(RuleSet)


def read_rule_file(path: Path) -> tuple[RuleSet, str]:
    """The rules of a file and its text. Raises BadInput naming the file and the key."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"规则文件 {path}：{_cause(error)}") from None
    return parse_rules(content, str(path)), content


def parse_rules(content: str, name: str = "规则") -> RuleSet:
    """Rules from TOML text. Raises BadInput."""
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{name}：不是合法的 TOML（{error}）") from None
    return _validated(data, name)


def digest(content: str) -> str:
    """What tells two rule files apart: the hash of their meaning, comments left out."""
    return hashlib.sha256(repr(parse_rules(content)).encode()).hexdigest()


def _validated(data: dict[str, Any], name: str) -> RuleSet:
    try:
        return _ADAPTER.validate_python(_numbers(data))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{name}：{place} {_words(first)}".rstrip()) from None


def _numbers(data: Any) -> Any:
    """Reject negative bars at once: no rule has one."""
    if isinstance(data, dict):
        return {key: _numbers(value) for key, value in data.items()}
    if isinstance(data, (int, float)) and not isinstance(data, bool) and data < 0:
        raise BadInput(f"规则：门槛不能是负数（{data}）")
    return data


def _words(error: Any) -> str:
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return "是未知的键"
    return str(error["msg"]).removeprefix("Value error, ")


def _cause(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 文本"
    return getattr(error, "strerror", None) or str(error)
