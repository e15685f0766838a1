"""Any schema of Whoosh's can be kept in segments of arrays, and everything is found as with Whoosh's own codec."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import whoosh
from hypothesis import given, settings
from hypothesis import strategies as st
from random_archives import EXAMPLES, scratch_folder
from whoosh import fields, highlight, query, sorting
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.query import spans
from whoosh.searching import Results
from whoosh.writing import NO_MERGE, OPTIMIZE

from newsearch.engines.whoosh.blocks import BlockFile, DamagedFileError
from newsearch.engines.whoosh.generic import ArrayCodec

some = settings(max_examples=max(EXAMPLES // 8, 1), deadline=None)
WORDS = ("alfa", "alfas", "alpha", "bravo", "bravura", "charlie", "delta", "échelon", "東盟")
TAGS = ("red", "green", "deep blue")
NOON = datetime(2020, 2, 29, 12)  # noqa: DTZ001 - as Whoosh keeps times
Document = dict[str, Any]


def foreign_schema() -> fields.Schema:
    """A schema with a field of nearly each kind."""
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        title=fields.TEXT(stored=True, sortable=True, field_boost=2.0),
        body=fields.TEXT(stored=True, chars=True, vector=True),
        tags=fields.KEYWORD(stored=True, commas=True, scorable=True),
        size=fields.NUMERIC(stored=True, sortable=True, signed=True),
        price=fields.NUMERIC(float, stored=True),
        made=fields.DATETIME(stored=True, sortable=True),
        live=fields.BOOLEAN(stored=True),
        parts=fields.NGRAM(minsize=2, maxsize=3),
        extra=fields.STORED,
    )


QUERIES: list[query.Query] = [
    query.Term("body", "alfa"),
    query.Term("body", "nowhere"),
    query.Term("body", "東盟"),
    query.Term("tags", "deep blue"),
    query.Term("parts", "lf"),
    query.Term("live", True),  # noqa: FBT003 - the term is a truth value
    query.And([query.Term("body", "alfa"), query.Term("title", "bravo", boost=3.0)]),
    query.Or([query.Term("body", word) for word in WORDS]),
    query.AndMaybe(query.Term("body", "charlie"), query.Term("tags", "red")),
    query.And([query.Every(), query.Not(query.Term("body", "alfa"))]),
    query.DisjunctionMax([query.Term("title", "delta"), query.Term("body", "delta")]),
    query.Phrase("body", ["alfa", "bravo"]),
    query.Phrase("body", ["bravo", "alfa"], slop=3),
    query.Prefix("body", "al"),
    query.Wildcard("body", "*av?*"),
    query.Regex("title", "[b-d]+.*a"),
    query.FuzzyTerm("body", "alfe"),
    query.FuzzyTerm("body", "dleta", maxdist=2),
    query.TermRange("body", "b", "d"),
    query.NumericRange("size", -3, 40),
    query.NumericRange("size", 7, None, startexcl=True),
    query.NumericRange("price", 0.5, 2.25),
    query.DateRange("made", NOON, NOON + timedelta(days=400)),
    query.Every("size"),
    query.Every(),
    spans.SpanNear(query.Term("body", "alfa"), query.Term("body", "charlie"), slop=2, ordered=False),
    spans.SpanFirst(query.Term("body", "bravo"), limit=1),
]
if whoosh.__version__ >= (3,):
    # In 2.7.4 it asks a matcher that has ended, which may raise or not, as that one pleases.
    QUERIES.append(spans.SpanNot(query.Term("body", "alfa"), query.Term("body", "delta")))
FACETS: dict[str, Callable[[], Any]] = {
    "size": lambda: sorting.FieldFacet("size"),
    "size backwards": lambda: sorting.FieldFacet("size", reverse=True),
    "title, then time": lambda: sorting.MultiFacet(["title", "made"]),
    "tags, one or several": lambda: sorting.FieldFacet("tags", allow_overlap=True),
    "ranges": lambda: sorting.RangeFacet("size", -50, 50, 10),
    "years": lambda: sorting.DateRangeFacet("made", NOON, NOON + timedelta(days=2000), timedelta(days=365)),
    "what is stored": lambda: sorting.StoredFieldFacet("key"),
    "queries": lambda: sorting.QueryFacet({word: query.Term("body", word) for word in WORDS[:2]}),
}

texts = st.lists(st.sampled_from(WORDS), max_size=24).map(" ".join)
documents = st.fixed_dictionaries(
    {"key": st.sampled_from([f"k{number}" for number in range(8)])},
    optional={
        "title": texts,
        "body": texts,
        "_body_boost": st.sampled_from([1.0, 1.5, 0.1]),
        "tags": st.lists(st.sampled_from(TAGS), unique=True).map(",".join),
        "size": st.integers(-50, 50),
        "price": st.sampled_from([0.25, 0.5, 1.75, 2.25, 1e9]),
        "made": st.integers(0, 2000).map(lambda days: NOON + timedelta(days=days)),
        "live": st.booleans(),
        "parts": st.sampled_from(WORDS),
        "extra": st.sampled_from([None, {"a": [1, 2.5]}, ("x", NOON)]),
        "_stored_title": st.sampled_from(WORDS),
    },
)
actions = st.one_of(
    st.tuples(st.just("add"), documents),
    st.tuples(st.just("update"), documents),
    st.tuples(st.just("delete"), st.tuples(st.sampled_from(["body", "tags"]), st.sampled_from([*WORDS, *TAGS]))),
)
transactions = st.tuples(st.lists(actions, max_size=8), st.sampled_from([NO_MERGE, OPTIMIZE, None]))
histories = st.lists(transactions, min_size=1, max_size=6)
History = list[tuple[list[tuple[str, Any]], Any]]


def write(index: FileIndex, history: History, codec: Callable[[], ArrayCodec] | None) -> None:
    """Write all transactions; with the stock codec where none is given."""
    for done, merging in history:
        writer = index.writer(codec=codec() if codec else None)
        for kind, what in done:
            if kind == "delete":
                writer.delete_by_term(*what)
            else:
                getattr(writer, f"{kind}_document")(**what)
        writer.commit(mergetype=merging)


def answered(ask: Callable[[], Any]) -> Any:
    """Return an answer; what Whoosh raises where documents lack values or terms is an answer too."""
    try:
        return ask()
    except DamagedFileError:
        raise
    except Exception as error:  # noqa: BLE001 - it must be the same with both codecs
        return type(error)


def hits(index: FileIndex, asked: query.Query, **options: Any) -> Any:
    """Return what a query finds, in order."""
    with index.searcher() as searcher:
        return answered(lambda: _hits(searcher.search(asked, terms=True, **options)))


def _hits(found: Results) -> list[Any]:
    found.fragmenter = highlight.WholeFragmenter()  # of pieces that are equally good, Whoosh 2.7.4 takes any
    marked = [hit.highlights("body") if "body" in hit else "" for hit in found]
    return [(hit.docnum, hit.score, hit.fields(), sorted(hit.matched_terms())) for hit in found] + marked


def facets(index: FileIndex) -> dict[str, Any]:
    """Return groups and orders by all facets."""
    said: dict[str, Any] = {}
    with index.searcher() as searcher:
        search = partial(searcher.search, query.Every(), limit=None)
        for name, facet in FACETS.items():
            said[f"groups by {name}"] = answered(lambda: search(groupedby=facet()).groups())  # noqa: B023 - at once
            said[f"in order of {name}"] = answered(lambda: [hit.docnum for hit in search(sortedby=facet())])  # noqa: B023
    return said


def insides(index: FileIndex) -> list[Any]:
    """Return all that a reader knows."""
    known: list[Any] = []
    with index.reader() as reader:
        known += [reader.doc_count(), reader.doc_count_all(), sorted(reader.indexed_field_names())]
        known.append(list(reader.iter_docs()))
        for (name, text), info in reader:
            figures = (info.doc_frequency(), info.min_length(), info.max_length(), info.min_id(), info.max_id())
            known.append((name, text, *figures, pytest.approx(info.weight()), info.max_weight()))
            known.append([(number, value or b"") for number, value in reader.postings(name, text).all_items()])
        for name in ("title", "size", "made") if reader.doc_count_all() else ():
            known.append(list(reader.column_reader(name, translate=False)))
        for name in ("title", "body"):
            known.append(reader.field_length(name))
            known += [reader.doc_field_length(number, name) or 0 for number in reader.all_doc_ids()]
            known += [list(reader.expand_prefix(name, "al")), list(reader.terms_within(name, "alfa", 1))]
        for number in reader.all_doc_ids():
            if reader.has_vector(number, "body"):
                known.append(list(reader.vector(number, "body").items_as("frequency")))
    return known


def alike(index: FileIndex) -> list[Any]:
    """Return what is like each document, its key terms, and what is suggested for a word that is spelled wrong."""
    with index.searcher() as searcher:
        said: list[Any] = [searcher.suggest("body", "bravi", maxdist=2)]
        for hit in searcher.search(query.Every("body"), limit=None):
            said.append({other.docnum for other in hit.more_like_this("body", top=100, numterms=100)})
            terms = dict(searcher.key_terms([hit.docnum], "body", numterms=100))
            said.append({word: pytest.approx(score) for word, score in terms.items()})
        return said


@some
@given(histories)
def test_random_indexes_answer_as_with_the_stock_codec(history: History) -> None:
    with scratch_folder() as folder:
        folder.mkdir()
        write(create_in(str(folder), foreign_schema()), history, ArrayCodec)
        stock, ours = RamStorage().create_index(foreign_schema()), open_dir(str(folder))
        write(stock, history, None)
        for asked in QUERIES:
            for options in ({"limit": None}, {"limit": 3}, {"limit": 2, "filter": query.Term("body", "alfa")}):
                assert hits(ours, asked, **options) == hits(stock, asked, **options), asked
        assert insides(ours) == insides(stock)
        assert facets(ours) == facets(stock)
        assert alike(ours) == alike(stock)


@pytest.fixture(scope="module")
def history() -> History:
    """Three segments, with deletions in two of them."""
    rows = [
        {
            "key": f"k{number}",
            "title": f"{WORDS[number % 5]} {WORDS[number % 3]}",
            "body": " ".join(WORDS[number * step % 9] for step in range(1, 2 + number % 40)),
            "size": number % 77 - 50,
            "made": NOON + timedelta(days=7 * number),
            "extra": {"number": number},
        }
        for number in range(600)
    ]
    added: list[tuple[str, Any]] = [("add", row) for row in rows]
    updated = [("update", {**row, "body": "charlie again"}) for row in rows[100:110]]
    last = [("delete", ("title", "charlie")), *updated]
    return [(added[:400], NO_MERGE), (added[400:], NO_MERGE), (last, NO_MERGE)]


@pytest.fixture(scope="module")
def stock(history: History) -> FileIndex:
    index = RamStorage().create_index(foreign_schema())
    write(index, history, None)
    return index


@pytest.fixture(scope="module")
def folder(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("arrays")
    write(create_in(str(place), foreign_schema()), history, ArrayCodec)
    return place


@pytest.mark.parametrize("limit", [None, 1, 10])
def test_long_lists_of_postings_give_the_same_best_hits(folder: Path, stock: FileIndex, limit: int | None) -> None:
    ours = open_dir(str(folder))
    for asked in QUERIES:
        assert hits(ours, asked, limit=limit) == hits(stock, asked, limit=limit), asked


def test_an_index_is_opened_by_whoosh_in_a_process_that_knows_nothing_of_the_codec(folder: Path) -> None:
    program = """
