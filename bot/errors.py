"""Refusals: what is told to a person in one line instead of a traceback."""

from __future__ import annotations


class Refused(Exception):
    """The request cannot be carried out; str() is one Chinese line for the person who asked."""


class BadInput(Refused):
    """What was given is malformed; the line names the file, line or field."""
