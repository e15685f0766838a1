"""Numbers and times in words, and texts that fit a line or two."""

from datetime import datetime, time

LONGEST = 300
"""Characters of a message for people."""


def number_of(count: int, one: str, many: str = "") -> str:
    """Return a number of things in words.

    Args:
        count: how many.
        one: what one of them is called.
        many: what several are called, where that is not `one` with an s.
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def articles(count: int) -> str:
    """Return a number of articles in words."""
    return number_of(count, "article")


def as_of(instant: datetime) -> str:
    """Return in words what time's state of knowledge is meant; the last microsecond of a day is its end."""
    if instant.time() == time.max:
        offset = instant.isoformat().removeprefix(instant.replace(tzinfo=None).isoformat())
        return f"as of the end of {instant.date()} ({offset})"
    exact = instant.second or instant.microsecond
    return f"as of {instant.isoformat(timespec='auto' if exact else 'minutes')}"


def stories(count: int) -> str:
    """Return a number of stories in words."""
    return number_of(count, "story", "stories")


def shortened(text: str) -> str:
    """Return a message without what would flood a terminal."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
