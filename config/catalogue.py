"""The tag catalogue out of tags.toml: what a tag is called, who may see or change it, what it brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from bot.core.custom_tags import CustomTag
from config.sensitive import protected
from config.strict import read_strict
from config.tag_file import STRICTNESS, Dimension, Rights, Sensitivity, TagEntry, TagFile, names_of, plain_name

Action = Literal["view", "edit", "delete"]
VAGUE_VALUE = "已记录"
"""What a member reads instead of a blunt value that nobody gave neutral words to."""
VAGUE_TITLE = "其他记录"


class Catalogue:
    """All that is known about tags apart from how a rule arrives at them. Nothing here fails for an unknown tag."""

    def __init__(self, file: TagFile) -> None:
        self._file = file
        self._entries = {entry.path: entry for entry in file.tag}
        self._names = {name: entry.path for entry in file.tag for name in names_of(entry)}

    def knowing(self, tags: Iterable[CustomTag]) -> Catalogue:
        """This catalogue with the tags of a rule-set file; their titles and values are softened like all free words."""
        known = Catalogue(self._file)
        for tag in tags:
            name = tag.path.partition("/")[2]
            known._entries[tag.path] = TagEntry(
                path=tag.path,
                dimension="标签管理",
                rules=[tag.rule],
                title=self._softened(name, VAGUE_TITLE),
                sensitivity=cast("Sensitivity", tag.sensitivity),
                open="自定义",
                public="{value}",
            )
            known._names.setdefault(plain_name(tag.path), tag.path)
            known._names.setdefault(plain_name(name), tag.path)
        return known

    def __iter__(self) -> Iterator[TagEntry]:
        """The entries in the order of the file."""
        return iter(self._entries.values())

    @property
    def dimensions(self) -> Mapping[str, tuple[str, ...]]:
        """Each of the eight tag systems with its paths; 标签管理 has none of its own."""
        return {name: tuple(one.path for one in self if one.dimension == name) for name in get_args(Dimension)}

    @property
    def rights(self) -> Mapping[Sensitivity, Rights]:
        """Who may do what with tags of each sensitivity."""
        return self._file.rights

    def get(self, path: str) -> TagEntry | None:
        return self._entries.get(path)

    def find(self, text: str) -> str | None:
        """The path meant by a path, its second half, its title or one of its other names."""
        return self._names.get(plain_name(text))

    def title(self, path: str) -> str:
        """What the tag is called towards its member."""
        entry = self._entries.get(path)
        return entry.title if entry is not None else self._softened(path.rpartition("/")[2], VAGUE_TITLE)

    def public_name(self, path: str, value: str) -> str:
        """The value in words fit for its member; never one of the blunt words."""
        entry = self._entries.get(path)
        if entry is not None and value in entry.values:
            return entry.values[value]
        if entry is not None and entry.open:
            tail = value.partition("-")[2] or value
            return self._softened(entry.public.replace("{value}", value).replace("{tail}", tail), VAGUE_VALUE)
        return self._softened(value, VAGUE_VALUE)

    def _softened(self, words: str, instead: str) -> str:
        plain = plain_name(words)
        return instead if not plain or any(blunt in plain for blunt in self._file.blunt) else words

    def sensitivity(self, path: str, value: str | None = None) -> Sensitivity:
        """How closely a tag is kept. Without a value: as closely as the closest of its values."""
        found = [self._by_prefix(path)]
        entry = self._entries.get(path)
        if entry is not None:
            found.append(entry.sensitivity)
            found += [kept for name, kept in entry.stricter.items() if value in (None, name)]
        return max(found, key=STRICTNESS.index)

    def _by_prefix(self, path: str) -> Sensitivity:
        """By the longest prefix that covers the path."""
        covering = [prefix for prefix in self._file.prefixes if path == prefix or path.startswith(prefix + "/")]
        return self._file.prefixes[max(covering, key=len)] if covering else STRICTNESS[0]

    def screened(self, path: str, value: str) -> str | None:
        """Which sensitive personal information a tag given by hand or by another system is about (PIPL Art. 28).

        Values that the catalogue lists are no concern; of its paths the name is none.
        """
        entry = self._entries.get(path)
        if entry is None:
            return protected(path, value)
        return None if value in entry.values else protected(value)

    def may(self, role: str, action: str, path: str, value: str | None = None) -> bool:
        """Whether a role may view, edit or delete a tag. Give the value: without it the strictest value decides."""
        rights = self._file.rights[self.sensitivity(path, value)]
        return action in get_args(Action) and role in getattr(rights, action)

    def entitlements(self, value: str) -> tuple[str, ...]:
        """权益 of an identity; none for any other value."""
        return tuple(self._file.entitlements.get(value, ()))


def load_catalogue(config_dir: Path) -> Catalogue:
    """The catalogue of a configuration folder. Raises BadInput naming the file and the key."""
    return Catalogue(read_strict(config_dir / "tags.toml", TagFile))
