"""NewsML 1.2: an envelope of news items, each a tree of components."""

import pytest
from wire_support import article, results, skipped, times

from newsearch.model import Article

NITF = """<DataContent><nitf><body><body.head><hedline><hl1>Inner headline</hl1></hedline></body.head>
<body.content><p>It sailed.</p><p>It came back.</p></body.content></body></nitf></DataContent>"""
XHTML = "<DataContent><html><body><p>It sailed.</p><p>It came back.</p></body></html></DataContent>"
BARE = "<DataContent><p>It sailed.</p><p>It came back.</p></DataContent>"
PLAIN = "<DataContent>It sailed.\n\nIt came back.</DataContent>"
ESCAPED = "<DataContent><![CDATA[<p>It sailed.</p><p>It came back.</p>]]></DataContent>"
ITEM = """<NewsItem xml:lang="en">
  <Identification><NewsIdentifier>
    <ProviderId>wire.example</ProviderId><DateId>20250321</DateId><NewsItemId>ferry</NewsItemId>
    <RevisionId PreviousRevision="1" Update="N">2</RevisionId>
    <PublicIdentifier>urn:newsml:wire.example:20250321:ferry:2</PublicIdentifier>
  </NewsIdentifier></Identification>
  <NewsManagement>
    <NewsItemType FormalName="News"/>
    <FirstCreated>20250321T164800+0000</FirstCreated>
    <ThisRevisionCreated>20250321T181700+0000</ThisRevisionCreated>
    <Status FormalName="Usable"/>
  </NewsManagement>
  <NewsComponent>
    <NewsLines><HeadLine>Ferry
      sails</HeadLine><ByLine>By Mara Denholm</ByLine><DateLine>PORT ELSE, March 21</DateLine></NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="Harbour Wire"/></Provider></AdministrativeMetadata>
    <DescriptiveMetadata><Language FormalName="en"/>
      <SubjectCode><Subject FormalName="04000000"/></SubjectCode>
      <SubjectCode><Subject FormalName="Transport"/></SubjectCode>
    </DescriptiveMetadata>
    <NewsComponent><Role FormalName="Photo Caption"/>
      <ContentItem><DataContent>A ferry at sea.</DataContent></ContentItem></NewsComponent>
    <NewsComponent><Role FormalName="Main"/>
      <ContentItem><MediaType FormalName="Text"/>CONTENT</ContentItem></NewsComponent>
  </NewsComponent>
</NewsItem>"""
STORY = ITEM.replace("CONTENT", NITF)


def envelope(*items: str) -> bytes:
    inside = "".join(items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd">'
        '<NewsML Version="1.2"><Catalog Href="http://wire.example/catalog.xml"/>'
        f"<NewsEnvelope><DateAndTime>20250321T182000+0000</DateAndTime></NewsEnvelope>{inside}</NewsML>"
    ).encode()


@pytest.mark.parametrize(
    "content", [NITF, XHTML, BARE, PLAIN, ESCAPED], ids=["nitf", "xhtml", "bare", "plain", "escaped"]
)
def test_a_news_item_is_an_article_with_all_it_states(content: str) -> None:
    found = article(envelope(ITEM.replace("CONTENT", content)))
    assert (found.title, found.body) == ("Ferry sails", "It sailed.\n\nIt came back.")
    assert (found.source, found.section, found.lang) == ("Harbour Wire", "Transport", "en")
    assert (found.authors, found.dateline) == (("Mara Denholm",), "PORT ELSE, March 21")
    assert times(found) == ["2025-03-21T16:48:00+00:00 newsml", "2025-03-21T18:17:00+00:00 newsml"]
    assert str(found.origin) == "wire.xml"


def test_a_revision_is_of_the_same_article() -> None:
    revised = STORY.replace(">2</RevisionId>", ">3</RevisionId>").replace("ferry:2", "ferry:3")
    assert (
        article(envelope(revised)).own_id == article(envelope(STORY)).own_id == "urn:newsml:wire.example:20250321:ferry"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20250321T164800Z", "2025-03-21T16:48:00+00:00 newsml"),
        ("20250321T164800+0800", "2025-03-21T16:48:00+08:00 newsml"),
        ("20250321T164800+08:00", "2025-03-21T16:48:00+08:00 newsml"),
        ("2025-03-21T16:48:00-05:00", "2025-03-21T16:48:00-05:00 newsml"),
        ("20250321", "2025-03-21 newsml"),
    ],
)
def test_a_time_is_read_in_the_forms_that_are_in_use(written: str, expected: str) -> None:
    assert times(article(envelope(STORY.replace("20250321T164800+0000", written))))[0] == expected


def test_a_first_revision_is_no_update() -> None:
    assert times(article(envelope(STORY.replace("T181700", "T164800"))))[1] is None


def test_what_the_item_leaves_out_its_content_tells() -> None:
    found = article(envelope(STORY.replace("HeadLine", "Line").replace("Provider>", "Carrier>")))
    assert (found.title, found.source) == ("Inner headline", "wire.example")


def test_a_picture_is_named_and_harmless_though_it_has_a_caption() -> None:
    picture = ITEM.replace('"Text"/>CONTENT', '"Photo"/>')
    found = skipped(envelope(picture))
    assert (found.reason, found.harmless) == ("no-article", True)
    assert "Photo" in found.detail


@pytest.mark.parametrize("status", ["Canceled", "Withheld"])
def test_an_item_its_provider_takes_back_is_no_article_and_that_is_said(status: str) -> None:
    found = skipped(envelope(STORY.replace('"Usable"', f'"{status}"')))
    assert (found.reason, found.harmless) == ("canceled", False)
    assert status.lower() in found.detail


def test_each_item_of_several_stands_at_its_number() -> None:
    found = results(envelope(STORY, STORY.replace("Ferry", "Tram")))
    assert [(str(item.origin), isinstance(item, Article)) for item in found] == [
        ("wire.xml!#1", True),
        ("wire.xml!#2", True),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (envelope(STORY)[:-60], "broken-xml"),
        (envelope(STORY).replace(b'"NewsML_1.2.dtd"', b'"x" [<!ENTITY a "ha">]'), "refused"),
        (b"<NewsML><NewsItem>" + b"<NewsComponent>" * 100_000, "refused"),
    ],
    ids=["cut", "entity", "deep"],
)
def test_a_hostile_or_broken_document_ends_with_its_reason(data: bytes, reason: str) -> None:
    found = skipped(data)
    assert (found.reason, found.fatal) == (reason, True)
