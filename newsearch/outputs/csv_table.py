"""CSV by RFC 4180, for spreadsheets: no cell can be a formula."""

import csv
from typing import TextIO

from newsearch.model import Results
from newsearch.outputs.fields import cell, table_fields
from newsearch.outputs.safe import safe
from newsearch.outputs.view import View

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write a header and a row a hit."""
    names = table_fields(view)
    table = csv.writer(stream, lineterminator="\r\n")
    table.writerow(names)
    for hit in results.hits:
        table.writerow([no_formula(safe(cell(hit, name))) for name in names])


def no_formula(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe before what could begin one (OWASP)."""
    return "'" + text if text.lstrip(" \n").startswith(_FORMULA) else text
