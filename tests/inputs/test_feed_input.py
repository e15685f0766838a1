"""Feeds: an entry is a record, whatever the dialect, the encoding and the state of the feed."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from newsearch.inputs import feed as feed_reading
from newsearch.inputs import read
from newsearch.model import Capture, RecordCapture, Skipped

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour News</title><link>https://harbour.example/</link><language>en-gb</language>
<item><guid isPermaLink="false">h-1</guid><title>Ferry &amp; crew are back</title><link>/ferry?a=1&amp;b=2</link>
<pubDate>Tue, 04 Mar 2025 09:30:00 +0100</pubDate><dc:creator>Ada Quay</dc:creator><category>Shipping</category>
<category>Local</category><description>Short.</description>
<content:encoded><![CDATA[<p>The ferry came back at dawn.</p>]]></content:encoded></item>
<item><title>Second</title><description>No more is known.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Kai</title>
<link href="https://kai.example/"/><link rel="self" href="https://kai.example/feeds/all.atom"/>
<author><name>Redaktion</name></author>
<entry><id>urn:x:1</id><title type="html">Eins &amp;amp; zwei</title><published>2025-03-04T09:30:00+01:00</published>
<updated>2025-03-05T09:30:00Z</updated><link href="1.html"/><summary>kurz</summary><content>etwas mehr</content></entry>
<entry><id>urn:x:2</id><title>Zwei</title><updated>2025-03-05</updated><author><name>B. Boje</name></author></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://mole.example/"><title>Mole</title>
<link>https://mole.example/</link></channel><item rdf:about="https://mole.example/1"><title>One</title>
<link>https://mole.example/1</link><description>Text.</description><dc:date>2025-03-04T09:30</dc:date></item></rdf:RDF>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Pier",
    "home_page_url": "https://pier.example/",
    "language": "en",
    "authors": [{"name": "Pier staff"}],
    "items": [
        {"id": 7, "title": "Seven", "content_html": "<p>Gulls.</p>", "date_published": "2025-03-04", "tags": ["Birds"]},
        {"id": "8", "content_text": "Terns.", "url": "https://pier.example/8", "author": {"name": "Ann"}},
        "no item",
    ],
}


def read_all(data: bytes | str, path: str = "x") -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data.encode() if isinstance(data, str) else data), path, None))


def records(items: Sequence[Capture | Skipped]) -> list[RecordCapture]:
    return [item for item in items if isinstance(item, RecordCapture)]


def rss(item: str) -> str:
    return f"<rss version='2.0'><channel><item>{item}</item></channel></rss>"


def test_an_rss_item_is_a_record_under_the_standard_names() -> None:
    captured = datetime(2025, 4, 1, tzinfo=UTC)
    first, second = read(io.BytesIO(RSS.encode()), "a/feed.xml", captured)
    assert isinstance(first, RecordCapture)
    assert first.fields == {
        "id": "h-1",
        "title": "Ferry & crew are back",
        "body": "<p>The ferry came back at dawn.</p>",
        "published": "Tue, 04 Mar 2025 09:30:00 +0100",
        "updated": "",
        "source": "harbour.example",
        "section": "Shipping",
        "url": "https://harbour.example/ferry?a=1&b=2",
        "authors": ["Ada Quay"],
        "lang": "en-gb",
    }
    assert (first.evidence, first.captured) == ("feed", captured)
    assert [str(item.origin) for item in (first, second)] == ["a/feed.xml!#1", "a/feed.xml!#2"]


def test_an_atom_entry_has_the_longest_text_its_own_times_and_the_feeds_authors_where_it_has_none() -> None:
    first, second = (record.fields for record in records(read_all(ATOM)))
    assert first["body"] == "etwas mehr"
    assert (first["published"], first["updated"]) == ("2025-03-04T09:30:00+01:00", "2025-03-05T09:30:00Z")
    assert (first["url"], first["source"], first["lang"]) == ("https://kai.example/feeds/1.html", "kai.example", "de")
    assert (first["authors"], second["authors"]) == (["Redaktion"], ["B. Boje"])
    assert (second["published"], second["updated"], second["url"]) == ("", "2025-03-05", "")


def test_the_one_date_of_rdf_is_when_a_thing_was_published() -> None:
    (record,) = records(read_all(RDF))
    assert (record.fields["published"], record.fields["updated"]) == ("2025-03-04T09:30", "")
    assert (record.fields["id"], record.fields["title"]) == ("https://mole.example/1", "One")


def test_a_json_feed_is_read_item_by_item() -> None:
    first, second, third = read_all(json.dumps(JSON), "x.json")
    assert isinstance(first, RecordCapture)
    assert isinstance(second, RecordCapture)
    assert (first.fields["id"], first.fields["body"], first.fields["section"]) == (7, "<p>Gulls.</p>", "Birds")
    assert (first.fields["authors"], second.fields["authors"]) == (["Pier staff"], ["Ann"])
    assert (second.fields["body"], second.fields["source"]) == ("Terns.", "pier.example")
    assert isinstance(third, Skipped)
    assert (third.reason, str(third.origin)) == ("not-an-object", "x.json!#3")


@pytest.mark.parametrize(
    "stated", ["Tue, 04 Mar 2025 09:30:00 EST", "2025-03-04T09:30:00", "2025-03", "Tue Mar  4 09:30:00 2025", "soon"]
)
def test_a_time_is_handed_on_as_stated_and_never_becomes_utc_by_itself(stated: str) -> None:
    (record,) = records(read_all(rss(f"<title>a</title><pubDate>{stated}</pubDate>")))
    assert record.fields["published"] == stated


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("koi8-r", "koi8-r"),
        ("windows-1251", "cp1251"),
        ("ISO-2022-JP", "iso2022_jp"),
        ("gb2312", "gb18030"),
        ("utf-8", "utf-8"),
        ("koi8-r", "utf-8"),
        ("nonsense", "utf-8"),
        ("rot13", "utf-8"),
        ("utf-7", "utf-8"),
        ("koi8-r", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_encoding_is_what_the_bytes_show_and_else_what_is_declared(declared: str, encoding: str) -> None:
    title = {"iso2022_jp": "港のフェリー", "gb18030": "渡轮回来了"}.get(encoding, "Паром вернулся")
    text = f'<?xml version="1.0" encoding="{declared}"?>{rss(f"<title>{title}</title>")}'
    (record,) = records(read_all(text.encode(encoding)))
    assert record.fields["title"] == title


@pytest.mark.parametrize("title", ["Caf\xe9 \u20ac", "\xe9"])
def test_an_undeclared_encoding_that_is_not_utf_8_is_windows_1252(title: str) -> None:
    (record,) = records(read_all(rss(f"<title>{title}</title>").encode("cp1252")))
    assert record.fields["title"] == title


@pytest.mark.parametrize(
    "prolog", ["\n\n ", "<!-- <x> -->", "<?xml-stylesheet href='a'?>\n", "<!DOCTYPE rss>"], ids=repr
)
def test_whatever_stands_before_the_feed_does_not_matter(prolog: str) -> None:
    (record,) = records(read_all(prolog + rss("<title>a</title>")))
    assert record.fields["title"] == "a"


def test_links_and_ids_that_are_no_urls_break_nothing() -> None:
    (record,) = records(read_all(rss("<title>a</title><link>http://[bad</link><guid>tag:a,b</guid>")))
    assert (record.fields["id"], record.fields["url"]) == ("tag:a,b", "http://[bad")


@pytest.mark.parametrize("name", ["links", "authors", "tags", "content", "source", "entries", "title", "link", "value"])
@pytest.mark.parametrize("attribute", ["", " a='b'"])
def test_elements_named_like_what_is_made_of_them_break_nothing(name: str, attribute: str) -> None:
    odd = f"<{name}{attribute}>x<{name}{attribute}/></{name}>"
    found = records(read_all(f"<rss><channel>{odd}<item>{odd}<guid>g</guid>{odd}</item>{odd}</channel></rss>"))
    assert [record.fields["id"] for record in found] == ["g"]


@pytest.mark.parametrize("cut", [9, 60, 200])
def test_a_feed_that_is_cut_off_keeps_its_entries_and_says_so(cut: int) -> None:
    *entries, last = read_all(RSS[:-cut])
    assert records(entries)[0].fields["id"] == "h-1"
    assert isinstance(last, Skipped)
    assert (last.reason, last.fatal) == ("truncated", True)


def test_a_feed_with_a_slip_in_its_xml_is_read() -> None:
    (record,) = read_all(rss("<title>Fish & chips&nbsp;again</title><description>a < b \x07</description>"))
    assert isinstance(record, RecordCapture)
    assert record.fields["title"] == "Fish & chips\xa0again"


@pytest.mark.parametrize(
    "data", ["<feed xmlns='http://www.w3.org/2005/Atom'/>", "<rss version='2.0'><channel/></rss>", "<rss></rss>"]
)
def test_a_feed_without_entries_is_harmless(data: str) -> None:
    (skipped,) = read_all(data)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", True)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "words",
        "<html></html>",
        "\0" * 99,
        "{",
        '{"items": 3}',
        '{"a":' * 100_000,
        "[]",
        '{"items":[1e999,' + "9" * 9999,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_feed_is_skipped_whole(data: str) -> None:
    skipped = list(feed_reading.read(io.BytesIO(data.encode()), feed_reading.Origin("x"), None))
    assert [(item.reason, item.fatal) for item in skipped if isinstance(item, Skipped)] == [("broken-feed", True)]


@pytest.mark.parametrize("size", [3, 300])
def test_entities_are_never_expanded_and_nothing_is_fetched(size: int) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, size))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY x SYSTEM "file:///etc/hostname">{bomb}]>'
    (record,) = records(read_all(f"<?xml version='1.0'?>{doctype}{rss(f'<title>a &e{size - 1}; &x;</title>')}"))
    assert record.fields["title"] == f"a &e{size - 1}; &x;"


def test_a_deep_feed_and_a_huge_entry_are_read() -> None:
    assert records(read_all(rss("<x>" * 20_000 + "<title>a</title>")))
    (record,) = records(read_all(rss(f"<title>a</title><description>{'b' * (16 << 20)}</description>")))
    assert len(str(record.fields["body"])) == 16 << 20


def test_a_feed_beyond_the_limit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_reading, "LIMIT", 100)
    (skipped,) = read_all(RSS)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("too-large", True)


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("".join(f"<category>{number}</category>" for number in range(200_000)), "categories"),
        (f"<a {' '.join(f'a{number}={chr(39)}1{chr(39)}' for number in range(50_000))}/>", "attributes"),
    ],
    ids=["categories", "attributes"],
)
def test_a_feed_without_an_end_is_refused_before_it_takes_minutes(inside: str, what: str) -> None:
    feed = f"<rss version='2.0'><channel><item><title>Ferry</title>{inside}</item></channel></rss>"
    (skipped,) = read(io.BytesIO(feed.encode()), "x", None)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, what in skipped.detail) == ("broken-feed", True)


def test_a_feed_of_unfinished_elements_is_soon_told_of() -> None:
    found = list(read(io.BytesIO((RSS[:-16] + "<rss " * 60_000).encode()), "x.xml", None))
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["truncated"]
