"""Group talk written for the topics that only word lists give, with the topic of each sentence."""

from __future__ import annotations

from pathlib import Path

NONE = "无"
"""Label of a sentence that has none of the four topics."""
_LINES = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
TALK = [(topic, text) for topic, _, text in (line.partition("\t") for line in _LINES if not line.startswith("#"))]
