"""How much of a message is read. Apart from the engines, so that either is loaded without the other."""

MOST_CHARACTERS = 2000
"""Characters of a message that are read; what follows is neither segmented nor checked."""
