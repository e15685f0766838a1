"""What is fuzzed: functions of bytes from strangers, each of which returns, or fails where a law is broken.

A finding is an error that the function in question does not document, an answer that cannot be right, and what takes
for ever or all memory, which is for those to notice who call these.
"""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from unittest import mock
from zoneinfo import ZoneInfo

from crafting import HEADER, parts, table, with_arrays, with_directory
from damage import complaints_of
from small_archives import article, fill, ids, search
from whoosh import fields, query
from whoosh.filedb.filestore import RamStorage

from newsearch.analysis.changes import changes
from newsearch.analysis.detection import detected_language
from newsearch.cli.settings import PROJECT_FILE, resolve
from newsearch.engines.highlight import Highlighter
from newsearch.engines.whoosh.blocks import DamagedFileError
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.engines.whoosh.entry import Entry
from newsearch.engines.whoosh.generic import ArrayCodec
from newsearch.engines.whoosh.guard import AMISS
from newsearch.errors import IndexUnusableError, QueryError, UsageError
from newsearch.extract import Settings, articles_in
from newsearch.extract.date_forms import Order, read_form
from newsearch.extract.html import decoding, reading
from newsearch.extract.identity import digest, identify
from newsearch.extract.pages import read_page
from newsearch.extract.text import clean, one_line
from newsearch.extract.times import Zone, is_date_line, read_date_line, read_stated, read_written
from newsearch.ingest import saved
from newsearch.inputs import INPUTS, encodings, read
from newsearch.model import Article, DocumentCapture, Hit, Moment, Origin, PageCapture, Results, Skipped
from newsearch.outputs import OUTPUTS
from newsearch.outputs.safe import safe_highlighted, safe_json, safe_line
from newsearch.outputs.view import View
from newsearch.query import Query, parse_query
from newsearch.query.dates import extent
from newsearch.query.tree import Leaf, ranked_leaves

from . import fuzz_seeds as seeds
from .damage import Said, fast
from .hostile import unsafe

NOW = datetime(2025, 4, 18, 12, tzinfo=UTC)
_ORIGIN = Origin("source")
_ZONES = (UTC, timezone(timedelta(hours=14)), ZoneInfo("America/New_York"))
_ORDERS: tuple[Order | None, ...] = (None, "dmy", "mdy")
_SEGMENT = "0123456789abcdef"
_QUESTIONS = (
    "grain OR deal",
    '"fresh grain" -wheat',
    "source:post date:2025",
    "",
    "*x OR gran~",
    "fresh NEAR/9 wheat",
    "ATLEAST/3(body:grain) ==Deal",
    "Haus words:>2 no:author",
)
_SHIPS = " ".join(f"s{number}{letter}" for number in range(17) for letter in "xy")
"""Words whose forms follow each other, and of which every second one ends alike."""


class Target(NamedTuple):
    """Something that is fuzzed."""

    check: Callable[[bytes], object]
    """Fails on a finding."""
    seeds: Callable[[], Sequence[bytes]]


def _page(data: bytes) -> None:
    lines = _text(data).splitlines()
    found = read_page(PageCapture(_ORIGIN, lines, NOW), Settings())
    assert [kind != "blank" for kind in found.kinds] == [bool(one_line(line)) for line in lines]
    assert sum(kind == "body" for kind in found.kinds) == sum(
        len(list(filter(None, one.body.split("\n")))) for one in found.articles
    )
    _sound([*found.articles, *found.skipped])


def _query(data: bytes, *, literal: bool) -> None:
    with suppress(QueryError):
        _read_back(_parsed(_text(data), literal=literal))


def _parsed(text: str, *, literal: bool = False) -> Query:
    try:
        return parse_query(text, literal=literal, now=NOW, zone=_ZONES[-1], saved={"chips": "nvidia OR amd", "b": "("})
    except QueryError as error:
        if not 0 <= error.position <= len(error.query or text):
            message = f"the caret of '{error}' stands nowhere"
            raise AssertionError(message) from error
        raise


def _read_back(asked: Query) -> None:
    again = parse_query(asked.receipt.canonical, now=NOW, zone=_ZONES[-1])
    assert again.tree == asked.tree, (asked.receipt.canonical, again.receipt.canonical)
    assert again.receipt.canonical == asked.receipt.canonical