import sys
from whoosh.index import open_dir
from whoosh.qparser import QueryParser
index = open_dir(sys.argv[1])
with index.searcher() as searcher:
    found = searcher.search(QueryParser("body", index.schema).parse('"charlie again"'), limit=None, sortedby="made")
    print(*(hit["key"] for hit in found))
"""
    command = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [f"k{number}" for number in range(100, 110)]


def test_there_is_one_file_a_segment_and_merging_leaves_only_one(history: History, tmp_path: Path) -> None:
    index = create_in(str(tmp_path), foreign_schema())
    write(index, history, ArrayCodec)
    assert len(list(tmp_path.glob("*.arrays"))) == len(history)
    index.writer(codec=ArrayCodec()).commit(optimize=True)
    (file,) = tmp_path.glob("*.arrays")
    assert {path.suffix for path in tmp_path.iterdir()} <= {".arrays", ".toc", ""}
    assert file.stat().st_size > 0


def test_segments_of_whooshs_own_codec_stand_beside_ours_and_are_converted_by_a_merge(
    history: History, stock: FileIndex, tmp_path: Path
) -> None:
    index = create_in(str(tmp_path), foreign_schema())
    write(index, history[:1], None)
    write(index, history[1:], ArrayCodec)
    for asked in QUERIES:
        assert hits(index, asked, limit=10) == hits(stock, asked, limit=10), asked
    index.writer(codec=ArrayCodec()).commit(optimize=True)
    merged = RamStorage().create_index(foreign_schema())
    write(merged, history, None)
    merged.writer().commit(optimize=True)
    assert len(list(tmp_path.glob("MAIN_*.*"))) == 1
    for asked in QUERIES:
        assert hits(index, asked, limit=10) == hits(merged, asked, limit=10), asked
    assert insides(index) == insides(merged)


def test_a_column_can_be_added_to_segments_that_are_finished(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), fields.Schema(key=fields.ID(stored=True), size=fields.NUMERIC(stored=True)))
    write(index, [([("add", {"key": f"k{size}", "size": size}) for size in (3, 1, 2)], None)], ArrayCodec)
    writer = index.writer(codec=ArrayCodec())
    sorting.add_sortable(writer, "size", sorting.StoredFieldFacet("size"))
    writer.commit(merge=False)
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert searcher.reader().has_column("size")
        assert [hit["key"] for hit in searcher.search(query.Every(), sortedby="size")] == ["k1", "k2", "k3"]


def test_a_document_that_is_refused_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), fields.Schema(key=fields.ID(stored=True), size=fields.NUMERIC(sortable=True)))
    writer = index.writer(codec=ArrayCodec())
    writer.add_document(key="first", size=1)
    with pytest.raises(ValueError, match="many"):
        writer.add_document(key="refused", size="many")
    writer.add_document(key="last", size=0)
    writer.commit()
    with index.searcher() as searcher:
        assert [hit["key"] for hit in searcher.search(query.Every(), sortedby="size")] == ["last", "first"]


def test_long_fields_and_any_stored_object_are_kept(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), fields.Schema(body=fields.TEXT, extra=fields.STORED))
    added = ("add", {"body": "alfa " * 70_000 + "bravo", "extra": (NOON, {1.5: None}, "\ud800")})
    write(index, [([added], None)], ArrayCodec)
    with index.searcher() as searcher:
        (hit,) = searcher.search(query.Phrase("body", ["alfa", "bravo"]))
        assert hit["extra"] == (NOON, {1.5: None}, "\ud800")
        assert searcher.reader().field_length("body") == 70_001
        assert searcher.reader().frequency("body", "alfa") == 70_000


@pytest.fixture(scope="module")
def small(history: History) -> RamStorage:
    """A small index of one segment."""
    storage = RamStorage()
    write(storage.create_index(foreign_schema()), [(history[0][0][:40], None)], ArrayCodec)
    return storage


def segment_of(storage: RamStorage) -> tuple[str, bytes]:
    """Return name and content of the file of an index's one segment."""
    ((name, content),) = ((name, content) for name, content in storage.files.items() if name.endswith(".arrays"))
    return name, content


