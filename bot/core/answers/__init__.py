"""Reading what people answer: age, gender, region and occupation in many forms, and the words that steer."""

from __future__ import annotations

from bot.core.answers.reading import read_answer
from bot.core.answers.tables import Answer, AnswerTables, Minor, Option, Question

__all__ = ["Answer", "AnswerTables", "Minor", "Option", "Question", "read_answer"]
