"""Facts that are drawn from other events at the rim, and the raw parts they are drawn from."""

from __future__ import annotations

DRAWN = frozenset({"introduction", "device", "in_province", "in_city", "in_fence"})
"""Types of facts that stand beside the event they were drawn from; nobody counts them as read."""
RAW = ("ip", "user_agent", "lat", "lon")
"""Parts of an event that do not go into the log with it."""
