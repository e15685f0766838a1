"""Reuters-21578 in its own SGML."""

import gzip
import json
import re
import tarfile
from collections import Counter

import pytest
from wire_support import SHARED, article, results, skipped, times

from newsearch.model import Article, Skipped

ITEM = """<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="5544" NEWID="17">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>ship</D><D>trade</D></TOPICS>
<PLACES><D>nowhere</D></PLACES>
<UNKNOWN>
&#5;&#5;&#5;C T
&#22;f0704&#31;reute</UNKNOWN>
<TEXT>&#2;
<TITLE>FERRY &lt;FRY> SAILS</TITLE>
<AUTHOR>    By Mara Denholm, Reuters</AUTHOR>
<DATELINE>    PORT ELSE, Feb 26 - </DATELINE><BODY>The ferry sailed at
dawn.
    It came back.

    Nobody saw it.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
"""
PROLOG = '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n'


def unbodied(kind: str, text: str) -> bytes:
    start, end = ITEM.index("<TEXT>"), ITEM.index("</TEXT>")
    return (PROLOG + ITEM[:start] + f'<TEXT TYPE="{kind}">&#2;\n{text}\n&#3;' + ITEM[end:]).encode("latin-1")


def test_an_item_is_an_article_with_all_it_states() -> None:
    found = article((PROLOG + ITEM).encode())
    assert (found.own_id, found.title, found.source) == ("reuters-17", "FERRY <FRY> SAILS", "Reuters")
    assert found.body == "The ferry sailed at\ndawn.\n\nIt came back.\n\nNobody saw it.\nReuter"
    assert (found.section, found.authors, found.dateline) == ("ship", ("Mara Denholm",), "PORT ELSE, Feb 26 -")
    assert times(found) == ["1987-02-26T15:01:01.790000+00:00 reuters", None]
    assert found.published
    assert found.published.flags == ("tz-assumed",)
    assert str(found.origin) == "wire.xml"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (" 3-MAR-1987 09:02:41.05", "1987-03-03T09:02:41.050000+00:00 reuters"),
        ("3-MAR-1987  9:02:41", "1987-03-03T09:02:41+00:00 reuters"),
        ("reute 19-OCT-1987 23:59:59.9 f", "1987-10-19T23:59:59.900000+00:00 reuters"),
        ("31-MAR-1987 605:12:19.12", None),
        ("31-FEB-1987 10:12:19.12", None),
        ("31-XYZ-1987 10:12:19.12", None),
        ("26-FEB-1987 15:61:01.79", None),
    ],
)
def test_a_date_is_read_where_it_is_certain_and_else_told(written: str, expected: str | None) -> None:
    *told, found = results((PROLOG + ITEM.replace("26-FEB-1987 15:01:01.79", written)).encode())
    assert isinstance(found, Article)
    assert times(found)[0] == expected
    assert [one.reason for one in told if isinstance(one, Skipped)] == ([] if expected else ["date-rejected"])


def test_an_alert_has_a_title_and_no_body() -> None:
    found = article(unbodied("BRIEF", "******<TITLE>FERRY SINKS\n</TITLE>Blah blah blah."))
    assert (found.title, found.body) == ("FERRY SINKS", "")
    assert skipped(unbodied("BRIEF", "****** Blah blah.")).reason == "no-text"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("FERRY WEEKLY - FEB 26\n    Two weeks\n Knots......12", "FERRY WEEKLY - FEB 26", "Two weeks\nKnots......12"),
        ("THE FERRY SAILED, March\n4 - It came back.", "", "THE FERRY SAILED, March\n4 - It came back."),
    ],
)
def test_an_unprocessed_item_has_a_title_where_one_stands_apart(text: str, title: str, body: str) -> None:
    found = article(unbodied("UNPROC", text))
    assert (found.title, found.body) == (title, body)


def test_bytes_are_latin_1_and_control_characters_are_no_text() -> None:
    found = article((PROLOG + ITEM.replace("dawn.", "d\xe4wn\x1f&#127;.&#30;")).encode("latin-1"))
    assert found.body.startswith("The ferry sailed at\ndäwn.\n")


@pytest.mark.parametrize("glue", ["", "\n", "</LEWIS>\n\n"])
def test_each_item_stands_at_its_number(glue: str) -> None:
    found = results((PROLOG + glue.join(ITEM.replace('"17"', f'"{n}"') for n in range(3))).encode())
    assert [(str(one.origin), getattr(one, "own_id", "")) for one in found] == [
        ("wire.xml!#1", "reuters-0"),
        ("wire.xml!#2", "reuters-1"),
        ("wire.xml!#3", "reuters-2"),
    ]


@pytest.mark.parametrize("damaged", [ITEM[:300], ITEM.replace("NEWID", "ID"), "<REUTERS>" * 3, ITEM[:40]])
def test_a_damaged_item_costs_only_itself(damaged: str) -> None:
    first, *broken, last = results((PROLOG + ITEM + damaged + ITEM).encode())
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert {getattr(one, "reason", "") for one in broken} == {"broken-sgml"}


@pytest.mark.parametrize("piece", ["<TITLE>", "<D>", "<BODY", "</REUTERS", "&#", "\n    x", " ", "\n"])
def test_no_item_makes_it_slow(piece: str) -> None:
    assert len(results((PROLOG + ITEM.replace("<BODY>", f"{piece * 200_000}<BODY>")).encode())) == 1


@pytest.mark.realdata
def test_every_item_of_the_collection_is_accounted_for_and_both_its_forms_are_the_same_articles() -> None:
    """Of 21,578 items 1,799 have no text: 1,604 say blah, 194 are asterisks alone, one is empty and has no title."""
    lines, sgml = SHARED / "reuters21578.jsonl.gz", SHARED / "reuters-sgml.tar.gz"
    if not lines.exists():
        pytest.skip("the real articles are not here")
    data = gzip.decompress(lines.read_bytes())
    bodies = {record["id"]: record.get("body", "") for record in map(json.loads, data.splitlines())}
    found = results(data, "reuters.jsonl")
    articles = {one.own_id: one for one in found if isinstance(one, Article)}
    told = Counter(one.reason for one in found if isinstance(one, Skipped))
    assert told == {"no-text": 1, "date-rejected": 1}
    assert len(articles) + told["no-text"] == 21_578
    assert sum(not one.body for one in articles.values()) + told["no-text"] == 1_799

    def letters(own_id: str) -> set[str]:
        return set(re.findall(r"[a-z0-9]+", bodies[own_id].lower()))

    assert all(letters(one.own_id) <= {"blah"} for one in articles.values() if not one.body)
    assert all(one.body.split() == bodies[one.own_id].split() for one in articles.values() if one.body)
    count = 0
    with tarfile.open(sgml) as archive:
        for member in (member for member in archive if member.name.endswith(".sgm")):
            stream = archive.extractfile(member)
            assert stream is not None
            data = stream.read()
            items = results(data, member.name)
            assert len(items) == len(re.findall(rb"<REUTERS ", data)) == 1000
            for one in items:
                assert isinstance(one, Article)
                assert told_by(one) == told_by(articles[one.own_id])
                count += 1
    assert count == 3_000


def told_by(found: Article) -> tuple[object, ...]:
    """All an article's words in order, less the sign-off and where its title ends, and what else is stated."""
    text = re.sub(r"(?:\s+reuter)+$", "", " ".join(f"{found.title} {found.body}".split()), flags=re.IGNORECASE)
    return text, found.published and found.published.instant, found.source, found.dateline
