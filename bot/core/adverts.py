"""Weights and bars of the advert verdict, and how the strengths of independent checks join."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdRules:
    """Strengths (0–1) of the advert checks, and the bars between which they count."""

    contact_offer: float = 0.6
    """A number or account to reach, beside an offer."""
    solicit_offer: float = 0.55
    """"Who wants it, write to me", beside an offer."""
    link_offer: float = 0.3
    """A link beside an offer."""
    short_link_offer: float = 0.55
    """A shortened link beside an offer."""
    priced_contact: float = 0.3
    """A price and a way to reach the seller, beside an offer."""
    many_offers: float = 0.2
    """At least `many` different offer words."""
    many: int = 4
    """Offer words that are many."""
    classifier: float = 1.0
    """Share of the trained model's strength that counts; 0 leaves the model out."""
    classifier_beside: float = 0.25
    """Strength from which the model adds to what the lists found; below it only the stronger of the two counts."""
    bar: float = 0.5
    """Score from which a text is an advert; the model's strength is 0.5 where 0.5 % of unseen ham passes it."""


def joined(strengths: Iterable[float]) -> float:
    """1 − Π(1 − s): independent reasons add up and never pass 1."""
    doubt = 1.0
    for strength in strengths:
        doubt *= 1 - strength
    return 1 - doubt
