"""NewsML-G2 items and messages of them."""

import io
import tracemalloc
from collections import Counter

import pytest
from wire_support import SHARED, article, results, skipped, times

from newsearch.inputs import newsml_g2
from newsearch.model import Article, Origin, Skipped

NITF = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
<body.head><hedline><hl1>Inner headline</hl1></hedline><byline>By Bo Byl</byline>
<dateline>PORT ELSE</dateline></body.head>
<body.content><p>It sailed.</p><p>It came back.</p></body.content></body></nitf></inlineXML>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>Not this</title></head><body><p>It sailed.</p><figure><figcaption>A ferry</figcaption></figure>
<p>It came back.</p></body></html></inlineXML>"""
PLAIN = '<inlineData contenttype="text/plain">It sailed.\n\nIt came back.</inlineData>'
HTML = '<inlineData contenttype="text/html">&lt;p&gt;It sailed.&lt;/p&gt;&lt;p&gt;It came back.</inlineData>'
ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:20250321:ferry"
  version="3" standard="NewsML-G2" standardversion="2.35" xml:lang="en-GB">
  <rightsInfo><copyrightHolder><name>Harbour Holding</name></copyrightHolder></rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider qcode="nprov:HARB"><name>Harbour Wire</name></provider>
    <versionCreated>2025-03-21T18:17:00Z</versionCreated>
    <firstCreated>2025-03-21T16:48:00Z</firstCreated>
    <embargoed>2025-03-22T00:00:00Z</embargoed>
    <pubStatus qcode="stat:usable"/>
    <title>Own title</title>
  </itemMeta>
  <contentMeta>
    <contentCreated>2025-03-21T15:00:00Z</contentCreated>
    <creator><name>Mara Denholm</name></creator>
    <by>By Mara Denholm, Shipping editor</by>
    <dateline>PORT ELSE, March 21</dateline>
    <language tag="en"/>
    <subject type="cpnat:person" qcode="p:1"><name>Ana Bym</name></subject>
    <subject type="cpnat:abstract" qcode="medtop:1"><name>transport</name></subject>
    <slugline>FERRY-SAILS</slugline>
    <headline role="hld:sub">Crew back</headline>
    <headline role="hld:main">Ferry
       sails</headline>
    <description>A summary.</description>
  </contentMeta>
  <contentSet>CONTENT</contentSet>
</newsItem>"""
STORY = ITEM.replace("CONTENT", NITF)


def message(*items: str) -> bytes:
    inside = "".join(items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">'
        f"<header><sent>2025-03-21T18:20:00Z</sent></header><itemSet>{inside}</itemSet></newsMessage>"
    ).encode()


@pytest.mark.parametrize("content", [NITF, XHTML, PLAIN, HTML], ids=["nitf", "xhtml", "plain", "html"])
def test_a_news_item_of_text_is_an_article_with_all_it_states(content: str) -> None:
    found = article(ITEM.replace("CONTENT", content).encode())
    assert (found.title, found.body) == ("Ferry sails", "It sailed.\n\nIt came back.")
    assert (found.own_id, found.source) == ("urn:newsml:wire.example:20250321:ferry", "Harbour Wire")
    assert (found.section, found.lang, found.authors) == ("transport", "en", ("Mara Denholm",))
    assert found.dateline == "PORT ELSE, March 21"
    assert times(found) == ["2025-03-21T16:48:00+00:00 newsml-g2", "2025-03-21T18:17:00+00:00 newsml-g2"]
    assert str(found.origin) == "wire.xml"


@pytest.mark.parametrize(
    ("version", "hidden", "expected"),
    [
        ("3", "", ["2025-03-21T16:48:00+00:00 newsml-g2", "2025-03-21T18:17:00+00:00 newsml-g2"]),
        ("3", "firstCreated", ["2025-03-21T15:00:00+00:00 newsml-g2", "2025-03-21T18:17:00+00:00 newsml-g2"]),
        ("1", "firstCreated", ["2025-03-21T18:17:00+00:00 newsml-g2", None]),
    ],
)
def test_a_first_version_is_published_when_it_was_made_and_later_ones_are_updates(
    version: str, hidden: str, expected: list[str | None]
) -> None:
    item = STORY.replace('version="3"', f'version="{version}"')
    assert times(article((item.replace(hidden, "edNote") if hidden else item).encode())) == expected


def test_what_the_metadata_leave_out_the_content_tells() -> None:
    start, end = STORY.index("<contentMeta>"), STORY.index("</contentMeta>")
    found = article((STORY[:start] + "<contentMeta>" + STORY[end:]).encode())
    assert (found.title, found.authors, found.dateline) == ("Inner headline", ("Bo Byl",), "PORT ELSE")
    assert found.lang == "en-GB"


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("<provider literal='The Quay'/>", "The Quay"),
        ("<provider qcode='nprov:HARB'/>", "HARB"),
        ("<provider uri='https://wire.example/'/>", "Harbour Holding"),
    ],
)
def test_the_source_is_the_best_name_there_is(provider: str, expected: str) -> None:
    start, end = STORY.index("<provider"), STORY.index("</provider>")
    item = STORY[:start] + provider + STORY[end:].removeprefix("</provider>")
    assert article(item.encode()).source == expected


