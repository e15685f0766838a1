"""Markdown: front matter gives the fields, and the text is read without its marks."""

import io
from collections.abc import Sequence

import pytest

from newsearch.inputs import read
from newsearch.model import Capture, RecordCapture, Skipped


def read_all(text: str | bytes, path: str = "x.md") -> list[Capture | Skipped]:
    return list(read(io.BytesIO(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text), path, None))


def fields(items: Sequence[Capture | Skipped]) -> dict[str, object]:
    (record,) = [item for item in items if isinstance(item, RecordCapture)]
    return dict(record.fields)


def told(items: Sequence[Capture | Skipped]) -> list[tuple[str, bool]]:
    return [(item.reason, item.fatal) for item in items if isinstance(item, Skipped)]


YAML = """---
title: "Ferry: back"
date: 2025-03-04 09:30:00 +0100
lastmod: 2025-03-05
author: [Ada Quay, {name: Ben Pier}]
categories: [Harbour, Ships]
lang: no
slug: ferry
permalink: https://quay.example/ferry
draft: false
---
"""
TOML = """+++
title = "Ferry: back"
date = 2025-03-04T09:30:00+01:00
lastmod = 2025-03-05
authors = ["Ada Quay", {name = "Ben Pier"}]
section = "Harbour"
language = "no"
id = "ferry"
url = "https://quay.example/ferry"
+++
"""


@pytest.mark.parametrize(
    "matter", [YAML, TOML, YAML.replace("\n", "\r\n"), "\ufeff" + YAML], ids=["yaml", "toml", "crlf", "bom"]
)
@pytest.mark.parametrize("path", ["x.md", "x"])
def test_front_matter_gives_the_standard_fields(matter: str, path: str) -> None:
    (record,) = read_all(f"{matter}\nIt sailed.\n", path)
    assert isinstance(record, RecordCapture)
    assert (str(record.origin), record.evidence) == (path, "front matter")
    assert record.fields == {
        "id": "ferry",
        "title": "Ferry: back",
        "body": "It sailed.",
        "published": "2025-03-04T09:30:00+01:00",
        "updated": "2025-03-05",
        "source": "",
        "section": "Harbour",
        "url": "https://quay.example/ferry",
        "authors": ["Ada Quay", "Ben Pier"],
        "lang": "no",
    }


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2025-03-04", "2025-03-04"),
        ("2025-03-04 9:30", "2025-03-04T09:30"),
        ("2025-03-04 9:30:15.5 -5", "2025-03-04T09:30:15-05:00"),
        ("2025-03-04t09:30:00z", "2025-03-04T09:30:00+00:00"),
        ("2025-03-04T09:30:00", "2025-03-04T09:30:00"),
        ("Tue, 04 Mar 2025 09:30:00 +0100", "Tue, 04 Mar 2025 09:30:00 +0100"),
        ("2025-99-99 99:99", "2025-99-99T99:99"),
        ("~", ""),
        ("null", ""),
    ],
)
def test_a_time_in_front_matter_keeps_its_zone_or_its_lack_of_one(stated: str, expected: str) -> None:
    assert fields(read_all(f"---\ntitle: x\ndate: {stated}\n---\n"))["published"] == expected


