"""When a page says that its article was published and updated: which of its statements is believed.

Statements are ranked: what is made for machines to read and says what it means before what only has a name, and an
address last. Of the best rank that states anything:

1. a clock with an offset goes before one without, and a clock before a day;
2. the time that most kinds of statement agree on, to the minute (what one programme wrote in several meta elements is
   said once); of equals, the first: JSON-LD, then the meta elements in the order of the tables below;
3. where the same clock is stated with offset zero and with another, the other is meant: local time labelled as UTC is
   the usual fault, and UTC labelled as local time is none;
4. a clock without an offset that is stated elsewhere on the page with one has that one.

An update is the latest of what the best statements of an update say. One that is not later than the publication is
none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from newsearch.extract.date_forms import Order
from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statement, Statements
from newsearch.extract.html.tree import elements
from newsearch.extract.times import Zone, read_written
from newsearch.model import Moment

_PUBLISHED = (
    *("articlepublishedtime", "ogarticlepublishedtime", "ogpublishedtime", "publishedtime", "datepublished"),
    *("parselypubdate", "dcdateissued", "dctermsissued", "dcissued", "prismpublicationdate", "rnewsdatepublished"),
    *("articlepublished", "publishedat", "publishdate", "publisheddate", "datepublish", "pubdate", "publicationdate"),
    *("cxenseparserecspublishtime", "cxenseparserecspublishedtime", "cxenseparsepublishtime", "contentpublishdate"),
    *("articlefirstpublished", "firstpublished", "originalpublicationdate", "published", "btpubdate", "sailthrudate"),
    *("dateavailable", "shareaholicarticlepublishedtime", "citationpublicationdate", "citationonlinedate"),
)
_LESSER = ("dcdate", "dctermsdate", "dcdatecreated", "dctermscreated", "datecreated", "date")
"""They may also tell when the page was made."""
_UPDATED = (
    *("articlemodifiedtime", "ogarticlemodifiedtime", "ogmodifiedtime", "modifiedtime", "datemodified"),
    *("ogupdatedtime", "articleupdatedtime", "dctermsmodified", "dcdatemodified", "dcmodified", "dateupdated"),
    *("prismmodificationdate", "lastmodified", "lastupdated", "lastupdate", "lastmod", "updatedat"),
)
_OF_UPDATE = re.compile(r"updat|modif", re.IGNORECASE)
_UNKNOWN = Zone(UTC, assumed=True)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


class Clock(NamedTuple):
    """How a page's times are read."""

    zone: Zone
    captured: datetime | None
    order: Order | None = None


class Times(NamedTuple):
    """What is believed."""

    published: Moment | None
    updated: Moment | None
    rejected: str
    """The first text that should state the publication and is no time, where that leaves it unknown."""


class _Reading(NamedTuple):
    statement: Statement
    moment: Moment
    """Read as UTC, and flagged, where it states no zone."""

    @property
    def exact(self) -> int:
        """2 for a clock with an offset, 1 for one without, 0 for a day."""
        return 0 if self.moment.precision == "day" else 1 if "tz-assumed" in self.moment.flags else 2

    @property
    def clock(self) -> datetime:
        """What the clock showed, to the minute."""
        return _minute(self.moment.instant) + timedelta(minutes=self.moment.offset)


def times_of(page: Statements, url: str, clock: Clock) -> Times:
    """Return when the article was published and updated, as far as the page and its address tell."""
    ranks = [list(_readings(statements, clock)) for statements in _publications(page, url)]
    updates = list(_readings(_updates(page), clock))
    everything = [reading for readings in (*ranks, updates) for reading in readings]
    published = next((_believed(readings, everything, clock) for readings in ranks if readings), None)
    updated = _believed(updates, everything, clock) if updates else None
    if published and updated and not _later(updated, published):
        updated = None
    stated = [statement.text for statement in _publications(page, url)[0]]
    return Times(published, updated, "" if published or not stated else stated[0])


