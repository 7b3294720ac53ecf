"""Reading a TOML file into a strict model: an unknown key, a wrong type or a missing one is refused by name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadInput

_WORDS = {"extra_forbidden": "是未知的键", "missing": "缺少"}


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
        raise BadInput(f"{path.name}：读不出来（{error.strerror}）") from None


def read_strict(path: Path, model: type[Model]) -> Model:
    """The validated content of a TOML file. Raises BadInput naming the file and the key."""
    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path.name}：不是合法的 TOML（{error}）") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"{path.name}：{_first(error)}") from None


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    said = problem["msg"].removeprefix("Value error, ")
    return f"{place} {_WORDS.get(problem['type'], said)}".strip()
