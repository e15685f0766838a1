"""What is known about sources: which zone their clocks show, and how to tell their pages."""

from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Profile:
    """A source whose pages are known."""

    source: str
    """Its host."""
    zone_name: str
    """IANA name of the zone in which it states times."""
    signature: tuple[str, ...]
    """Texts, casefolded, of which each of its pages saved as text has at least one at the start of a line or behind its
    date."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which it states times."""
        return ZoneInfo(self.zone_name)


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


def profile_of_source(source: str) -> Profile | None:
    """Return the profile of a source by its host."""
    host = source.casefold().removeprefix("www.")
    return next((profile for profile in PROFILES if profile.source == host), None)


def _shows(text: str, mark: str) -> bool:
    return text == mark or (text[:1].isdigit() and mark in text)
