"""Source files to captures. One file a format, one line in the table."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from newsearch.errors import MissingExtraError
from newsearch.inputs.archives import Member, members_of_tar, members_of_zip, office_document
from newsearch.inputs.compression import Allowance, BombError, decompressed
from newsearch.inputs.detect import sniff
from newsearch.inputs.encodings import in_utf8
from newsearch.inputs.streams import buffered, peeked, rewindable
from newsearch.model import Capture, Origin, Skipped
from newsearch.registry import Entry, Registry

INPUTS = Registry(
    "input format",
    {
        "text": Entry("newsearch.inputs.text:read", what="pages saved as text"),
        "markdown": Entry("newsearch.inputs.markdown:read", "markdown", ("yaml", "markdown_it"), "Markdown"),
        "html": Entry("newsearch.inputs.documents:html", "html", ("trafilatura",), "HTML pages"),
        "pdf": Entry("newsearch.inputs.documents:pdf", "pdf", ("pypdf",), "PDF documents"),
        "docx": Entry("newsearch.inputs.documents:docx", "docx", ("docx",), "Word documents"),
        "jsonl": Entry("newsearch.inputs.jsonl:read", what="JSON Lines, a record a line"),
        "json": Entry("newsearch.inputs.json_list:read", what="a JSON list of records, or one record"),
        "csv": Entry("newsearch.inputs.csv_table:read", what="CSV and TSV tables, a record a row"),
        "feed": Entry("newsearch.inputs.feed:read", "feed", ("feedparser",), "RSS, Atom, RDF and JSON feeds"),
        "warc": Entry("newsearch.inputs.warc:read", "warc", ("warcio",), "web archives: WARC and ARC"),
        "mail": Entry("newsearch.inputs.mail:read", what="e-mail: a message, or a mailbox of them"),
        "newsml-g2": Entry("newsearch.inputs.newsml_g2:read", what="IPTC NewsML-G2"),
        "newsml": Entry("newsearch.inputs.newsml:read", what="IPTC NewsML 1.2"),
        "nitf": Entry("newsearch.inputs.nitf:read", what="IPTC NITF"),
        "ninjs": Entry("newsearch.inputs.ninjs:read", what="IPTC ninjs"),
        "reuters": Entry("newsearch.inputs.reuters:read", what="Reuters-21578 SGML"),
    },
)

Reader = Callable[[BinaryIO, Origin, datetime | None], Iterator[Capture | Skipped]]
"""Reads a stream; also gets where it is, which names it, and the instant of capture (UTC), if known."""
_DEPTH = 4
"""Archives in archives."""


def read(
    stream: BinaryIO,
    path: str,
    captured: datetime | None,
    input_format: str | None = None,
    scratch: Path | None = None,
) -> Iterator[Capture | Skipped]:
    """Yield the captures in a source, and whatever could not be read as a `Skipped`.

    Args:
        stream: the source's bytes, perhaps compressed or an archive of files; read once, from its start.
        path: what to call it.
        captured: when it was saved (UTC), if known.
        input_format: a name of `INPUTS`, for all that is in it; told from the content when None.
        scratch: folder for what must be kept in a file meanwhile; the system's own when None.

    Raises:
        UsageError: there is no such format.
        MissingExtraError: the packages of the format that was asked for are not installed.
    """
    reading = _Reading(input_format, scratch)
    try:
        yield from reading.read(reading.allowance.measured(stream), Origin(path), captured)
    except BombError as error:
        yield Skipped(Origin(path), "bomb", f"{error}; what came before it is kept", fatal=True)


class _Reading:
    """How one source is read, with everything in it.

    Args:
        asked: as `input_format` of `read`.
        scratch: as there.
    """

    def __init__(self, asked: str | None, scratch: Path | None) -> None:
        self._asked = asked
        self._scratch = scratch
        self.allowance = Allowance()

    def read(
        self, stream: BinaryIO, origin: Origin, captured: datetime | None, depth: int = 0
    ) -> Iterator[Capture | Skipped]:
        """Yield what is in a stream, which may be compressed or an archive, and so many archives deep in others."""
        try:
            plain = in_utf8(decompressed(buffered(stream), self.allowance), origin)
            if isinstance(plain, Skipped):
                yield plain
                return
            found = sniff(peeked(plain), origin, self._asked)
            if isinstance(found, Skipped):
                yield found
            elif found == "zip":
                with rewindable(plain, self._scratch) as archive:
                    yield from self._unzipped(archive, origin, captured, depth)
            elif found == "tar":
                yield from self._members(members_of_tar(plain, origin, captured), origin, depth)
            else:
                yield from self._captures(found, plain, origin, captured)
        except (OSError, EOFError) as error:
            # What the system reports may be over by the next run; what is wrong with the content is not.
            system = getattr(error, "strerror", None)
            reason = "unreadable" if system else "damaged"
            yield Skipped(origin, reason, f"{system or error}; what came before it is kept", fatal=True)

    def _unzipped(
        self, stream: BinaryIO, origin: Origin, captured: datetime | None, depth: int
    ) -> Iterator[Capture | Skipped]:
        kind = office_document(stream)
        if not kind:
            yield from self._members(members_of_zip(stream, origin, captured), origin, depth)
        elif kind == "docx":
            yield from self._captures(kind, stream, origin, captured)
        else:
            yield Skipped(origin, "unsupported", "an Office document; save it as .docx, .csv or .txt", fatal=True)

    def _members(self, members: Iterator[Member | Skipped], origin: Origin, depth: int) -> Iterator[Capture | Skipped]:
        if depth >= _DEPTH:
            yield Skipped(origin, "nested", f"more than {_DEPTH} archives in each other; unpack it", fatal=True)
            return
        empty = True
        for member in members:
            empty = False
            if isinstance(member, Skipped):
                yield member
            else:
                yield from self.read(self.allowance.spent(member.stream), member.origin, member.captured, depth + 1)
        if empty:
            yield Skipped(origin, "empty", "the archive has no files that are taken in", harmless=True)

    def _captures(
        self, name: str, stream: BinaryIO, origin: Origin, captured: datetime | None
    ) -> Iterator[Capture | Skipped]:
        try:
            reader = cast("Reader", INPUTS.load(name))
        except MissingExtraError as error:
            if self._asked:
                raise
            yield Skipped(origin, "extra-missing", f"{error}; {error.hint}", fatal=True)
            return
        empty = True
        for found in reader(stream, origin, captured):
            empty = False
            yield found
        if empty:
            yield Skipped(origin, "empty", f"there is nothing in it of the format {name}", harmless=not self._asked)