def _publications(page: Statements, url: str) -> tuple[list[Statement], ...]:
    """Return what states the publication, best rank first."""
    pages = [node for node in page.pages if any(kind.endswith("WebPage") for kind in json_ld.types_of(node))]
    first = [
        *_json_ld(page.article, "datePublished"),
        *page.meta(*_PUBLISHED),
        *page.items.get("datepublished", ())[:1],
        *_parsely(page),
    ]
    first = first or [statement for node in pages for statement in _json_ld(node, "datePublished")]
    address = _IN_ADDRESS.search(url)
    return (
        first,
        [*_json_ld(page.article, "dateCreated"), *page.meta(*_LESSER)],
        _time_element(page),
        [Statement("-".join(address.groups()), "URL")] if address else [],
    )


def _updates(page: Statements) -> list[Statement]:
    return [
        *_json_ld(page.article, "dateModified"),
        *page.meta(*_UPDATED),
        *page.items.get("datemodified", ())[:1],
    ]


def _json_ld(node: json_ld.Node, name: str) -> list[Statement]:
    return [Statement(text, f"JSON-LD {name}") for text in json_ld.texts(node.get(name), "@value")][:1]


def _parsely(page: Statements) -> list[Statement]:
    stated = [node.get("pub_date") for text, _ in page.meta("parselypage") for node in json_ld.nodes([text])]
    return [Statement(text, "meta parsely-page") for text in json_ld.texts(stated)][:1]


def _time_element(page: Statements) -> list[Statement]:
    """Return the first time after the page's first heading, unless it is of another article or of an update."""
    headed = False
    for element in elements(page.root, "h1", "time"):
        headed = headed or element.tag == "h1" or "pubdate" in element.attrib
        if not headed or not element.get("datetime") or _OF_UPDATE.search(element.get("class") or ""):
            continue
        if not any(True for _ in element.iterancestors("a", "aside", "nav")):
            return [Statement(element.get("datetime"), "time element")]
    return []


def _readings(statements: Iterable[Statement], clock: Clock) -> Iterator[_Reading]:
    for statement in statements:
        moment = read_written(statement.text, _UNKNOWN, clock.captured, statement.evidence, clock.order)
        if moment:
            yield _Reading(statement, moment)


def _believed(readings: Sequence[_Reading], everything: Sequence[_Reading], clock: Clock) -> Moment:
    """Choose among statements of one thing."""
    exact = max(reading.exact for reading in readings)
    best = [reading for reading in readings if reading.exact == exact]
    kinds = {(_minute(reading.moment.instant), reading.statement.evidence.split()[0]) for reading in best}
    support = Counter(instant for instant, _ in kinds)
    chosen = max(best, key=lambda reading: support[_minute(reading.moment.instant)])
    if exact and not chosen.moment.offset:
        same = (other for other in everything if other.exact > 1 and other.clock == chosen.clock)
        located = next((other for other in same if other.moment.offset or exact == 1), None)
        if located:
            offset = timezone(timedelta(minutes=located.moment.offset))
            return _at(chosen, Zone(offset, assumed=False), clock) if exact == 1 else located.moment
    return _at(chosen, clock.zone, clock)


def _at(reading: _Reading, zone: Zone, clock: Clock) -> Moment:
    """Return the time in a zone; as it was read before where the calendar ends between the two."""
    text, evidence = reading.statement
    return read_written(text, zone, clock.captured, evidence, clock.order) or reading.moment


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _later(updated: Moment, published: Moment) -> bool:
    """Tell whether an update is later than the publication, as far as both are known."""
    if "day" in {updated.precision, published.precision}:
        return _local_day(updated) > _local_day(published)
    return _minute(updated.instant) > _minute(published.instant)


def _local_day(moment: Moment) -> date:
    zone = UTC if moment.precision == "day" else timezone(timedelta(minutes=moment.offset))
    return moment.local(zone).date()
