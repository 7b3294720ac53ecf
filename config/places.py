"""Points of reference of places: lexicon/places.tsv (China) and lexicon/abroad.tsv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.zones import ABROAD, CHINA
from bot.errors import BadInput
from config.strict import read_text


@dataclass(frozen=True, slots=True)
class Locality:
    """A city (or a country abroad) with its WGS-84 points (latitude, longitude); `city` "" where there is none."""

    province: str
    city: str
    zone: str
    points: tuple[tuple[float, float], ...]


def load_places(folder: Path) -> tuple[Locality, ...]:
    """All localities of a configuration folder. Raises BadInput naming file and line."""
    lexicon = folder / "lexicon"
    home = (Locality(row[0], row[1], CHINA, points) for row, points in _rows(lexicon / "places.tsv"))
    abroad = (
        Locality(ABROAD + row[0], ABROAD + row[0], row[1], points) for row, points in _rows(lexicon / "abroad.tsv")
    )
    return (*home, *abroad)


def _rows(path: Path) -> Iterator[tuple[list[str], tuple[tuple[float, float], ...]]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        row = line.split("\t")
        if len(row) != 3 or not row[0]:
            raise BadInput(f"{path.name}：第 {number} 行应有 3 列")
        yield row, tuple(_point(words, path.name, number) for words in row[2].split())


def _point(words: str, file: str, number: int) -> tuple[float, float]:
    try:
        latitude, longitude = map(float, words.split(","))
    except ValueError:
        raise BadInput(f"{file}：第 {number} 行的“{words[:30]}”不是 纬度,经度") from None
    return latitude, longitude
