"""Feeds and web archives that nobody here wrote, each against what was counted in it by hand."""

import tarfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from newsearch.inputs import read
from newsearch.model import Capture, DocumentCapture, PageCapture, RecordCapture, Skipped

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (DATA / "warc.tar.gz").exists(), reason="the real archives are not here"),
]

ENTRIES = {
    "encoding_ISO-8859-1.xml": 40,
    "encoding_WINDOWS-1251.xml": 50,
    "large_atom.xml": 25,
    "large_rss.xml": 25,
    "no_encoding_ISO-8859-1.xml": 10,
    "rdf_UTF8.xml": 60,
    "small_atom.xml": 20,
    "urdu_UTF8.xml": 26,
    "koi8r.xml": 2,
    "utf8.xml": 1,
    "utf8-incorrect-prolog.xml": 1,
    "invalid-prolog.xml": 1,
    "full.atom": 5,
    "full.rss": 5,
    "full.json": 2,
    "invalid.json": 8,
    "empty.atom": 1,
    "empty.rss": 1,
    "empty.json": 1,
    "relative.atom": 1,
    "relative.rss": 1,
}
"""Entries by the name of a feed, without what tells where it comes from."""
NO_ENTRIES = {
    "iso-8859-1.xml": "empty",
    "windows-1252.xml": "empty",
    "windows-1252-incorrect-prolog.xml": "empty",
    "10.json": "empty",
    "unknown.json": "empty",
    "iso88591.xml": "unsupported",
    "iso88591_utf8_mismatch.xml": "unsupported",
}
"""Why the others have none."""
TEXTS = {"LICENSE", "custom", "iframe.html-result", "img.html-result", "p.html-result"}
ARCHIVES: dict[str, tuple[int, Sequence[str], Mapping[str, int]]] = {
    "bad.arc": (0, ["bad-record", "bad-record"], {"without HTTP head": 1}),
    "example.arc": (1, [], {"warcinfo": 1}),
    "example.arc.gz": (1, [], {"warcinfo": 1}),
    "example-space-in-url.arc": (1, ["truncated"], {"warcinfo": 1}),
    "example.warc": (1, [], {"warcinfo": 2, "request": 2, "revisit": 1}),
    "example.warc.gz": (1, [], {"warcinfo": 2, "request": 2, "revisit": 1}),
    "example-bad-non-chunked.warc.gz": (1, [], {"warcinfo": 2, "request": 2, "revisit": 1}),
    "example-bad.warc.gz.bad": (1, [], {"warcinfo": 1, "request": 2, "revisit": 1, "HTTP status 302": 1}),
    "example-digest.warc": (0, [], {"request": 4}),
    "example-iana.org-chunked.warc": (1, [], {"warcinfo": 1, "request": 1}),
    "example-resource.warc.gz": (1, [], {"warcinfo": 2}),
    "example-space-in-target-uri.warc.gz": (0, [], {"warcinfo": 1, "image/png": 1}),
    "example-trunc.warc": (1, ["truncated", "bad-record"], {"warcinfo": 2, "request": 1}),
    "example-wget-bad-target-uri.warc.gz": (
        1,
        [],
        {"warcinfo": 1, "request": 1, "metadata": 1, "'metadata:' addresses": 2},
    ),
    "example-wrong-chunks.warc.gz": (1, [], {"request": 1}),
    "post-test.warc.gz": (0, [], {"request": 3, "application/json": 3}),
}
"""Pages, what is amiss, and records that are no pages."""


def read_all(name: str) -> dict[str, list[Capture | Skipped]]:
    """What is in each file of an archive of them."""
    found = defaultdict[str, list[Capture | Skipped]](list)
    with (DATA / name).open("rb") as stream:
        for item in read(stream, name, None):
            found[item.origin.member.partition("!")[0].rpartition("/")[2].rpartition("__")[2]].append(item)
    with tarfile.open(DATA / name) as archive:
        assert len({Path(member.name).name.rpartition("__")[2] for member in archive if member.isfile()}) == len(found)
    return found


