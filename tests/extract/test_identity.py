"""Which captures show the same article, and which contents are the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract.identity import alternative_id, canonical_url, digest, identify
from newsearch.model import Article, Moment, Origin

PUBLISHED = Moment(datetime(2025, 4, 17, 13, 22, tzinfo=UTC), 480, "minute", "record")
ARTICLE = Article(
    "Ferry sails",
    "It sailed.",
    Origin("wire.jsonl", 1, 1),
    PUBLISHED,
    source="Harbour Wire",
    url="https://wire.example/ferry",
    own_id="w-1",
    captured=datetime(2025, 4, 18, tzinfo=UTC),
)
WITHOUT_ID = replace(ARTICLE, own_id="")
WITHOUT_URL = replace(WITHOUT_ID, url="")
UNDATED = replace(WITHOUT_URL, published=None)


def same(one: Article, other: Article) -> bool:
    """Tell whether two articles are one; their ids must say the same as their keys."""
    first, second = identify(one), identify(other)
    assert (first.key == second.key) is (first.id == second.id)
    return first.key == second.key


@pytest.mark.parametrize(
    ("article", "change", "expected"),
    [
        (ARTICLE, {"url": "https://other.example", "title": "x", "body": "y", "published": None}, True),
        (ARTICLE, {"source": "HARBOUR WIRE"}, True),
        (ARTICLE, {"own_id": "w-2"}, False),
        (WITHOUT_ID, {"title": "x", "body": "y", "source": "z", "published": None}, True),
        (WITHOUT_ID, {"url": "http://www.wire.example/ferry/?utm_source=feed#top"}, True),
        (WITHOUT_ID, {"url": "https://wire.example/Ferry"}, False),
        (WITHOUT_URL, {"body": "y", "updated": PUBLISHED, "section": "x", "url": "not a url"}, True),
        (WITHOUT_URL, {"published": replace(PUBLISHED, offset=0, evidence="date line")}, True),
        (WITHOUT_URL, {"title": "x"}, False),
        (WITHOUT_URL, {"source": "x"}, False),
        (WITHOUT_URL, {"published": replace(PUBLISHED, instant=PUBLISHED.instant + timedelta(minutes=1))}, False),
        (UNDATED, {"captured": None, "origin": Origin("x")}, True),
        (UNDATED, {"body": "y"}, False),
        (replace(WITHOUT_URL, title=""), {"body": "y"}, False),
        (replace(WITHOUT_URL, published=replace(PUBLISHED, precision="day")), {"body": "y"}, False),
    ],
)
def test_identity_is_the_own_id_else_the_url_else_source_title_and_minute_else_the_content(
    article: Article, change: dict[str, object], *, expected: bool
) -> None:
    assert same(article, replace(article, **change)) is expected  # type: ignore[arg-type]


def test_own_ids_are_told_apart_by_their_source() -> None:
    one, other = identify(ARTICLE), identify(replace(ARTICLE, source="Metro Courier"))
    assert one.id == other.id == "w-1"
    assert one.key != other.key
    assert len({alternative_id(one), alternative_id(other), "w-1"}) == 3
    assert alternative_id(one).startswith("w-1@")


@pytest.mark.parametrize("own", ["a b", "-x", "a\x1bb", "a\u202eb", "x" * 201, "\ufffd"])
def test_an_own_id_that_cannot_be_typed_is_replaced(own: str) -> None:
    identity = identify(replace(ARTICLE, own_id=own))
    assert identity.id != own
    assert identity.id.isalnum()
    assert identity.id.isascii()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://www.Wire.Example:80/A/?utm_source=x&b=2&a=1&fbclid=y#top", "https://wire.example/A?a=1&b=2"),
        ("https://wire.example", "https://wire.example/"),
        ("https://wire.example:443/", "https://wire.example/"),
        ("https://wire.example:8443/a", "https://wire.example:8443/a"),
        ("https://wire.example/a?q=", "https://wire.example/a?q="),
        ("https://wire.example/a?q=x%20y&q=x+z", "https://wire.example/a?q=x+y&q=x+z"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("", ""),
        ("/a/b", ""),
        ("ftp://wire.example/a", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://wire.example:port/", ""),
        ("https://[::1/", ""),
    ],
)
def test_a_url_is_reduced_to_what_tells_pages_apart(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@given(st.one_of(st.text(), st.text("ab.:/?#&=%[]@w1").map("https://".__add__)))
def test_a_canonical_url_is_stable(url: str) -> None:
    canonical = canonical_url(url)
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x"},
        {"body": "x"},
        {"published": None},
        {"published": replace(PUBLISHED, offset=0)},
        {"published": replace(PUBLISHED, precision="day")},
        {"published": replace(PUBLISHED, evidence="date line")},
        {"updated": PUBLISHED},
        {"source": "x"},
        {"section": "x"},
        {"url": "x"},
        {"authors": ("x",)},
        {"lang": "x"},
        {"dateline": "x"},
        {"own_id": "x"},
    ],
)
def test_the_digest_changes_with_whatever_the_source_states(change: dict[str, object]) -> None:
    assert digest(replace(ARTICLE, **change)) != digest(ARTICLE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"captured": None},
        {"origin": Origin("elsewhere.jsonl", 9, 9)},
        {"id": "x"},
        {"published": replace(PUBLISHED, flags=("future",))},
    ],
)
def test_the_digest_does_not_change_with_the_circumstances_of_a_capture(change: dict[str, object]) -> None:
    assert digest(replace(ARTICLE, **change)) == digest(ARTICLE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "a", "body": "b"}, {"title": "", "body": "ab"}),
        ({"authors": ("a", "b")}, {"authors": ("ab",)}),
        ({"url": "x"}, {"lang": "x", "url": ""}),
    ],
)
def test_the_digest_knows_which_field_holds_what(one: dict[str, object], other: dict[str, object]) -> None:
    assert digest(replace(ARTICLE, **one)) != digest(replace(ARTICLE, **other))  # type: ignore[arg-type]
