"""Weights and bars of the advert verdict, and how the strengths of independent checks join.

What the bars cost was measured on the quarter of the chat data that the model was not fitted to: 7566 harmless texts,
of which 0.42 % pass the bar by themselves, and 6646 adverts, of which 95.8 % do. If every text were posted like that:

| posted | ham flagged besides | of the missed adverts found |
|---|---|---|
| as a newcomer's first message | 0.15 % | 9 % |
| by two newcomers alike / in a wave of joins | 0.93 % / 0.99 % | 45 % / 48 % |
| by a newcomer, with a card or an image | 0.96 % | 43 % |
| by four old members alike | 0.12 % | 9 % |
| by one old member in two / in four groups | 0.11 % / 0.32 % | 6 % / 26 % |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.instants import MINUTE, Span

CONTACT = "联络途径"
"""The check of how a suspicious text tells to reach its author."""


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
    sales_two: float = 0.25
    """Two kinds of sales talk (call, promise, bargain, money, trade) in one text."""
    sales_three: float = 0.5
    """Three kinds or more."""
    classifier: float = 1.0
    """Share of the trained model's strength that counts; 0 leaves the model out."""
    classifier_beside: float = 0.25
    """Strength from which the model adds to what the lists found; below it only the stronger of the two counts."""
    excused: float = 0.4
    """Share of its score left to a text that talks about adverts, or to a 接龙, without a way to reach anybody."""
    bar: float = 0.5
    """Score from which a text is an advert; the model's strength is 0.5 where 0.5 % of unseen ham passes it."""
    suspect: float = 0.15
    """Score of a text from which what stands around it counts. On a quarter of the data that nothing was fitted to,
    2.1 % of chat ham reaches it and 55 % of the adverts that the text alone does not give away."""
    own_groups: float = 0.1
    """For each other group in which the member posted nearly the same, up to `most_copies`."""
    others_copies: float = 0.05
    """For each other member who posted nearly the same, up to `most_copies`."""
    newcomers_copies: float = 0.35
    """In its place where both are newcomers of their groups."""
    most_copies: int = 3
    """Copies that count."""
    first_words: float = 0.1
    """A newcomer's first messages in a group."""
    first_contact: float = 0.2
    """In its place where the text tells how to reach its author: number, link, QR code."""
    join_wave: float = 0.1
    """A newcomer who came in a wave of joins."""
    attachment: float = 0.2
    """A newcomer's image, card, link or mini program beside a suspicious text of his."""
    group_burst: float = 0.05
    """The group suddenly talks far more than it did."""
    copy_similarity: float = 0.75
    """Similarity (0–1) from which two texts are nearly the same here."""
    copy_letters: int = 8
    """Letters from which texts are compared: of 「私聊我」 there are many."""
    copy_minutes: int = 60
    """Window in minutes within which copies are looked for."""
    newcomer_minutes: int = 60
    """Minutes for which somebody who joined a group is a newcomer there. 新用户 of RULEBOOK §7 is another thing."""
    newcomer_messages: int = 3
    """A newcomer's messages in the group that are his first ones."""
    attachment_minutes: int = 10
    """Minutes between text and attachment."""
    wave_joins: int = 5
    """Members who joined a group that make a wave."""
    wave_minutes: int = 10
    """Joins up to so many minutes before and after the member's own belong to one wave."""
    burst_messages: int = 30
    """Messages of a group in a minute from which there may be a burst."""
    burst_factor: float = 5.0
    """Times its usual pace from which there is one."""
    usual_minutes: int = 10
    """Minutes, the last one left out, whose mean pace is the usual one."""

    def sales(self, kinds: int) -> float:
        """Strength of so many kinds of sales talk."""
        return self.sales_three if kinds >= 3 else self.sales_two if kinds == 2 else 0.0

    @property
    def reach(self) -> Span:
        """How far back what stands around a message is looked at."""
        # Whether the author of a copy was a newcomer is decided by a join that lies before the copy.
        newcomers = self.newcomer_minutes + max(self.copy_minutes, self.wave_minutes)
        return max(newcomers, self.usual_minutes, self.attachment_minutes) * MINUTE


def joined(strengths: Iterable[float]) -> float:
    """1 − Π(1 − s): independent reasons add up and never pass 1."""
    doubt = 1.0
    for strength in strengths:
        doubt *= 1 - strength
    return 1 - doubt
