"""The page of the configuration folder says what the source says."""

from __future__ import annotations

import pytest

from bot.core.rules import RULES
from config.catalogue import load_catalogue
from config.describe import GROUNDS, LAYOUT, PAGE, page
from config.settings import PACKAGED_CONFIG

CATALOGUE = load_catalogue(PACKAGED_CONFIG)
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_in_step() -> None:
    assert page(CATALOGUE) == TEXT, "run: python -m config.describe"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_described_with_its_ground_and_its_end(rule: object) -> None:
    name, ends, paths, purpose = (getattr(rule, key) for key in ("name", "ends", "paths", "purpose"))
    assert f"规则 `{name}`：依据：{GROUNDS[purpose]}。何时结束：{ends}" in TEXT
    assert all(f"#### {path}\n" in TEXT for path in paths)


def test_every_value_and_its_rights_are_shown() -> None:
    for entry in CATALOGUE:
        part = TEXT.partition(f"#### {entry.path}\n")[2].partition("\n#")[0]
        assert all(f"`{value}`" in part for value in entry.values)
        assert f"敏感度：{entry.sensitivity}" in part
        assert "查看 " in part


def test_every_file_of_the_folder_has_a_line_and_every_line_a_file() -> None:
    files = {
        path.relative_to(PACKAGED_CONFIG).as_posix()
        for path in PACKAGED_CONFIG.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and not path.name.startswith(".")
    }
    covered = {name: {file for file in files if file == name or file.startswith(name)} for name in LAYOUT}
    assert set().union(*covered.values()) == files
    assert all(covered.values())
