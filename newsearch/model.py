"""The vocabulary of newsearch: what travels from a source file to a printed answer. Read this first.

source files -> captures -> articles -> editions in an index -> hits -> rendered output
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal, TypeVar, overload

Precision = Literal["day", "minute"]
Sort = Literal["relevance", "newest", "oldest", "updated"]
Interval = tuple[datetime | None, datetime | None]
"""From an instant on until before another, both UTC; None where it has no such end."""
Lead = Literal["best", "earliest", "longest"]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Return an aware datetime in microseconds since the epoch."""
    return (instant - EPOCH) // _MICROSECOND


def instant_of(seconds: float) -> datetime | None:
    """Return the instant so many seconds after the epoch; None where it is one that no clock has shown."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def on_clocks_of(zone: tzinfo, instant: datetime) -> datetime:
    """Return an instant on the clocks of a zone; as it was given where the calendar ends between the two."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return instant


def offset_of(local: datetime, zone: tzinfo) -> int:
    """Return by how many microseconds clocks in a zone that show a local time are ahead of UTC."""
    return (local.replace(tzinfo=zone).utcoffset() or timedelta()) // _MICROSECOND


STDIN_NAME = "stdin:"
"""How the paths of origins on standard input begin, and those of no file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in the source files that something was read from."""

    path: str
    """As users see it: relative to the folder that holds the index when inside it, else absolute; `-` is stdin."""
    first_line: int = 0
    """Counted from 1; 0 when the whole file is meant."""
    last_line: int = 0
    """The last line that belongs to it, inclusive."""
    member: str = ""
    """The place inside the file, outermost first and parted by `!`: the name of a file in an archive, the offset of a
    record (`@4711`), the number of an item (`#3`). Lines are counted from the start of the innermost one."""

    def at(self, first_line: int, last_line: int | None = None) -> "Origin":
        """Return some lines of it; one line where no last one is given."""
        return Origin(self.path, first_line, last_line or first_line, self.member)

    def inside(self, member: str) -> "Origin":
        """Return a place inside it."""
        return Origin(self.path, member=f"{self.member}!{member}" if self.member else member)

    def covers(self, other: "Origin") -> bool:
        """Tell whether another place is this one or lies in it; lines are not looked at."""
        inside = not self.member or other.member == self.member or other.member.startswith(f"{self.member}!")
        return self.path == other.path and inside

    def __str__(self) -> str:
        place = f"{self.path}!{self.member}" if self.member else self.path
        if not self.first_line:
            return place
        if self.first_line == self.last_line:
            return f"{place}:{self.first_line}"
        return f"{place}:{self.first_line}-{self.last_line}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time that a source states, with how far it can be trusted."""

    instant: datetime
    """UTC. When only the day is known: midnight UTC of the day as stated, a name for the day and not an instant."""
    offset: int = 0
    """Minutes east of UTC in which the source stated it."""
    precision: Precision = "minute"
    """`day` when only the day is known."""
    evidence: str = ""
    """What stated it, such as `date line`, `dateline`, `record`, `feed`, `JSON-LD datePublished`."""
    flags: tuple[str, ...] = ()
    """Doubts, sorted: `tz-assumed`, `rolled-over`, `year-rolled`, `dst-ambiguous`, `dst-nonexistent`, `future`."""

    def microseconds_in(self, zone: tzinfo) -> int:
        """Microseconds since the epoch to sort and filter by for a reader in `zone`; a day sits at its own 00:00."""
        since_epoch = microseconds(self.instant)
        return since_epoch - offset_of(self.instant, zone) if self.precision == "day" else since_epoch

    def isoformat(self) -> str:
        """ISO 8601 with the stated offset, or the plain date when only the day is known."""
        if self.precision == "day":
            return self.instant.date().isoformat()
        return self.local(timezone(timedelta(minutes=self.offset))).isoformat()

    def local(self, zone: tzinfo) -> datetime:
        """The instant on the clocks of a zone, as `on_clocks_of` has it."""
        return on_clocks_of(zone, self.instant)


@dataclass(frozen=True, slots=True)
class PageCapture:
    """A saved page as lines of text; it may hold several articles."""

    origin: Origin
    """The whole page."""
    lines: Sequence[str]
    """All its lines without their line ends; line n is `lines[n - 1]`."""
    captured: datetime | None
    """When it was saved (UTC), as far as the source tells."""


@dataclass(frozen=True, slots=True)
class RecordCapture:
    """One record of a structured source."""

    origin: Origin
    fields: Mapping[str, object]
    """Names and values: the record's own, before any field map; the standard ones where a format fixes them."""
    captured: datetime | None
    """As in `PageCapture.captured`."""
    evidence: str = "record"
    """What states its times: `record` where the names of the fields are the record's own, else the kind of format, such
    as `feed`."""
    url: str = ""
    """As in `DocumentCapture.url`."""


@dataclass(frozen=True, slots=True)
class DocumentCapture:
    """A document whose text must be worked out, which may take long or fail: an HTML page, a PDF file."""

    origin: Origin
    format: str
    """A name in the table of document formats."""
    content: bytes
    """The document itself, without the compression, archive or protocol it came in."""
    captured: datetime | None
    """As in `PageCapture.captured`."""
    url: str = ""
    """Under which it was captured, where the source tells."""
    charset: str = ""
    """The encoding that the source states beside the document, as in HTTP's `Content-Type`; it goes before what the
    document says of itself."""


Capture = PageCapture | RecordCapture | DocumentCapture


