"""How sources are to be read, from a command's options and the settings."""

from typing import TYPE_CHECKING, cast

from newsearch.cli.context import Call
from newsearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsearch.extract import Settings
    from newsearch.extract.profiles import Profile


def reading_settings(call: Call, maps: "Sequence[str]") -> "Settings":
    """Return how sources are to be read.

    Args:
        call: of the command.
        maps: names of fields in records, `FIELD=NAME` each.

    Raises:
        UsageError: one of them is none.
    """
    from newsearch.extract import Settings
    from newsearch.extract.records import FIELDS
    from newsearch.query import zone_named

    fields: dict[str, str] = {}
    for pair in maps:
        name, equals, own = pair.partition("=")
        if not equals or not own or name not in FIELDS:
            message = f"--map {pair}: a map is FIELD=NAME"
            raise UsageError(message, f"FIELD is one of {', '.join(FIELDS)}; for example --map title=headline")
        fields[name] = own
    assumed = call.settings["assume_tz"]
    return Settings(zone_named(assumed) if assumed else None, fields, _profiles(call))


def _profiles(call: Call) -> "tuple[Profile, ...]":
    """Return what the settings say of sources."""
    from newsearch.extract.profiles import DateOrder, Profile
    from newsearch.query import zone_named

    told = call.settings.sources.items()
    for zone in (facts["zone"] for _, facts in told if "zone" in facts):
        zone_named(zone)  # which says what is wrong with it
    return tuple(
        Profile(name, facts.get("zone", ""), dates=cast("DateOrder", facts.get("dates", ""))) for name, facts in told
    )
