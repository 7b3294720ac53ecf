"""The social report: who is in touch with whom, circles, the bridges between them, and who should meet (RULEBOOK §1).

The graph has an edge for two people who invited, mentioned or answered one another within `tie_days`, weighing how
often. Circles are Louvain communities, bridges are ranked by betweenness, both by networkx with a fixed seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, iso
from bot.core.world import World
from bot.services import linking
from bot.services.reports import meeting
from bot.services.reports.people import HIDDEN_BELOW, ids, named, told, willing
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    import networkx as nx

LEVEL_PATH, TOPIC_PATH = "社交关系/好友关联度", "内容偏好/题材"
SEED = 20_261_125
MOST_SHOWN, SAMPLED = 50, 200
"""People and bridges told; nodes from which betweenness is estimated in a larger graph."""
WORDS = {
    "as_of": "截至",
    "window_days": "看最近几天",
    "members": "有往来的人数",
    "ties": "往来的人对数",
    "people": "往来最多的人",
    "circles": "圈子",
    "bridges": "圈子之间的桥",
    "meet": "可以介绍认识",
    "member": "成员",
    "name": "名字",
    "degree": "往来人数",
    "level": "关联度",
    "circle": "圈子号",
    "size": "人数",
    "topics": "共同题材",
    "betweenness": "居间度",
    "touches": "连到的圈子",
    "a": "成员甲",
    "b": "成员乙",
    "a_name": "甲",
    "b_name": "乙",
    "shared": "共同点",
}


def report(uow: UnitOfWork, world: World, at: Instant) -> dict[str, Any]:
    """CONTRACT `report social`."""
    days = world.version(at).rules.social.tie_days
    everybody = willing(uow, ids(uow), world, at)
    graph = graph_of(uow, everybody, at - int(days * DAY), at)
    circles = circles_of(graph)
    return {
        "as_of": iso(at, world.zone),
        "window_days": days,
        "members": told(graph.number_of_nodes()),
        "ties": told(graph.number_of_edges()),
        "people": _people(graph, everybody, circles),
        "circles": _circles(everybody, circles),
        "bridges": _bridges(graph, everybody, circles),
        "meet": meeting.suggestions(everybody, meeting.acquainted(uow, at)),
    }


def graph_of(uow: UnitOfWork, known: Mapping[str, Facts], after: Instant, until: Instant) -> nx.Graph:
    """Nodes in id order, so that the same ties always give the same circles."""
    weights: Counter[tuple[str, str]] = Counter()
    for tie in linking.ties(uow, uow.ties.between(after, until)):
        if tie.member in known and tie.other in known and _since(known, tie.member, tie.other) <= tie.at:
            weights[min(tie.member, tie.other), max(tie.member, tie.other)] += 1
    import networkx as nx  # 15 MB that the bot itself never needs

    graph = nx.Graph()
    graph.add_nodes_from(sorted({member for pair in weights for member in pair}))
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in sorted(weights.items()))
    return graph


def _since(known: Mapping[str, Facts], one: str, other: str) -> Instant:
    """What was before an objection that was taken back later stays out."""
    return max(known[one].floors.get("behaviour", 0), known[other].floors.get("behaviour", 0))


def circles_of(graph: nx.Graph) -> dict[str, int]:
    """Circle number by member; the largest circle is number 1."""
    from networkx.algorithms.community import louvain_communities

    if not graph.number_of_edges():
        return {}
    found = louvain_communities(graph, weight="weight", seed=SEED)
    ordered = sorted(found, key=lambda circle: (-len(circle), min(circle)))
    return {member: number for number, circle in enumerate(ordered, 1) for member in circle}


def _people(graph: nx.Graph, known: Mapping[str, Facts], circles: Mapping[str, int]) -> list[dict[str, Any]]:
    ranked = sorted(graph.degree, key=lambda pair: (-pair[1], pair[0]))[:MOST_SHOWN]
    return [
        {**named(known[member]), "degree": degree, "level": _level(known[member]), "circle": circles[member]}
        for member, degree in ranked
    ]


def _level(facts: Facts) -> str | None:
    return next((value for path, value in facts.tags if path == LEVEL_PATH), None)


def _circles(known: Mapping[str, Facts], circles: Mapping[str, int]) -> list[dict[str, Any]]:
    sizes = Counter(circles.values())
    return [
        {"circle": number, "size": told(size), "topics": _topics(known, [m for m in circles if circles[m] == number])}
        for number, size in sorted(sizes.items())
    ]


def _topics(known: Mapping[str, Facts], members: Sequence[str]) -> list[str]:
    """Topics that at least five of a circle care about."""
    liked = Counter(value.removesuffix("控") for m in members for path, value in known[m].tags if path == TOPIC_PATH)
    return [
        topic for topic, count in sorted(liked.items(), key=lambda pair: (-pair[1], pair[0])) if count >= HIDDEN_BELOW
    ]


def _bridges(graph: nx.Graph, known: Mapping[str, Facts], circles: Mapping[str, int]) -> list[dict[str, Any]]:
    """Members in touch with people of other circles than their own."""
    touched = {member: sorted({circles[other] for other in graph[member]} - {circles[member]}) for member in graph}
    from networkx import betweenness_centrality

    if not any(touched.values()):
        return []
    sampled = SAMPLED if graph.number_of_nodes() > SAMPLED else None
    central = betweenness_centrality(graph, k=sampled, seed=SEED)
    ranked = sorted((member for member in graph if touched[member]), key=lambda member: (-central[member], member))
    return [
        {
            **named(known[member]),
            "circle": circles[member],
            "touches": touched[member],
            "betweenness": round(central[member], 6),
        }
        for member in ranked[:MOST_SHOWN]
    ]