@dataclass(frozen=True, slots=True)
class Article:
    """One article as one capture shows it."""

    title: str
    """One line; empty when the capture shows none."""
    body: str
    """Paragraphs, separated by blank lines."""
    origin: Origin
    published: Moment | None = None
    """None when the capture states no time that can be believed."""
    updated: Moment | None = None
    """Only updates the source states."""
    source: str = ""
    """Who published it: a site or an outlet's name."""
    section: str = ""
    """The source's own label, such as `China` or `Sport`."""
    url: str = ""
    authors: tuple[str, ...] = ()
    lang: str = ""
    """ISO 639 code of its language: what the source states, else what its text was found to be; empty when unknown."""
    lang_detected: bool = False
    """Whether the language was told from the text."""
    dateline: str = ""
    """Place, wire and day that open a press release or agency story, as written."""
    own_id: str = ""
    """The record's own id within its source."""
    captured: datetime | None = None
    """UTC."""
    id: str = ""
    """Unique in an index and stable across runs; given when the article is taken in."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What an index holds: one distinct content of an article. Another capture with another text is another edition."""

    article: Article
    digest: str
    """Content hash of title, body and everything the source states about them."""
    superseded: bool = False
    """A newer edition exists; only the current one of each article is searched."""
    known: tuple[Interval, ...] = ((None, None),)
    """When it was the newest one captured, ascending; a text that came back has several such times, and one that was
    captured later than what followed it has none."""

    def is_searched(self, as_of: datetime | None = None) -> bool:
        """Tell whether it is the edition of its article to search, as of a time or with all that is known."""
        if as_of is None:
            return not self.superseded
        return any((start is None or start <= as_of) and (end is None or as_of < end) for start, end in self.known)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not taken in, or not whole. A value, not an exception: the rest goes on."""

    origin: Origin
    reason: str
    """A code scripts can rely on, such as `broken-json` or `binary`."""
    detail: str
    """What was found there and what to do, for people; one line."""
    fatal: bool = False
    """Reading of the file ended here, so what follows in it is unknown."""
    harmless: bool = False
    """Nothing is amiss, as with an empty file; the exit status does not tell of it."""


@dataclass(frozen=True, slots=True)
class Highlighted:
    """Text with marked places; never markup: each output decides what a mark looks like."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    """Sorted, not overlapping [start, end) code points of `text`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that answers a query."""

    article: Article
    score: float
    """BM25F; 0.0 when the query ranks nothing."""
    title: Highlighted
    snippets: tuple[Highlighted, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    """What each word, phrase or the like, in its canonical form, adds to the score; only where that was asked for."""
    copies: int = 0
    """How many near-copies of it match as well; only where stories were asked for, as the next."""
    story: str = ""
    """The id of the earliest article of its story, whether that matches or not."""


@dataclass(frozen=True, slots=True)
class WrittenForms:
    """How a word of a query is written in the articles of an index."""

    total: int
    """Different forms, as far as they were counted."""
    articles: tuple[tuple[str, int], ...]
    """Some of them with the articles each stands in: the most frequent first, equal ones in alphabetical order."""
    exact: bool = True
    """Whether there are no more than were counted."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a query was read."""

    text: str
    """As typed."""
    canonical: str
    """The whole query in its canonical form; reading that again gives the same tree."""
    since: str | None = None
    """Start of the published range that every hit lies in, inclusive, ISO 8601; None when open."""
    until: str | None = None
    """Its end, exclusive."""
    interpreted: bool = False
    """The reading added what the text did not say, such as an AND or a zone; people are shown the canonical form."""
    notes: tuple[str, ...] = ()
    """What of the text was read otherwise than as typed, or left aside, one line each."""
    as_of: str | None = None
    """The instant whose state of knowledge was asked, ISO 8601; None when everything known is."""


Item_co = TypeVar("Item_co", covariant=True)


class LazySequence(Sequence[Item_co]):
    """A sequence whose items are made when they are asked for, so that a large result set is never held at once.

    Args:
        length: how many items there are.
        make: gives the item at an index in `range(length)`.
    """

    def __init__(self, length: int, make: Callable[[int], Item_co]) -> None:
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Item_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item_co]: ...
    def __getitem__(self, index: int | slice) -> Item_co | Sequence[Item_co]:
        if isinstance(index, slice):
            return [self._make(number) for number in range(*index.indices(self._length))]
        return self._make(range(self._length)[index])

    def __iter__(self) -> Iterator[Item_co]:
        return map(self._make, range(self._length))


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query: totals over everything that matched, and one page of hits."""

    receipt: Receipt | None
    """None when articles were asked for by id."""
    total: int
    """Matching articles in the whole index."""
    hits: Sequence[Hit]
    """The page asked for, in order; hits are made as they are read."""
    ranking: Sequence[tuple[str, float]] = ()
    """The id and the score of each hit of the page, for those who need no more."""
    undated: int = 0
    """Articles that match but for a date filter, which they cannot meet because their date is unknown."""
    total_is_exact: bool = True
    total_stories: int | None = None
    """Matching articles, near-copies of each other counted once; None where stories were not to be counted."""
    offset: int = 0
    """Matching articles, or stories, before the first hit of the page."""
    took_ms: float = 0.0
    """From the parsed query to the page's order and total, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an index holds, in figures."""

    articles: int
    """Current editions."""
    editions: int
    """All editions, superseded ones included."""
    undated: int
    """Articles whose published time is unknown."""
    first_published: Moment | None
    last_published: Moment | None
    sources: Mapping[str, int] = field(default_factory=dict)
    """Articles by source, most first; the empty name is an unknown source."""
    stories: int = 0
    """Articles, near-copies of each other counted once."""
