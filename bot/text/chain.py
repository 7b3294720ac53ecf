"""接龙: a list that members copy on and add a line to. It is neither flood nor repetition."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"^[ \t]*(\d{1,3})[ \t]*[.、)．:：,，][ \t]*(\S.*)$", re.MULTILINE)
SHORTEST = 3
"""Lines that make a numbered list a 接龙 when nothing says so; one line is enough under a 接龙 heading."""
LONGEST_ENTRY = 30
"""Characters of an entry in a list without heading: names and counts, not paragraphs."""


def is_chain(folded: str) -> bool:
    """Whether a folded text is WeChat's `#接龙`, or a list of short lines numbered 1, 2, 3 ….

    A heading alone is none: the word must not buy a flooder his way out.
    """
    if "接龙" not in folded and folded.count("\n") < SHORTEST - 1:
        return False
    entries = [(int(found[1]), found[2]) for found in _NUMBERED.finditer(folded)]
    if [number for number, _ in entries] != list(range(1, len(entries) + 1)):
        return False
    if "接龙" in folded.lstrip().split("\n", 1)[0]:
        return len(entries) >= 1
    return len(entries) >= SHORTEST and all(len(entry) <= LONGEST_ENTRY for _, entry in entries)