def _taken_in(data: bytes, name: str = "source", asked: str | None = None) -> None:
    for capture in read(io.BytesIO(data), name, NOW, asked):
        if isinstance(capture, Skipped):
            _sound([capture])
        elif not isinstance(capture, DocumentCapture) or asked in ("html", "pdf", "docx"):
            _sound(articles_in(capture, Settings()))


def _named(data: bytes) -> None:
    name, _, content = data.partition(b"\n")
    _taken_in(content, name.decode("latin-1"))


def _in_word(data: bytes) -> None:
    """Read the text of a Word document, which as a whole has checksums that no mutation hits."""
    _taken_in(seeds.in_word(data), asked="docx")


def _parts_of_page(data: bytes) -> None:
    """Read a page but for its body, which is a library's."""
    with mock.patch.object(reading, "body_of", return_value=seeds.TEXT):
        _sound(
            reading.read(DocumentCapture(_ORIGIN, "html", data, NOW, "http://harbour.example/2025/03/22/a"), Settings())
        )


def _json_ld(data: bytes) -> None:
    _parts_of_page(b'<html><script type="application/ld+json">' + data + b"</script><h1>Ferry</h1></html>")


def _decoded(data: bytes) -> None:
    charset, _, content = data.partition(b"\n")
    for text in (
        encodings.decoded(content, charset.decode("latin-1")),
        decoding.decoded(content, charset.decode("latin-1")),
    ):
        text.encode()


def _date(data: bytes) -> None:
    text = _text(data)
    for order in _ORDERS:
        for written in (False, True):
            found = read_form(text, written=written, order=order)
            assert found is None or isinstance(found, date)
        for zone in _ZONES:
            for moment in (
                read_stated(text, Zone(zone, assumed=False), NOW, "record", order),
                read_written(text, Zone(zone, assumed=False), NOW, "record", order),
            ):
                _sound_time(moment)
    for zone in _ZONES:
        if is_date_line(text):
            _sound_time(read_date_line(text, Zone(zone, assumed=True), NOW).published)
        with suppress(QueryError):
            extent(text, zone, NOW)


def _changed(data: bytes) -> None:
    before, _, after = _text(data).partition("\0")
    found = changes(before, after)
    for text, kept in ((before, "delete"), (after, "insert")):
        assert "".join("".join(one.text for one in found if one.operation in ("equal", kept)).split()) == "".join(
            text.split()
        )


def _marked(data: bytes) -> None:
    typed, title, body = (*_text(data).split("\0", 2), "", "")[:3]
    try:
        asked = _parsed(typed)
    except QueryError:
        return
    weights: dict[Leaf, float] = dict.fromkeys(ranked_leaves(asked.tree), 1.0)
    shown = Article(one_line(title), clean(body), _ORIGIN, lang=detected_language(body))
    hit = Highlighter(weights, asked.tree).hit(1.0, shown, snippets=True)
    for marked in (hit.title, *hit.snippets, *map(safe_highlighted, (hit.title, *hit.snippets))):
        places = [place for span in marked.spans for place in span]
        assert places == sorted(places), marked
        assert not places or 0 <= places[0] <= places[-1] <= len(marked.text), marked
        assert all(start < end for start, end in marked.spans if marked.text), marked
    _written(hit, asked)


def _shown(data: bytes) -> None:
    text = _text(data)
    line = one_line(text)
    moment = Moment(NOW, 0, "minute", line)
    path = text.encode("utf-8", "replace").decode()  # names of files that are no text are spelt out when they are found
    told = dict.fromkeys(("source", "section", "url", "lang", "dateline", "own_id"), line)
    shown = Article(line, clean(text), Origin(path, 1, 2, text), moment, authors=(line,), id=line or "x", **told)
    _written(Highlighter({}).hit(0.0, shown, snippets=True), None)
    assert json.loads(safe_json(json.dumps(text, ensure_ascii=False))) == text
    assert "\n" not in safe_line(text)


def _written(hit: Hit, asked: Query | None) -> None:
    """Write a hit in every format, and see that nothing in it acts on what shows it."""
    results = Results(asked.receipt if asked else None, 1, (hit,), ((hit.article.id, hit.score),))
    for name in OUTPUTS:
        writer: Any = OUTPUTS.load(name)
        for full in (False, True):
            stream = io.StringIO(newline="")
            writer(results, View(full=full, color=name == "text", hyperlinks=True, base="/base"), stream)
            if name == "json":
                json.loads(stream.getvalue())
            failures = list(unsafe(f"--format {name}", Said(0, stream.getvalue(), ""), "/"))
            assert not failures, failures