@pytest.fixture(scope="module")
def feeds() -> dict[str, list[Capture | Skipped]]:
    return read_all("feeds.tar.gz")


@pytest.fixture(scope="module")
def archives() -> dict[str, list[Capture | Skipped]]:
    return read_all("warc.tar.gz")


@pytest.mark.xdist_group("feeds")
def test_every_feed_has_the_entries_that_were_counted_by_hand(feeds: dict[str, list[Capture | Skipped]]) -> None:
    read_ones = {name: items for name, items in feeds.items() if any(isinstance(item, RecordCapture) for item in items)}
    assert {name: len(items) for name, items in read_ones.items()} == {**ENTRIES, "koi8r.xml": 4}  # it is there twice
    assert all(isinstance(item, RecordCapture) for items in read_ones.values() for item in items)


@pytest.mark.xdist_group("feeds")
def test_every_other_file_is_a_page_or_skipped_for_a_reason(feeds: dict[str, list[Capture | Skipped]]) -> None:
    reasons = {name: item.reason for name, items in feeds.items() for item in items if isinstance(item, Skipped)}
    assert reasons == NO_ENTRIES
    texts = {name for name, items in feeds.items() if isinstance(items[0], PageCapture)}
    assert texts == TEXTS
    pages = {name for name, items in feeds.items() if isinstance(items[0], DocumentCapture)}
    assert pages == {name for name in feeds if name.endswith(".html")}


@pytest.mark.xdist_group("feeds")
@pytest.mark.parametrize(
    "name", ["encoding_WINDOWS-1251.xml", "koi8r.xml", "utf8-incorrect-prolog.xml", "urdu_UTF8.xml"]
)
def test_titles_are_in_the_script_of_their_language(feeds: dict[str, list[Capture | Skipped]], name: str) -> None:
    letters = {"urdu_UTF8.xml": "\u0600-\u06ff", "utf8-incorrect-prolog.xml": "é"}.get(name, "\u0400-\u04ff")
    low, high = letters[0], letters[-1]
    for item in feeds[name]:
        assert isinstance(item, RecordCapture)
        assert any(low <= letter <= high for letter in str(item.fields["title"]))
        assert "\ufffd" not in str(item.fields)


@pytest.mark.xdist_group("feeds")
def test_every_time_of_a_feed_is_as_it_is_stated(feeds: dict[str, list[Capture | Skipped]]) -> None:
    (first, *_) = feeds["encoding_ISO-8859-1.xml"]
    assert isinstance(first, RecordCapture)
    assert first.fields["published"] == "Sun, 28 Oct 2018 13:48:00 +0100"
    stated = [
        item.fields["published"]
        for name in ("large_atom.xml", "large_rss.xml")
        for item in feeds[name]
        if isinstance(item, RecordCapture)
    ]
    assert len(list(filter(None, stated))) == 50


@pytest.mark.xdist_group("archives")
@pytest.mark.parametrize("name", ARCHIVES)
def test_every_web_archive_has_the_records_that_were_counted_by_hand(
    archives: dict[str, list[Capture | Skipped]], name: str
) -> None:
    pages, amiss, others = ARCHIVES[name]
    found = archives[name]
    documents = [item for item in found if isinstance(item, DocumentCapture)]
    assert len(documents) == pages
    assert all(page.content.lower().startswith(b"<!doctype html>") and page.captured for page in documents)
    assert all(page.content.rstrip().endswith(b"</html>") and page.url.startswith("http") for page in documents)
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert [item.reason for item in skipped if not item.harmless] == amiss
    (rest,) = [item.detail for item in skipped if item.harmless]
    counted = dict(reversed(part.split(" ", 1)) for part in rest.partition(": ")[2].split(", "))
    assert {kind: int(count) for kind, count in counted.items()} == others


@pytest.mark.xdist_group("archives")
def test_no_web_archive_is_forgotten(archives: dict[str, list[Capture | Skipped]]) -> None:
    assert set(archives) == {*ARCHIVES, "LICENSE"}
