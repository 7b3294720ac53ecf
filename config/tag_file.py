"""The shape of tags.toml, and what may not be in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from config.strict import Strict

Dimension = Literal["基础属性", "行为", "生命周期", "内容偏好", "消费能力", "地域分布", "特殊身份", "标签管理"]
"""The eight tag systems. 标签管理 has no rule: tags given by hand or by other systems belong to it."""
Sensitivity = Literal["普通", "敏感", "核心"]
Role = Literal["观察员", "管理员", "运营总监"]
CORE: Sensitivity = "核心"
DIRECTOR: Role = "运营总监"
STRICTNESS: tuple[Sensitivity, ...] = ("普通", "敏感", "核心")


class Rights(Strict):
    """The roles that may see, change or take away a tag."""

    view: list[Role]
    edit: list[Role]
    delete: list[Role]


class TagEntry(Strict):
    """One tag path: `values` (value → words for the member), or `open` (what values look like) with `public`."""

    path: str = Field(pattern=r"^[^/\s]+/[^/\s]+$")
    dimension: Dimension
    rules: list[str] = Field(min_length=1)
    title: str = Field(min_length=1)
    names: list[str] = Field(default_factory=list)
    sensitivity: Sensitivity
    values: dict[str, str] = Field(default_factory=dict)
    open: str = ""
    public: str = ""
    stricter: dict[str, Sensitivity] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.values) == bool(self.open):
            raise ValueError(f"{self.path} 须在 values 与 open 中恰好写一个")
        if bool(self.open) != bool(self.public):
            raise ValueError(f"{self.path} 的 open 与 public 须一起写")
        if not all(self.values.values()):
            raise ValueError(f"{self.path} 有取值没写对本人的说法")
        unknown = sorted(self.stricter.keys() - self.values.keys())
        if unknown:
            raise ValueError(f"{self.path} 的 stricter 里有未列出的取值 {unknown[0]}")
        return self


class TagFile(Strict):
    """tags.toml."""

    blunt: list[str] = Field(min_length=1)
    prefixes: dict[str, Sensitivity]
    rights: dict[Sensitivity, Rights]
    entitlements: dict[str, list[str]]
    tag: list[TagEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problem = next(self._problems(), None)
        if problem is not None:
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        yield from self._rights_problems()
        yield from self._name_problems()
        for entry in self.tag:
            for words in (entry.title, entry.public, *entry.values.values()):
                if any(word in words for word in self.blunt):
                    yield f"{entry.path} 对本人的说法「{words}」用了 blunt 里的词"
        known = {value for entry in self.tag for value in entry.values}
        yield from (f"entitlements.{value} 不是任何标签的取值" for value in self.entitlements if value not in known)

    def _rights_problems(self) -> Iterator[str]:
        for sensitivity in STRICTNESS:
            rights = self.rights.get(sensitivity)
            if rights is None:
                yield f"rights 缺少 {sensitivity}"
            elif not {*rights.edit, *rights.delete} <= {*rights.view}:
                yield f"rights.{sensitivity} 里能改、能删的须能看"
            elif sensitivity == CORE and {*rights.view} - {DIRECTOR}:
                yield f"rights.{CORE} 只能给 {DIRECTOR}"

    def _name_problems(self) -> Iterator[str]:
        owners: dict[str, str] = {}
        for entry in self.tag:
            if entry.path in owners:
                yield f"{entry.path} 出现了两次"
            for name in names_of(entry):
                if owners.setdefault(name, entry.path) != entry.path:
                    yield f"「{name}」同时指 {owners[name]} 和 {entry.path}"


def names_of(entry: TagEntry) -> dict[str, None]:
    """All that a tag answers to, the path first."""
    return dict.fromkeys(map(plain_name, (entry.path, entry.path.partition("/")[2], entry.title, *entry.names)))


def plain_name(text: str) -> str:
    """A name as it is compared: without blanks, lower case, full-width strokes made plain."""
    return "".join(text.split()).lower().replace("／", "/")
