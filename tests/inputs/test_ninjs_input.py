"""ninjs in its generations, and how it is told from other JSON."""

import json
from typing import Any

import pytest
from wire_support import article, results, skipped, times

from newsearch.model import Article

URI = "https://wire.example/items/ferry"
FIRST: dict[str, Any] = {
    "uri": URI,
    "type": "text",
    "version": "2",
    "firstcreated": "2025-03-21T16:48:00Z",
    "versioncreated": "2025-03-21T18:17:00Z",
    "pubstatus": "usable",
    "language": "en",
    "byline": "By Mara Denholm",
    "headline": "Ferry sails",
    "located": "Port Else",
    "subject": [{"code": "1"}, {"name": "transport", "rel": "about"}],
    "copyrightholder": "Harbour Wire",
    "body_text": "It sailed. It came back.",
    "body_xhtml": "<p>It sailed.</p><p>It came&nbsp;back.</p>",
    "associations": {"main": {"uri": "x", "type": "picture", "headline": "A ferry"}},
}
SECOND: dict[str, Any] = {
    "uri": URI,
    "standard": {"name": "ninjs", "version": "2.1"},
    "type": "text",
    "firstcreated": "2025-03-21T16:48:00Z",
    "versioncreated": "2025-03-21T18:17:00Z",
    "language": "en",
    "by": "Mara Denholm",
    "headlines": [{"role": "short", "value": "Sails"}, {"role": "main", "value": "Ferry sails"}],
    "located": "Port Else",
    "subjects": [{"name": "transport"}],
    "infosources": [{"name": "Harbour Wire"}],
    "bodies": [
        {"role": "main", "contenttype": "text/plain", "value": "It sailed. It came back."},
        {"role": "rich", "contenttype": "application/xhtml+xml", "value": "<p>It sailed.</p><p>It came back.</p>"},
    ],
}
THIRD = {{"versioncreated": "versionCreated", "firstcreated": "firstCreated"}.get(k, k): v for k, v in SECOND.items()}


def data(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


@pytest.mark.parametrize("item", [FIRST, SECOND, THIRD], ids=["1", "2", "3"])
@pytest.mark.parametrize("indent", [None, 1], ids=["line", "lines"])
def test_an_item_is_an_article_with_all_it_states(item: dict[str, Any], indent: int | None) -> None:
    found = article(json.dumps(item, indent=indent).encode(), "ferry.json")
    assert (found.title, found.body) == ("Ferry sails", "It sailed.\n\nIt came back.")
    assert (found.own_id, found.url, found.source) == (URI, URI, "Harbour Wire")
    assert (found.section, found.lang, found.authors) == ("transport", "en", ("Mara Denholm",))
    assert found.dateline == "Port Else"
    assert times(found) == ["2025-03-21T16:48:00+00:00 ninjs", "2025-03-21T18:17:00+00:00 ninjs"]
    assert str(found.origin) == "ferry.json"


def test_a_list_of_items_stands_at_its_numbers() -> None:
    found = results(data([FIRST, SECOND | {"uri": "urn:2"}, FIRST | {"type": "picture"}, 5]))
    assert [(str(item.origin), isinstance(item, Article)) for item in found] == [
        ("wire.xml!#1", True),
        ("wire.xml!#2", True),
        ("wire.xml!#3", False),
        ("wire.xml!#4", False),
    ]
    assert [getattr(item, "harmless", None) for item in found[2:]] == [True, False]


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ({"body_text": "One.\n\nTwo."}, "One.\n\nTwo."),
        ({"body_html": "One &amp; two"}, "One & two"),
        (
            {"body_nitf": "<nitf><body.head><hl1>No</hl1></body.head><body.content><p>One.</p></nitf>"},
            "One.",
        ),
        (
            {
                "body_main": "<p>One.</p><script>x()</script><figure><figcaption>No</figcaption></figure><p>Two.",
                "body_z": "x",
            },
            "One.\n\nTwo.",
        ),
        ({"description_text": "A summary."}, "A summary."),
        ({"descriptions": [{"value": "A summary."}]}, "A summary."),
        ({"body_text": ["One."], "bodies": "x", "body_html": {"a": 1}}, ""),
    ],
    ids=["text", "html", "nitf", "main", "description", "descriptions", "kinds"],
)
def test_the_body_is_the_one_with_paragraphs_or_what_there_is(bodies: dict[str, Any], expected: str) -> None:
    item = {key: value for key, value in FIRST.items() if not key.startswith("body")}
    assert article(data(item | bodies)).body == expected


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "composite", "planning"])
def test_what_is_no_text_is_named_and_harmless(kind: str) -> None:
    found = skipped(data(FIRST | {"type": kind}))
    assert (found.reason, found.harmless) == ("no-article", True)
    assert kind in found.detail


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_an_item_its_provider_takes_back_is_no_article_and_that_is_said(status: str) -> None:
    found = skipped(data(FIRST | {"pubstatus": status}))
    assert (found.reason, found.harmless) == ("canceled", False)


@pytest.mark.parametrize(
    "content",
    [
        data(FIRST)[:-20],
        b"[" * 100_000,
        b'{"uri": "x", "type": "text", "version": ' + b"9" * 5000 + b"}",
        b"\xff" + data(FIRST),
        data(FIRST) + data(SECOND),
    ],
    ids=["cut", "deep", "number", "encoding", "two"],
)
def test_a_hostile_or_broken_document_ends_with_its_reason(content: bytes) -> None:
    found = skipped(content, "x.json", "ninjs")
    assert (found.reason, found.fatal) == ("broken-json", True)


@pytest.mark.parametrize(
    "record",
    [
        {"uri": "https://wire.example/1", "title": "Ferry", "body": "It sailed."},
        {"title": "Ferry", "headline": "Ferry", "images": [{"uri": "x", "type": "picture"}]},
        {"images": [{"uri": "x"}], "title": "Ferry", "type": "text"},
    ],
    ids=["record", "nested", "first"],
)
def test_other_json_is_not_taken_for_it(record: dict[str, Any]) -> None:
    from newsearch.inputs.detect import sniff
    from newsearch.model import Origin

    for content in (json.dumps(record), json.dumps(record, indent=1), json.dumps([record])):
        assert sniff(content.encode(), Origin("x.json"), None) in ("json", "jsonl")
    line = json.dumps(FIRST).encode() + b"\n"
    assert sniff(line * 2, Origin("x"), None) == "jsonl"
    assert sniff(line, Origin("x.jsonl"), None) == "jsonl"
