"""Suggested tags (RULEBOOK §8): words that have become characteristic of a group of members, by class-based TF-IDF.

The group of a word is made of the members who use it: in at least `USES` messages of the window each. Its class is all
that they say; the other class is all that the rest says. The score is that of c-TF-IDF (Grootendorst 2022, BERTopic),

    W = tf · log(1 + A / f)

with tf the word's share of its group's words, f how often it occurs in both classes together, and A the mean number of
words of the two classes. A word counts once a message, so that one long text makes no group. A word that more than
`WIDEST` of all speakers use belongs to everybody and characterises nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log

LEAST_MEMBERS = 5
USES = 2
WIDEST = 2 / 3
WINDOW_DAYS = 30
LONGEST = 12
"""Characters of a word that can name a tag."""

Spoken = Mapping[str, Mapping[str, int]]
"""Member → word → in how many of his messages it occurs."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word that could become a tag: how many members use it, in how many of their messages, and its score."""

    word: str
    members: int
    messages: int
    score: float


def count_words(said: Iterable[tuple[str, Iterable[str]]]) -> dict[str, Counter[str]]:
    """What each member speaks of, from (member, words of one message)."""
    spoken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for member, words in said:
        spoken[member].update(set(words))
    return dict(spoken)


def propose(spoken: Spoken, fits: Callable[[str], bool]) -> list[Proposal]:
    """The words that characterise a group, the most characteristic first; `fits` screens words and is asked last."""
    totals = {member: sum(counts.values()) for member, counts in spoken.items()}
    users = _users(spoken)
    found = [
        _rated(word, group, spoken, totals)
        for word, group in users.items()
        if LEAST_MEMBERS <= len(group) <= WIDEST * len(spoken) and _could_name_a_tag(word) and fits(word)
    ]
    return sorted(found, key=lambda one: (-one.score, one.word))


def _users(spoken: Spoken) -> dict[str, list[str]]:
    users: defaultdict[str, list[str]] = defaultdict(list)
    for member, counts in spoken.items():
        for word, count in counts.items():
            if count >= USES:
                users[word].append(member)
    return users


def _could_name_a_tag(word: str) -> bool:
    return 2 <= len(word) <= LONGEST and word.isalnum() and not word[0].isdigit()


def _rated(word: str, group: list[str], spoken: Spoken, totals: Mapping[str, int]) -> Proposal:
    inside = sum(spoken[member][word] for member in group)
    everywhere = sum(counts.get(word, 0) for counts in spoken.values())
    size = sum(totals[member] for member in group)
    mean = sum(totals.values()) / 2
    return Proposal(word, len(group), inside, round(inside / size * log(1 + mean / everywhere), 6))


def says(text: str, word: str) -> bool:
    """Whether a text holds a word, as letters: the same whatever dictionary is in force.

    A word of Latin letters stands by itself ("go" is not in "good").
    """
    text, word = text.lower(), word.lower()
    place = text.find(word)
    while place >= 0:
        if not word.isascii() or _stands_alone(text, place, place + len(word)):
            return True
        place = text.find(word, place + 1)
    return False


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not any(char.isascii() and char.isalnum() for char in text[max(0, start - 1) : start] + text[end : end + 1])
