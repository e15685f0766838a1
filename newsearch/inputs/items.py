"""Items of news agencies: where each stands in its file, and what of it becomes a record."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from newsearch.model import Capture, Origin, RecordCapture, Skipped

Item = TypeVar("Item")
_UNUSABLE = frozenset(("canceled", "cancelled", "withheld"))
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)


def read_each(
    items: Iterable[Item | Skipped], origin: Origin, read: Callable[[Item, Origin], Capture | Skipped]
) -> Iterator[Capture | Skipped]:
    """Yield what each item is, at its number in the file; at the file itself where it is the only one.

    Args:
        items: each is read before the next is asked for; a `Skipped` among them is passed on.
        origin: the file.
        read: tells what an item at a place is.
    """
    held: Capture | Skipped | None = None
    number = 0
    for item in items:
        if isinstance(item, Skipped):
            if held:
                yield replace(held, origin=origin)
                held = None
            yield item
            continue
        number += 1
        outcome = read(item, origin.inside(f"#{number}"))
        if number == 1:
            held = outcome
            continue
        if held:
            yield held
            held = None
        yield outcome
    if held:
        yield replace(held, origin=origin)


def record(origin: Origin, captured: datetime | None, evidence: str, fields: dict[str, object]) -> RecordCapture:
    """Return an item's record, of those fields that have a value."""
    return RecordCapture(origin, {name: value for name, value in fields.items() if value}, captured, evidence)


def unusable(origin: Origin, status: str) -> Skipped | None:
    """Return what becomes of an item that its provider does not want to be used, or no longer; None of another."""
    if status.lower() not in _UNUSABLE:
        return None
    detail = f"its provider says it is {status.lower()}; an earlier version stays until you remove it"
    return Skipped(origin, "canceled", detail)


def no_text(origin: Origin, what: str) -> Skipped:
    """Return what becomes of a picture, a plan and the like."""
    return Skipped(origin, "no-article", f"{' '.join(what.split())[:60]}, not a text", harmless=True)


def no_item(origin: Origin) -> Skipped:
    """Return what becomes of a document without items."""
    return Skipped(origin, "no-article", "there is no item in it", harmless=True)


def name_of(byline: str) -> str:
    """Return a byline without the word that opens it."""
    return _BY.sub("", " ".join(byline.split()))


def first(texts: Iterable[str | None]) -> str:
    """Return the first of some texts that has any."""
    return next((text.strip() for text in texts if text and text.strip()), "")
