"""What the configuration says for the audit of tags."""

from __future__ import annotations

from bot.services.reports.audit import Standards
from config.assessment import load_assessments
from handlers.house import House


def standards_of(house: House) -> Standards:
    """Raises BadInput for an assessment file that cannot be read."""
    catalogue = house.catalogue
    return Standards(
        paths=tuple(entry.path for entry in catalogue),
        sensitivity=catalogue.sensitivity,
        assessment=load_assessments(house.settings.config_dir).of,
        screened=catalogue.screened,
    )