def _sound(found: Iterable[Article | Skipped]) -> None:
    """See that articles can be kept, and that what is skipped is told in a line."""
    for one in found:
        if isinstance(one, Skipped):
            assert "\n" not in one.detail, one.detail
            continue
        lines = [one.title, one.source, one.section, one.url, one.lang, one.dateline, one.own_id, *one.authors]
        assert all(line == one_line(line) for line in lines), one
        assert clean(one.body) == one.body, one
        assert one.title or one.body, one
        _sound_time(one.published)
        _sound_time(one.updated)
        assert digest(one)
        assert identify(one)


def _sound_time(moment: Moment | None) -> None:
    if moment is not None:
        datetime.fromisoformat(moment.isoformat())
        assert moment.instant.utcoffset() == timedelta(0)
        assert abs(moment.offset) < 24 * 60
        for zone in _ZONES:
            moment.local(zone)
            moment.microseconds_in(zone)


def _configured(data: bytes) -> None:
    file = scratch() / PROJECT_FILE
    file.write_bytes(data)
    with suppress(UsageError):
        settings = resolve({}, {}, file.parent)
        assert settings.limit is None or settings.limit >= 0
        assert settings.width is None or settings.width > 0


def _saved(data: bytes) -> None:
    with suppress(ValueError, RecursionError, AttributeError, TypeError, KeyError):
        content = json.loads(data)
        for name, one in content["queries"].items():
            one["check"] = saved._check(name, one["query"])
        _saved_as(json.dumps(content).encode())
    _saved_as(data)


def _saved_as(data: bytes) -> None:
    file = scratch() / "saved.json"
    file.write_bytes(data)
    rescued = saved.rescue(file)
    try:
        queries = saved.read(file)
    except IndexUnusableError:
        return
    assert queries == rescued
    for name, text in queries.items():
        with suppress(QueryError):
            parse_query(f"saved:{name}", saved=queries)
        text.encode()


@cache
def scratch() -> Path:
    """Return a folder of this process, in memory where there is one."""
    folder = TemporaryDirectory(dir=fast())
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[TemporaryDirectory[str]] = []


@cache
def _index() -> dict[str, bytes]:
    """Return the files of a small index, which are the same ones each time."""
    folder = scratch() / "index"
    with mock.patch("secrets.choice", return_value="0"):
        body = "Fresh grain, exported to the U.S., and wheat."
        fill(
            WhooshEngine(folder, create=True),
            *(article(f"a{nth}", "Grain deal", body * 4, published="2025-03-22", source="Post") for nth in range(2)),
            article("b", "東盟", f"Nichts als Häuser. {_SHIPS}", lang="de", updated="2025-03-22T00:48+08:00"),
        )
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.stat().st_size}


def _file_of_index(data: bytes, *, end: str, craft: Callable[[bytes, bytes], bytes]) -> None:
    """Use an index whose one file, known by the end of its name, is made of this, with checksums that are right."""
    name, content = _file(end)
    folder = scratch() / "index"
    (folder / name).unlink()
    (folder / name).write_bytes(craft(content, data))
    said = complaints_of(lambda: _used(folder))
    assert all(complaint.isprintable() for complaint in said), said


def _used(folder: Path) -> list[str]:
    """Use an index, and return all that was said against it."""
    engine = WhooshEngine(folder)
    actions: list[Callable[[], object]] = [
        *(partial(_found, engine, text) for text in _QUESTIONS),
        lambda: list(engine.scan()),
        engine.statistics,
        lambda: engine.get("b"),
        lambda: engine.editions("a1"),
    ]
    said = [complaint for action in actions for complaint in complaints_of(partial(_silently, action))]
    return said + complaints_of(lambda: engine.faults(lambda _: None, deep=True))


def _found(engine: WhooshEngine, text: str) -> list[str]:
    return ids(search(engine, text, stories=True))


def _silently(action: Callable[[], object]) -> list[str]:
    action()
    return []