@pytest.mark.parametrize("content", ["", "<inlineXML/>", '<inlineXML><sport xmlns="urn:s">3:1</sport></inlineXML>'])
def test_without_content_that_is_prose_the_description_is_the_body(content: str) -> None:
    item = ITEM.replace("CONTENT", content)
    assert article(item.encode()).body == "A summary."
    assert article(item.replace("description>", "note>").encode()).body == ""


@pytest.mark.parametrize(
    ("item", "what"),
    [
        (STORY.replace("ninat:text", "ninat:picture"), "newsItem of class picture"),
        (STORY.replace('qcode="ninat:text"', 'uri="http://cv.iptc.org/newscodes/ninature/video"'), "class video"),
        (STORY.replace("newsItem", "packageItem"), "packageItem"),
        (STORY.replace("newsItem", "planningItem"), "planningItem"),
        (STORY.replace("newsItem", "conceptItem"), "conceptItem"),
        (STORY.replace("newsItem", "knowledgeItem"), "knowledgeItem"),
        (STORY.replace("newsItem", "catalogItem"), "catalogItem"),
    ],
    ids=["picture", "video", "package", "planning", "concept", "knowledge", "catalog"],
)
def test_what_is_no_text_is_named_and_harmless(item: str, what: str) -> None:
    found = skipped(item.encode())
    assert (found.reason, found.harmless, found.fatal) == ("no-article", True, False)
    assert what in found.detail


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_an_item_its_provider_takes_back_is_no_article_and_that_is_said(status: str) -> None:
    found = skipped(STORY.replace("stat:usable", f"stat:{status}").encode())
    assert (found.reason, found.harmless) == ("canceled", False)
    assert status in found.detail


def test_each_item_of_a_message_stands_at_its_number() -> None:
    found = results(message(STORY, STORY.replace("ninat:text", "ninat:video"), STORY.replace("Ferry", "Tram")))
    assert [(str(item.origin), isinstance(item, Article)) for item in found] == [
        ("wire.xml!#1", True),
        ("wire.xml!#2", False),
        ("wire.xml!#3", True),
    ]
    assert str(article(message(STORY)).origin) == "wire.xml"
    assert skipped(message()).harmless


def test_items_before_a_break_are_kept() -> None:
    first, second, broken = results(message(STORY, STORY, "<newsItem>")[:-30])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(broken, Skipped)
    assert (broken.reason, broken.fatal) == ("broken-xml", True)
    alone, broken = results(message(STORY, "<newsItem>")[:-30])
    assert (str(alone.origin), getattr(broken, "reason", "")) == ("wire.xml", "broken-xml")


def test_a_long_message_takes_no_more_memory_than_a_short_one() -> None:
    def peak(count: int) -> int:
        data = io.BytesIO(message(*[STORY] * count))
        tracemalloc.start()
        assert sum(1 for _ in newsml_g2.read(data, Origin("x"), None)) == count
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(1000) < peak(100) * 2


PROSE = {
    "008_roundtrip_test.xml": 'Fed to halt QE to avert "bubble"',
    "LISTING_1_A_NewsML-G2_News_Item.xml": 'Fed to halt QE to avert "bubble"',
    "LISTING_2_NewsML-G2_Text_Document.xml": 'Fed to halt QE to avert "bubble"',
    "LISTING_21_A_complete_sample_SportsML-G2_document.xml": "Troy Tulowitzki singled to third",
    "LISTING_22_Sports_story_in_NewsML-G2NITF.xml": "Preview: Arizona Diamondbacks (29-23) at Philadelphia",
    "LISTING_27_Company_Financial_Information.xml": "Acme Widgets announces annual results",
}
PARAGRAPHS = {"LISTING_2": 2, "LISTING_22": 6, "008": 1, "LISTING_27": 1, "LISTING_1": 0, "LISTING_21": 0}
NOTHING = {"001_simplest_file.xml": 1, "007_emptynewsmessage.xml": 1, "LISTING_24": 4, "LISTING_29": 1}
FRAGMENTS = ("LISTING_25", "LISTING_28", "LISTING_7", "LISTING_8", "LISTING_9")


@pytest.mark.realdata
def test_each_document_of_the_standard_is_read_or_left_out_for_its_reason() -> None:
    """Counted by hand: 6 articles, 7 texts that are empty, 5 fragments, and 25 items that are no text."""
    import tarfile

    if not (file := SHARED / "newsml-g2.tar.gz").exists():
        pytest.skip("the real documents are not here")
    titles: dict[str, str] = {}
    reasons: Counter[str] = Counter()
    with tarfile.open(file) as archive:
        documents = {one.name.rpartition("/")[2]: archive.extractfile(one) for one in archive if one.isfile()}
        assert len(documents) == 38
        for name, stream in documents.items():
            assert stream is not None
            for found in results(stream.read(), name):
                number = name.split("_")[0] if name[0] == "0" else "_".join(name.split("_")[:2])
                if isinstance(found, Article):
                    titles[name] = found.title
                    assert len(list(filter(None, found.body.split("\n\n")))) == PARAGRAPHS[number], name
                    assert found.published
                else:
                    reasons[found.reason] += 1
                    assert (found.reason == "unsupported") == (number in FRAGMENTS), name
                    assert found.harmless == (found.reason == "no-article")
    assert {name: title[: len(PROSE[name])] for name, title in titles.items()} == PROSE
    assert reasons == {"no-article": 25, "no-text": 7, "unsupported": 5}
