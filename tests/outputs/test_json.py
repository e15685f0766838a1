"""JSON and JSON Lines: the contract of the command line, and spans that point at the right words."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hard_results import BARE, HITS, HOSTILE, RESULTS, WIDE, rendered, results_of

from newsearch.model import Article, Highlighted, Hit, Origin
from newsearch.outputs.fields import FIELDS
from newsearch.outputs.view import View

CONTRACT = {
    *("id", "score", "title", "published", "updated", "source", "section", "url", "origin", "snippets"),
    "published_precision",
}


def parsed(results: Any, view: View | None = None) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(rendered("json", results, view))
    return loaded


def test_the_object_says_what_the_contract_promises() -> None:
    answer = parsed(RESULTS)
    assert answer["schema_version"] == 1
    assert (answer["total"], answer["total_is_exact"], answer["total_stories"]) == (18, True, None)
    assert (answer["undated_left_out"], answer["offset"], answer["took_ms"]) == (2, 10, 12.346)
    assert RESULTS.receipt is not None
    assert answer["query"]["canonical"] == RESULTS.receipt.canonical
    assert answer["query"]["text"] == RESULTS.receipt.text
    assert answer["query"]["range"] == {"since": "2024-01-01T00:00:00+08:00", "until": None}
    assert answer["query"]["notes"] == list(RESULTS.receipt.notes)
    assert [one["id"] for one in answer["hits"]] == [one.article.id for one in HITS]
    assert all(set(one) >= CONTRACT for one in answer["hits"])


def test_a_hit_reads_back_as_it_is() -> None:
    (shown,) = parsed(results_of(HOSTILE))["hits"]
    article = HOSTILE.article
    assert (shown["title"], shown["source"], shown["url"]) == (article.title, article.source, article.url)
    assert shown["published"] == "2025-03-22T00:48:00+08:00"
    assert shown["published_precision"] == "minute"
    assert shown["updated"] == "2025-03-22T02:17:00+08:00"
    assert shown["origin"] == {"path": "captures/page [1].txt", "lines": [12, 40], "member": ""}
    assert shown["authors"] == list(article.authors)
    assert shown["score"] == 2.7183


def test_a_day_is_a_plain_date_and_the_unknown_is_null() -> None:
    answer = parsed(RESULTS)
    day = next(one for one in answer["hits"] if one["id"] == "=1+1")
    bare = next(one for one in answer["hits"] if one["id"] == "bare")
    assert (day["published"], day["published_precision"]) == ("2025-05-06", "day")
    assert (bare["published"], bare["published_precision"], bare["updated"]) == (None, None, None)
    assert (bare["title"], bare["snippets"], bare["score"]) == ("", [], 0.0)


@pytest.mark.parametrize("one", HITS, ids=lambda one: one.article.id[:8])
def test_spans_are_code_points_of_the_text_given(one: Hit) -> None:
    (shown,) = parsed(results_of(one))["hits"]
    for given, expected in zip(
        [{"text": shown["title"], "spans": shown["title_spans"]}, *shown["snippets"]],
        [one.title, *one.snippets],
        strict=True,
    ):
        assert given["text"] == expected.text
        assert [given["text"][start:end] for start, end in given["spans"]] == [
            expected.text[start:end] for start, end in expected.spans
        ]


def test_spans_behind_characters_beyond_the_basic_plane_are_right() -> None:
    title = Highlighted("🎉🎉 export 𐍈 curbs", ((3, 9), (12, 17)))
    (shown,) = parsed(results_of(Hit(Article(title.text, "", Origin("p"), id="x"), 1.0, title)))["hits"]
    assert [shown["title"][start:end] for start, end in shown["title_spans"]] == ["export", "curbs"]


def test_lines_hold_the_same_objects_as_the_list() -> None:
    lines = [json.loads(line) for line in rendered("jsonl", RESULTS).splitlines()]
    assert lines == parsed(RESULTS)["hits"]


def test_articles_asked_for_by_id_are_a_list_of_articles() -> None:
    answer = parsed(replace(RESULTS, receipt=None))
    assert set(answer) == {"schema_version", "articles"}
    assert len(answer["articles"]) == len(HITS)
    assert parsed(replace(results_of(), receipt=None)) == {"schema_version": 1, "articles": []}


def test_every_field_can_be_asked_for_and_comes_in_the_order_asked() -> None:
    names = tuple(reversed(FIELDS))
    for one in parsed(RESULTS, View(fields=names))["hits"]:
        assert tuple(one) == names
    (shown,) = parsed(results_of(WIDE), View(fields=("times", "lang", "dateline", "lines", "path", "body")))["hits"]
    assert shown["times"]["published"]["flags"] == [
        *("dst-ambiguous", "dst-nonexistent", "future", "rolled-over", "tz-assumed", "year-rolled")
    ]
    assert shown["times"]["published"]["utc"] == "2025-12-31T22:30:00+00:00"
    assert (shown["lang"], shown["path"], shown["lines"]) == ("zh", "/srv/存档/新闻.txt", [1, 9])


def test_lone_surrogates_are_escaped_so_that_the_bytes_can_be_written() -> None:
    shown = replace(BARE.article, title="a \ud800 b", id="s")
    text = rendered("json", results_of(replace(BARE, article=shown, title=Highlighted("a \ud800 b"))))
    assert json.loads(text.encode().decode())["hits"][0]["title"] == "a \ud800 b"
