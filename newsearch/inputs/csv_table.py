"""Tables as text: CSV (RFC 4180) with whatever delimiter, and TSV. The first row names the fields."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from newsearch.inputs.lines import LINE_LIMIT, read_lines
from newsearch.inputs.streams import buffered, peeked
from newsearch.model import Capture, Origin, RecordCapture, Skipped

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
_LOOKED_AT = 20
"""Lines that the delimiter is told from."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_END = "\0end of the table\0"
"""A row of its own behind the last one: where it is found inside of another, a quote was never closed."""


class _Row(NamedTuple):
    cells: Sequence[str]
    origin: Origin


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield each row as a record; one that cannot be read costs only itself, and blank ones mean nothing.

    Raises:
        OSError: the stream cannot be read on.
    """
    rows = _rows(stream, origin)
    header = next(rows, None)
    if isinstance(header, Skipped):
        yield replace(header, fatal=True)
        return
    names = _names(header.cells) if header else []
    row = None
    for row in rows:
        yield row if isinstance(row, Skipped) else _record(names, row, captured)
    if row is None:
        yield Skipped(origin, "empty", "the table has no rows but the one that names the fields", harmless=True)


def _record(names: Sequence[str], row: _Row, captured: datetime | None) -> RecordCapture | Skipped:
    if len(row.cells) > len(names):
        detail = f"{len(row.cells)} cells, and the first row names {len(names)}; put cells with a delimiter in quotes"
        return Skipped(row.origin, "bad-row", detail)
    return RecordCapture(row.origin, dict(zip(names, row.cells, strict=False)), captured)


def _names(header: Sequence[str]) -> list[str]:
    """Return the names of the columns; one without a name, or with that of an earlier one, is called by its number."""
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(header, 1):
        name = cell.strip()
        names.append(name if name and name not in taken else f"{name or 'column'} {number}")
        taken.add(names[-1])
    return names


def _rows(stream: BinaryIO, origin: Origin) -> Iterator[_Row | Skipped]:
    """Yield the rows that are not blank, each with the lines it takes up."""
    lines = _Lines(_with_line_feeds(stream), origin)
    start = list(islice(lines, _LOOKED_AT))
    delimiter = _delimiter(start)
    if start and _is_separator_line(start[0]):
        start[0] = "\n"
    csv.field_size_limit(LINE_LIMIT)
    for first, last, cells in _parsed(csv.reader(chain(start, lines, [_END]), delimiter=delimiter)):
        place = origin.at(first, last)
        unreadable = lines.unreadable(first, last)
        if isinstance(cells, csv.Error):
            endless = "limit" in str(cells)
            detail = f"{cells}; {'close its quote' if endless else 'put cells with line breaks in quotes'}"
            yield Skipped(place, "bad-row", detail, fatal=endless)
            if endless:
                return
        elif cells and cells[-1].endswith(_END):
            if cells != [_END]:
                detail = "a quote is never closed, so that the rest is one cell; close it and index again"
                yield Skipped(origin.at(first, last - 1), "unclosed-quote", detail, fatal=True)
        elif unreadable:
            yield replace(unreadable, origin=place)
        elif any(cell.strip() for cell in cells):
            yield _Row(cells, place)


def _parsed(reader: "Reader") -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """Yield the first and the last line of each row, and its cells or why it has none."""
    last = 0
    while True:
        try:
            cells: list[str] | csv.Error = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = error
        yield last + 1, reader.line_num, cells
        last = reader.line_num


def _with_line_feeds(stream: BinaryIO) -> BinaryIO:
    """Return a table's stream with line feeds, should its first line end in a carriage return alone."""
    plain = buffered(stream)
    end = _LINE_END.search(peeked(plain))
    return cast("BinaryIO", _CarriageReturns(plain)) if end and end[0] == b"\r" else plain


class _CarriageReturns:
    """A stream whose lines end in carriage returns, as those of the classic Mac OS do."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, "latin-1", newline=None)  # in which each byte is a character

    def readline(self, size: int) -> bytes:
        """Read a line, which ends in a line feed."""
        return self._text.readline(size).encode("latin-1")


class _Lines:
    """The lines of a table, each with a line end; one that cannot be had is given as far as it can, and remembered."""

    def __init__(self, stream: BinaryIO, origin: Origin) -> None:
        self._stream = stream
        self._line = b""
        self._lines = read_lines(cast("BinaryIO", self), origin)
        self._unreadable: list[Skipped] = []

    def readline(self, size: int) -> bytes:
        """Read a line of the stream."""
        self._line = self._stream.readline(size)
        return self._line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        if isinstance(line, Skipped):
            self._unreadable.append(line)
            line = self._line.decode("utf-8", "replace").rstrip("\r\n")  # its quotes count
        return f"{line}\n"

    def unreadable(self, first: int, last: int) -> Skipped | None:
        """Return why one of some lines cannot be had; lines before these are forgotten."""
        while self._unreadable and self._unreadable[0].origin.first_line < first:
            del self._unreadable[0]
        found = self._unreadable and self._unreadable[0].origin.first_line <= last
        return self._unreadable[0] if found else None


def _delimiter(start: Sequence[str]) -> str:
    """Return the delimiter that makes most rows as wide as the first, and then the one that makes it widest."""
    if start and _is_separator_line(start[0]):
        return start[0][4]
    return max(_DELIMITERS, key=lambda delimiter: _regularity(start, delimiter))


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    width = widths[0] if widths else 0
    return (sum(other == width for other in widths), width) if width > 1 else (0, width)


def _is_separator_line(line: str) -> bool:
    r"""Tell whether a line is a spreadsheet's note of the delimiter, as in `sep=;`."""
    return line.lower().startswith("sep=") and len(line.rstrip("\n")) == len("sep=;")
