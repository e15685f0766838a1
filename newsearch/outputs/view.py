"""What of the results to show, and on what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TextIO

from newsearch.model import Results


@dataclass(frozen=True, slots=True)
class View:
    """How to render results."""

    fields: tuple[str, ...] = ()
    """Names of `fields.FIELDS` in the order wanted; empty: those usual for the format."""
    full: bool = False
    """Whole bodies as well."""
    stories: bool = False
    """Whether the hits are stories; each format tells then how many copies there are."""
    zone: tzinfo = UTC
    """In which the text format shows times."""
    width: int = 80
    """Columns of the text format."""
    color: bool = False
    """Whether escape sequences may be written."""
    base: str = ""
    """The folder that paths of origins start from; a title without a web address is linked to its capture."""
    hyperlinks: bool = False
    """Whether titles may be OSC 8 links; needs `color`."""


Writer = Callable[[Results, View, TextIO], None]
"""Writes results to a stream, which takes any text."""
