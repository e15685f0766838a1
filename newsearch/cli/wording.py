"""Numbers in words, and texts that fit a line or two."""

LONGEST = 300
"""Characters of a message for people."""


def articles(count: int) -> str:
    """Return a number of articles in words."""
    return f"{count:,} article" if count == 1 else f"{count:,} articles"


def shortened(text: str) -> str:
    """Return a message without what would flood a terminal."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