@pytest.mark.parametrize(
    ("markdown", "body"),
    [
        ("It *sailed* at **dawn** with `9` ~~men~~ aboard.", "It sailed at dawn with 9 men aboard."),
        ("See [the quay](https://x.example 'y') and ![a gull](gull.png).", "See the quay and a gull."),
        ("## Part\n\ntext\nnext line\n\n> quoted", "Part\n\ntext\nnext line\n\nquoted"),
        ("- one\n- two\n  - three\n\n1. four", "one\ntwo\nthree\n\nfour"),
        ("```python\nx = 1 < 2\n```\n\nafter", "x = 1 < 2\n\nafter"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a\tb\t\n1\t2"),
        ("Fish &amp; chips \\*now\\* a<br>b", "Fish & chips *now* ab"),
        ("<div>in &lt;markup&gt;</div>\n\n<!-- no\nword -->\n\n<script>let no;</script>\n\nend", "in <markup>\n\nend"),
        ("1 < 2 and a_b_c and 3 > 2", "1 < 2 and a_b_c and 3 > 2"),
        ("one\n\n---\n\ntwo", "one\n\ntwo"),
    ],
)
def test_the_body_is_the_text_without_its_marks(markdown: str, body: str) -> None:
    text = str(fields(read_all(markdown))["body"])
    assert [line.strip() for line in text.split("\n") if line.strip()] == [
        line.strip() for line in body.split("\n") if line.strip()
    ]


def test_the_first_heading_is_the_title_where_front_matter_has_none() -> None:
    heading = fields(read_all("# Ferry *back*\n\nIt sailed.\n\n# More\n"))
    assert (heading["title"], heading["body"]) == ("Ferry back", "It sailed.\n\nMore")
    same = fields(read_all("---\ntitle: Ferry\n---\n# Ferry\n\nIt sailed.\n"))
    assert (same["title"], same["body"]) == ("Ferry", "It sailed.")
    other = fields(read_all("---\ntitle: Ferry\n---\n# Harbour\n\nIt sailed.\n"))
    assert (other["title"], other["body"]) == ("Ferry", "Harbour\n\nIt sailed.")


@pytest.mark.parametrize(
    "matter",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "title: a: b",
        "title: [",
        "- a\n- b",
        "a: " + "[" * 5000,
        "? " * 3000,
        "title: !!python/object/apply:os.system ['x']\n\t",
    ],
    ids=["aliases", "colon", "open", "list", "deep", "keys", "object"],
)
def test_front_matter_that_cannot_be_read_is_told_and_the_article_kept(matter: str) -> None:
    found = read_all(f"---\n{matter}\n---\n# Ferry\n\nIt sailed.\n")
    assert told(found) == [("broken-front-matter", False)]
    assert (fields(found)["title"], fields(found)["body"]) == ("Ferry", "It sailed.")
    assert all("\n" not in item.detail for item in found if isinstance(item, Skipped))


def test_values_of_other_types_are_texts_and_objects_of_python_are_not_made() -> None:
    found = fields(read_all("---\ntitle: 1984\nauthor: !!python/name:os.system x\nlang: on\n---\n"))
    assert (found["title"], found["lang"], found["authors"]) == ("1984", "on", ["x"])
    assert fields(read_all("+++\ntitle = 1984\nsection = true\n+++\n"))["title"] == "1984"


@pytest.mark.parametrize(
    "text", ["---\n\nonly a rule\n", "---\ntitle: x\nnever closed\n", "--- \n" + "a: b\n" * 20_000 + "---\n"]
)
def test_a_rule_is_no_front_matter_unless_it_is_closed_soon(text: str) -> None:
    found = read_all(text)
    assert told(found) == []
    assert "title" not in str(fields(found)["title"])


@pytest.mark.parametrize(
    "text",
    ["[" * (1 << 20) + "end", "x" * (15 << 20) + "end", "> " * 50_000 + "end", "`\0` end", "- " * 60 + "end"],
    ids=["brackets", "line", "quotes", "signs", "lists"],
)
def test_hostile_text_is_kept(text: str) -> None:
    found = list(read(io.BytesIO(text.encode()), "x.md", None, "markdown"))
    assert told(found) == []
    assert str(fields(found)["body"]).endswith("end")


def test_an_unknown_encoding_and_nothing_at_all_are_skipped_as_they_are_in_text() -> None:
    assert told(read_all("F\xe4hre".encode("latin-1"))) == [("invalid-utf8", True)]
    assert [item.reason for item in read_all(b"\n \n") if isinstance(item, Skipped)] == ["empty"]
