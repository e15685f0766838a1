"""NITF documents, and what every document in XML is guarded against."""

import pytest
from wire_support import article, results, skipped, times

from newsearch.inputs import safe_xml
from newsearch.model import Article, Skipped

STORY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf xml:lang="en">
  <head>
    <title>ferry-slug</title>
    <tobject><tobject.subject tobject.subject.type="Transport"/></tobject>
    <docdata>
      <doc-id id-string="hw-17" regsrc="HARB"/>
      <urgency ed-urg="4"/>
      <date.issue norm="20250321T164800+0800"/>
      <date.release norm="20250322T000000Z"/>
      <doc.copyright holder="Harbour Wire"/>
    </docdata>
    <pubdata ex-ref="https://wire.example/ferry"/>
    <revision-history norm="20250321T170000+0800"/>
    <revision-history norm="20250321T181500+0800"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Ferry <em>sails</em> again</hl1><hl2>Crew back on deck</hl2></hedline>
      <byline>By <person>Mara Denholm</person><byttl>Shipping editor</byttl></byline>
      <dateline><location>PORT ELSE</location><story.date norm="20250321">March 21</story.date></dateline>
      <abstract><p>It sails.</p></abstract>
    </body.head>
    <body.content>
      <media media-type="image"><media-caption>A ferry</media-caption></media>
      <p>It sailed at
         <chron norm="20250321">dawn</chron>.</p>
      <hl2>The crew</hl2>
      <ul><li>Ana, cook</li><li>Bo, pilot</li></ul>
      <table><tr><td>Knots</td><td>12</td></tr></table>
      <p>It came&nbsp;back<br/>at dusk.</p>
    </body.content>
    <body.end><tagline>Edited by Tomas Reyle</tagline></body.end>
  </body>
