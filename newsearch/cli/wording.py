"""Numbers in words."""


def articles(count: int) -> str:
    """Return a number of articles in words."""
    return f"{count:,} article" if count == 1 else f"{count:,} articles"
