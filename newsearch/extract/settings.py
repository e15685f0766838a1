"""What the user can say about how captures are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from newsearch.extract.profiles import Profile


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read captures."""

    assume_zone: tzinfo | None = None
    """Zone of times that state none and whose source has no known zone; UTC, flagged, when None."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Standard field name to the record's own name for it."""
    profiles: tuple[Profile, ...] = ()
    """What the user knows about sources."""