</nitf>"""
PARAGRAPHS = [
    "Crew back on deck",
    "It sailed at dawn.",
    "The crew",
    "Ana, cook",
    "Bo, pilot",
    "Knots 12",
    "It came back\nat dusk.",
    "Edited by Tomas Reyle",
]


def test_a_story_is_an_article_with_all_it_states() -> None:
    found = article(STORY.encode())
    assert (found.title, found.own_id, found.source, found.section) == (
        "Ferry sails again",
        "hw-17",
        "Harbour Wire",
        "Transport",
    )
    assert (found.url, found.lang, found.authors) == ("https://wire.example/ferry", "en", ("Mara Denholm",))
    assert found.dateline == "PORT ELSE March 21"
    assert found.body.replace("\xa0", " ").split("\n\n") == PARAGRAPHS
    assert times(found) == ["2025-03-21T16:48:00+08:00 nitf", "2025-03-21T18:15:00+08:00 nitf"]
    assert str(found.origin) == "wire.xml"


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("20250321T164800+0000", "2025-03-21T16:48:00+00:00 nitf"),
        ("20250321T164800Z", "2025-03-21T16:48:00+00:00 nitf"),
        ("2025-03-21T16:48:00-05:00", "2025-03-21T16:48:00-05:00 nitf"),
        ("20250321", "2025-03-21 nitf"),
        ("20250321T000000", "2025-03-21 nitf"),
        ("20250321T000000-0500", "2025-03-21 nitf"),
        ("20250321000000-0500", "2025-03-21 nitf"),
    ],
)
def test_a_time_is_read_as_the_standard_writes_it_and_midnight_is_a_day(norm: str, expected: str) -> None:
    assert times(article(STORY.replace("20250321T164800+0800", norm).encode()))[0] == expected


def test_a_time_that_is_none_is_told_and_the_article_kept() -> None:
    told, found = results(STORY.replace("20250321T164800+0800", "20259999").encode())
    assert isinstance(told, Skipped)
    assert told.reason == "date-rejected"
    assert isinstance(found, Article)


def test_a_story_without_content_has_its_abstract_and_one_without_headline_its_title() -> None:
    start, end = STORY.index("<body.content>"), STORY.index("</body.content>")
    found = article((STORY[:start] + "<body.content>" + STORY[end:]).encode())
    assert "It sails." in found.body.split("\n\n")
    assert article(STORY.replace("hl1>", "hl9>").encode()).title == "ferry-slug"


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Mara Denholm, <byttl>Editor</byttl>", ("Mara Denholm",)),
        ("BY MARA DENHOLM", ("MARA DENHOLM",)),
        ("<byttl>Harbour Desk</byttl>", ()),
        ("<person>Ana Bym</person> and <person>Bo Byl</person>", ("Ana Bym", "Bo Byl")),
    ],
)
def test_a_byline_names_the_authors_without_their_titles(byline: str, expected: tuple[str, ...]) -> None:
    old = STORY[STORY.index("<byline>") : STORY.index("</byline>")]
    assert article(STORY.replace(old, f"<byline>{byline}").encode()).authors == expected


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_a_story_its_provider_takes_back_is_no_article_and_that_is_said(status: str) -> None:
    found = skipped(STORY.replace("<docdata>", f'<docdata management-status="{status}">').encode())
    assert (found.reason, found.harmless) == ("canceled", False)
    assert status in found.detail


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        b"\xef\xbb\xbf" + STORY.encode(),
        b"\xef\xbb\xbf" + STORY.replace("UTF-8", "UTF-16").encode(),
        STORY.replace("UTF-8", "utf-16").encode(),
        STORY.replace("UTF-8", "UTF-16").encode("utf-16"),
        STORY.replace(' encoding="UTF-8"', "").encode(),
        STORY.replace("<nitf ", '<n:nitf xmlns:n="urn:n" ').replace("</nitf>", "</n:nitf>").encode(),
    ],
    ids=["utf8", "bom", "bom-utf16", "says-utf16", "utf16", "silent", "prefix"],
)
def test_a_document_is_read_whatever_it_says_of_its_encoding_once_converted(data: bytes) -> None:
    assert article(data).title == "Ferry sails again"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "gb18030", "shift_jis", "koi8-r"])
def test_a_declared_encoding_is_followed(encoding: str) -> None:
    word = {"gb18030": "渡轮", "shift_jis": "渡し船", "koi8-r": "паром"}.get(encoding, "Fähre")
    data = STORY.replace("Ferry", word).replace("UTF-8", encoding).encode(encoding)
    assert article(data).title == f"{word} sails again"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{below};" * 10}">' for below, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><nitf><body><body.content><p>&i;</p></body.content></body></nitf>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]><nitf>&x;</nitf>'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://x.example/x"> %x;]><nitf>a</nitf>'
DEEP = "<nitf><body><body.content>" + "<p>" * 100_000


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (BOMB, "refused"),
        (EXTERNAL, "refused"),
        (PARAMETER, "refused"),
        (DEEP, "refused"),
        (STORY[:900], "broken-xml"),
        (STORY.replace("</hl1>", ""), "broken-xml"),
        (STORY.replace("dawn", "da\0wn"), "binary"),
        (STORY.replace("dawn", "&undeclared;"), "broken-xml"),
        (STORY.replace("UTF-8", "klingon"), "broken-xml"),
        (STORY.replace("UTF-8", "hex"), "broken-xml"),
        (STORY.replace("UTF-8", "us-ascii").replace("dawn", "däwn"), "broken-xml"),
    ],
    ids=["bomb", "external", "parameter", "deep", "cut", "unclosed", "nul", "entity", "klingon", "hex", "ascii"],
)
def test_a_hostile_or_broken_document_ends_with_its_reason_and_nothing_else(document: str, reason: str) -> None:
    found = skipped(document.encode())
    assert (found.reason, found.fatal, found.harmless) == (reason, True, False)
    assert found.origin.path == "wire.xml"


def test_where_a_document_is_broken_is_told() -> None:
    lines = STORY.split("\n")
    lines[4] = "    <title>slug</tilte>"
    assert str(skipped("\n".join(lines).encode()).origin) == "wire.xml:5"


def test_bytes_that_are_not_utf8_are_told_of() -> None:
    assert skipped(STORY.encode().replace(b"dawn", b"d\xe4wn")).reason == "broken-xml"


@pytest.mark.parametrize("filler", ["x" * 3000, "<p/>" * 20], ids=["text", "elements"])
def test_an_item_beyond_all_measure_is_left_out(filler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "LIMIT", 20_000)
    assert article(STORY.encode()).title == "Ferry sails again"
    assert skipped(STORY.replace("It sailed", filler * 6).encode()).reason == "too-large"


@pytest.mark.parametrize(
    "document",
    [
        '<?xml version="1.0"?>\n<unheard><of/></unheard>',
        '<contentSet xmlns="http://wire.example/">text</contentSet>',
        "<contentSet>text</contentSet>",
    ],
    ids=["prolog", "namespace", "name"],
)
def test_xml_of_no_known_kind_is_not_read_as_a_page(document: str) -> None:
    found = skipped(document.encode())
    assert (found.reason, found.fatal) == ("unsupported", True)


def test_a_document_without_a_story_says_so() -> None:
    found = skipped(b"<rss/>", input_format="nitf")
    assert (found.reason, found.harmless) == ("no-article", True)
