"""What is known about sources: which zone their clocks show, how they write dates, and how to tell their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from newsearch.extract.date_forms import Order

DateOrder = Literal["", "day-first", "month-first"]
"""How a source writes dates in numbers, such as 3/4/2025; empty where that is unknown, and such dates mean nothing."""
_ORDERS: Mapping[DateOrder, Order | None] = {"day-first": "dmy", "month-first": "mdy", "": None}


@dataclass(frozen=True, slots=True)
class Profile:
    """A source whose pages are known."""

    source: str
    """Its host."""
    zone_name: str = ""
    """IANA name of the zone in which it states times; empty where that is unknown."""
    signature: tuple[str, ...] = ()
    """Texts, casefolded, of which each of its pages saved as text has at least one at the start of a line or behind its
    date."""
    dates: DateOrder = ""

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which it states times, if known."""
        return ZoneInfo(self.zone_name) if self.zone_name else None

    @property
    def order(self) -> Order | None:
        """The order of day and month in its numeric dates, if known."""
        return _ORDERS[self.dates]


PROFILES = (
    Profile(
        "bastillepost.com",
        "Asia/Hong_Kong",
        ("skip to content facebook feature image", "last updated at", "next article", "recommended articles"),
    ),
)


def profile_of_page(lines: list[str]) -> Profile | None:
    """Return the profile whose signature a page shows."""
    texts = [line.casefold() for line in lines]
    for profile in PROFILES:
        if any(_shows(text, mark) for text in texts for mark in profile.signature):
            return profile
    return None


def profile_of_source(source: str, own: Sequence[Profile] = ()) -> Profile | None:
    """Return the profile of a source by its name or host: its own, else that of the site it is part of.

    Args:
        source: a host such as `www.harbour.example`, or the name that records give.
        own: the user's profiles, which go before those that come with the package.
    """
    name = source.casefold().removeprefix("www.")
    known = {profile.source.casefold().removeprefix("www."): profile for profile in (*PROFILES, *own)}
    while name and name not in known:
        name = name.partition(".")[2]
    return known.get(name)


def _shows(text: str, mark: str) -> bool:
    return text == mark or (text[:1].isdigit() and mark in text)
