"""The options that mean the same on every command."""

from math import isnan
from typing import Annotated

from typer import BadParameter, Option


def _seconds(value: float) -> float:
    """Return seconds to wait, but NaN, since a wait of that would never end."""
    if isnan(value):
        message = f"{value} is not a number of seconds."
        raise BadParameter(message)
    return value


IndexDir = Annotated[str | None, Option("--index", metavar="DIR", help="The index; else the nearest .newsearch/.")]
Format = Annotated[str | None, Option("--format", metavar="FORMAT", help="text, json, jsonl, csv, tsv, md or ids.")]
Color = Annotated[str | None, Option("--color", metavar="WHEN", help="auto, always or never.")]
Hyperlinks = Annotated[str | None, Option("--hyperlinks", metavar="WHEN", help="auto, always or never.")]
Zone = Annotated[str | None, Option("--tz", metavar="ZONE", help="Zone of days typed and times shown.")]
Width = Annotated[str | None, Option("--width", metavar="COLUMNS", help="Width of the text format.")]
AsOf = Annotated[
    str | None,
    Option("--as-of", metavar="TIME", help="With what was known then; of a day or month, by its end in your zone."),
]
Wait = Annotated[
    float,
    Option("--wait", help="Wait so long for another writer.", min=0, metavar="SECONDS", callback=_seconds),
]
Quiet = Annotated[bool, Option("--quiet", help="Say nothing on stderr but errors.")]
Debug = Annotated[bool, Option("--debug", help="Show where an error comes from.")]
NoPager = Annotated[bool, Option("--no-pager", help="Never use a pager.")]
Full = Annotated[bool, Option("--full", help="Whole bodies instead of snippets.")]
Fields = Annotated[str | None, Option("--fields", metavar="A,B", help="The fields to show, in this order.")]