def _file(end: str) -> tuple[str, bytes]:
    ((name, content),) = ((name, content) for name, content in _index().items() if name.endswith(end))
    return name, content


def _arrays_of(content: bytes) -> list[bytes]:
    return [parts(content)[0][HEADER:]]


def _directory_of(content: bytes) -> list[bytes]:
    return [json.dumps(parts(content)[1]).encode()]


@cache
def _foreign() -> RamStorage:
    """Return a small index of a schema that is not ours."""
    storage = RamStorage()
    with mock.patch.object(Entry, "_random_id", return_value=_SEGMENT):
        schema = fields.Schema(
            key=fields.ID,
            title=fields.TEXT(sortable=True),
            body=fields.TEXT(vector=True),
            size=fields.NUMERIC(sortable=True),
        )
        writer = storage.create_index(schema).writer(codec=ArrayCodec())
        for nth in range(3):
            writer.add_document(key=f"k{nth}", title="alfa bravo", body="alfa charlie alfa délta", size=nth)
        writer.commit()
    return storage


def _foreign_segment(data: bytes) -> None:
    """Use an index of another schema; Whoosh says in its own way what it cannot read, and runs what is stored."""
    storage = RamStorage()
    name, content = _foreign_file()
    storage.files = {**_foreign().files, name: with_arrays(content, data)}
    with suppress(DamagedFileError, *AMISS, EOFError), storage.open_index().searcher() as searcher:
        for asked in (query.Term("body", "alfa"), query.Prefix("title", "b"), query.NumericRange("size", 1, 2)):
            searcher.search(asked).docs()
        for (field, text), info in searcher.reader():
            info.doc_frequency()
            list(searcher.reader().postings(field, text).all_items())
        list(searcher.reader().column_reader("size"))


def _foreign_file() -> tuple[str, bytes]:
    ((name, content),) = ((name, content) for name, content in _foreign().files.items() if name.endswith(".arrays"))
    return name, content


def _text(data: bytes) -> str:
    """Return bytes as a text, in which half a surrogate can stand, as in those that come of JSON."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _of_index(end: str, craft: Callable[[bytes, bytes], bytes], seeded: Callable[[bytes], Sequence[bytes]]) -> Target:
    """Return the target of a file of an index, known by the end of its name."""
    return Target(partial(_file_of_index, end=end, craft=craft), lambda: seeded(_file(end)[1]))


def _given(made: Sequence[bytes]) -> Callable[[], Sequence[bytes]]:
    return lambda: made


TARGETS: dict[str, Target] = {
    "page": Target(_page, _given(seeds.SAVED_PAGES)),
    "query": Target(partial(_query, literal=False), _given(seeds.QUERIES)),
    "literal": Target(partial(_query, literal=True), _given(seeds.QUERIES)),
    "segment": _of_index(".news", with_arrays, _arrays_of),
    "directory": _of_index(".news", with_directory, _directory_of),
    "stories": _of_index(".stories", with_arrays, _arrays_of),
    "table": _of_index(".toc", table, lambda content: [content[:-4]]),
    "arrays": Target(_foreign_segment, lambda: _arrays_of(_foreign_file()[1])),
    "dates": Target(_date, _given(seeds.DATES)),
    "changes": Target(_changed, _given(seeds.CHANGES)),
    "marks": Target(_marked, _given(seeds.MARKINGS)),
    "outputs": Target(_shown, _given(seeds.TEXTS)),
    "settings": Target(_configured, _given(seeds.SETTINGS)),
    "saved": Target(_saved, _given(seeds.SAVED)),
    "charsets": Target(_decoded, _given(seeds.CHARSETS)),
    "json-ld": Target(_json_ld, _given(seeds.JSON_LD)),
    "statements": Target(_parts_of_page, _given(seeds.PAGES)),
    "kinds": Target(_named, _given(seeds.NAMED)),
    "word": Target(_in_word, _given(seeds.WORD_TEXTS)),
    "compressed": Target(_taken_in, _given(seeds.COMPRESSED)),
    "zip": Target(_taken_in, _given(seeds.ARCHIVES)),
    "tar": Target(_taken_in, _given(seeds.TARS)),
    **{f"input-{name}": Target(partial(_taken_in, asked=name), _given(seeds.FORMATS[name])) for name in INPUTS},
}
"""By their names; a short one for each thing that reads what strangers wrote."""
