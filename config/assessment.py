"""assessment.toml: why each closely kept tag is needed, what it may do to its member, what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from config.strict import Strict, read_strict

UNWRITTEN = "未写明"


class Entry(Strict):
    """The assessment of the paths that begin with `prefix`."""

    prefix: str = Field(min_length=1)
    necessity: str = Field(min_length=1)
    impact: str = Field(min_length=1)
    measures: str = Field(min_length=1)


class Assessments(Strict):
    """The whole file."""

    entry: list[Entry]

    def of(self, path: str) -> Mapping[str, str]:
        """By the longest prefix that covers the path; a path that none covers is said to be unwritten."""
        covering = [one for one in self.entry if path == one.prefix or path.startswith(one.prefix + "/")]
        if not covering:
            return dict.fromkeys(("necessity", "impact", "measures"), UNWRITTEN)
        best = max(covering, key=lambda one: len(one.prefix))
        return {"necessity": best.necessity, "impact": best.impact, "measures": best.measures}


def load_assessments(folder: Path) -> Assessments:
    """Raises BadInput naming the file and the key."""
    return read_strict(folder / "assessment.toml", Assessments)
