"""Reading a TOML file into a strict model: an unknown key, a wrong type or a missing one is refused by name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadInput, why
from config.refusal import reason

_PLACE = re.compile(r"at line (\d+), column (\d+)")


class Strict(BaseModel):
    """Base of every file's model."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=Strict)


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, a byte order mark aside. Raises BadInput."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path.name}：不是 UTF-8 文本") from None
    except OSError as error:
        raise BadInput(f"{path.name}：读不出来（{why(error)}）") from None


def read_toml(content: str, name: str) -> dict[str, Any]:
    """What a text says; `name` begins every refusal. Raises BadInput."""
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{name}：{_where(str(error))}不是合法的 TOML（{_why(str(error))}）") from None
    except (RecursionError, ValueError):  # nested too deeply; a number of thousands of digits
        raise BadInput(f"{name}：不是合法的 TOML（嵌套太深或数字太长）") from None


def _where(problem: str) -> str:
    found = _PLACE.search(problem)
    return f"第 {found[1]} 行第 {found[2]} 列" if found else ""


def _why(problem: str) -> str:
    """The usual slips in Chinese."""
    if "overwrite" in problem or "twice" in problem:
        return "同一个键或同一节写了两次"
    return "结尾不完整" if "end of document" in problem else "写法不对"


def read_strict(path: Path, model: type[Model]) -> Model:
    """The validated content of a TOML file. Raises BadInput naming the file and the key."""
    data = read_toml(read_text(path), path.name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"{path.name}：{_first(error)}") from None


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place} {reason(problem)}".strip()
