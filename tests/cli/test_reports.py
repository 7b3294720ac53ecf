"""`report`: what is known of the deployment as a whole, on both databases."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_an_export_is_a_reading(each_cli: Cli) -> None:
    each_cli("export", "--format", "jsonl")
    found = each_cli("report", "access", "--json").document
    assert [(one["actor"], one["reads"]) for one in found["actors"]] == [("命令行", 1)]
    assert "谁看过" in each_cli("report", "access").out