def use(storage: RamStorage, content: bytes) -> list[Any]:
    """Return all that an index says whose segment has this content."""
    damaged = RamStorage()
    damaged.files = {**storage.files, segment_of(storage)[0]: content}
    index = damaged.open_index()
    return [insides(index), [hits(index, asked, limit=5) for asked in QUERIES]]


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def test_a_flipped_byte_in_any_array_is_an_error(small: RamStorage) -> None:
    name, content = segment_of(small)
    file = BlockFile(Path(name), content)
    sections = {array: file[array] for array in file if len(file[array])}
    assert {array.partition("/")[0] for array in sections} >= {"lengths", "totals", "columns", "vectors", "postings"}
    for array, section in sections.items():
        with pytest.raises(DamagedFileError, match="damaged"):
            pytest.fail(f"{array} was read: {use(small, flipped(content, (section.start + section.end - 1) // 2))}")


@pytest.mark.parametrize("part", range(8))
def test_a_flipped_byte_anywhere_is_an_error_or_changes_nothing(small: RamStorage, part: int) -> None:
    _, content = segment_of(small)
    healthy = use(small, content)
    for place in range(part * 7919 % 1009, len(content), len(content) // 12):
        try:
            assert use(small, flipped(content, place)) == healthy, place
        except DamagedFileError:
            continue


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.999])
def test_a_file_that_is_cut_off_is_an_error(small: RamStorage, kept: float) -> None:
    _, content = segment_of(small)
    with pytest.raises(DamagedFileError):
        use(small, content[: int(kept * len(content))])
