"""Records of structured sources to articles: the schema, the field map, and what is wrong with a record."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract import Settings, articles_in, records
from newsearch.extract.records import FIELDS, unread_fields
from newsearch.model import Article, Moment, Origin, RecordCapture, Skipped

ORIGIN = Origin("wire.jsonl", 7, 7)
CAPTURED = datetime(2025, 4, 18, tzinfo=UTC)


def capture(**fields: object) -> RecordCapture:
    return RecordCapture(ORIGIN, fields, CAPTURED)


def read(settings: Settings | None = None, /, **fields: object) -> list[Article | Skipped]:
    return list(articles_in(capture(**fields), settings or Settings()))


def test_a_whole_record_becomes_an_article() -> None:
    (article,) = read(
        id="w-1",
        title=" Ferry\n sails ",
        body="It sailed.\r\n\r\n\r\nIt came  back. ",
        published="2025-04-17T21:22:00+08:00",
        updated="Fri, 18 Apr 2025 00:07:00 +0800",
        source="Harbour Wire",
        section="Port",
        url="https://wire.example/1",
        authors=["Mara Denholm", " ", "Tomas Reyle"],
        lang="en",
        dateline="PORT ELSE,  March 21",
    )
    assert article == Article(
        "Ferry sails",
        "It sailed.\n\nIt came  back.",
        ORIGIN,
        Moment(datetime(2025, 4, 17, 13, 22, tzinfo=UTC), 480, "minute", "record"),
        Moment(datetime(2025, 4, 17, 16, 7, tzinfo=UTC), 480, "minute", "record"),
        source="Harbour Wire",
        section="Port",
        url="https://wire.example/1",
        authors=("Mara Denholm", "Tomas Reyle"),
        lang="en",
        dateline="PORT ELSE, March 21",
        own_id="w-1",
        captured=CAPTURED,
    )


@pytest.mark.parametrize(
    "fields",
    [{"title": "Ferry"}, {"body": "It sailed."}, {"title": "Ferry", "published": None, "authors": None, "id": " "}],
)
def test_a_title_or_a_body_is_enough(fields: dict[str, object]) -> None:
    (article,) = read(**fields)
    assert isinstance(article, Article)
    assert (article.published, article.authors, article.own_id, article.source) == (None, (), "", "")


@pytest.mark.parametrize("body", ["******", "Blah blah blah.", "***Blah\n\nBLAH, blah!", " - - - ", "_____"])
def test_a_body_that_only_holds_the_place_of_a_text_is_none(body: str) -> None:
    (article,) = read(title="Ferry", body=body)
    assert isinstance(article, Article)
    assert (article.title, article.body) == ("Ferry", "")
    (skipped,) = read(body=body)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "no-text"


@pytest.mark.parametrize("body", ["1010", "Blah blah, he said.", "blahs", "***A", "渡轮", "É", "blah_1"])
def test_a_body_with_a_word_of_its_own_is_kept(body: str) -> None:
    (article,) = read(title="Ferry", body=body)
    assert isinstance(article, Article)
    assert article.body == body


@pytest.mark.parametrize("fields", [{}, {"title": ""}, {"title": " \n", "body": "\u2028\x00"}, {"headline": "Ferry"}])
def test_a_record_without_text_is_skipped(fields: dict[str, object]) -> None:
    (skipped,) = read(**fields)
    assert isinstance(skipped, Skipped)
    assert (skipped.origin, skipped.reason, skipped.fatal) == (ORIGIN, "no-text", False)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("title", 5, "number"),
        ("body", ["It sailed."], "list"),
        ("id", 1.5, "number"),
        ("id", True, "true or false"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_and_the_record_skipped(name: str, value: object, word: str) -> None:
    (skipped,) = read(**{"title": "Ferry", name: value})
    assert isinstance(skipped, Skipped)
    assert (skipped.origin, skipped.reason, skipped.fatal) == (ORIGIN, "bad-field", False)
    assert name in skipped.detail
    assert word in skipped.detail


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("published", 1742575680, "number"),
        ("source", {"name": "Wire"}, "object"),
        ("lang", True, "true or false"),
        ("authors", 5, "number"),
        ("authors", ["Mara", 5], "number"),
        ("authors", [["Mara"]], "list"),
    ],
)
def test_a_lesser_field_of_the_wrong_kind_costs_only_itself(name: str, value: object, word: str) -> None:
    skipped, kept = read(**{"title": "Ferry", name: value})
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("bad-field", False)
    assert name in skipped.detail
    assert word in skipped.detail
    assert isinstance(kept, Article)
    assert kept.title == "Ferry"
    assert not getattr(kept, name)


def test_a_text_beyond_all_measure_is_named_and_the_record_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BODY_LIMIT", 10)
    assert isinstance(read(body="1234567890")[0], Article)
    (skipped,) = read(body="12345678901")
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "bad-field"


@pytest.mark.parametrize(("own", "expected"), [(17, "17"), (-3, "-3"), ("a 1", "a 1"), (10**30, str(10**30))])
def test_an_id_is_a_string_or_a_whole_number(own: object, expected: str) -> None:
    (article,) = read(title="Ferry", id=own)
    assert isinstance(article, Article)
    assert article.own_id == expected


@pytest.mark.parametrize("name", ["published", "updated"])
@pytest.mark.parametrize("text", ["2025-02-30", "yesterday", "03/04/2025", "x" * 1000])
def test_a_time_that_cannot_be_read_is_told_and_the_article_kept_without_it(name: str, text: str) -> None:
    skipped, article = sorted(read(title="Ferry", **{name: text}), key=lambda item: isinstance(item, Article))
    assert isinstance(skipped, Skipped)
    assert (skipped.origin, skipped.reason, skipped.fatal) == (ORIGIN, "date-rejected", False)
    assert skipped.detail.startswith(f"{name} '{text[:40]}'")
    assert isinstance(article, Article)
    assert getattr(article, name) is None


@pytest.mark.parametrize(
    ("source", "zone", "expected", "flags"),
    [
        ("bastillepost.com", "Europe/Berlin", "2025-04-17T21:22:00+08:00", ()),
        ("Harbour Wire", "Europe/Berlin", "2025-04-17T21:22:00+02:00", ()),
        ("Harbour Wire", None, "2025-04-17T21:22:00+00:00", ("tz-assumed",)),
    ],
)
def test_a_clock_without_a_zone_takes_the_sources_then_the_assumed_one(
    source: str, zone: str | None, expected: str, flags: tuple[str, ...]
) -> None:
    settings = Settings(assume_zone=ZoneInfo(zone) if zone else None)
    (article,) = read(settings, title="Ferry", source=source, published="2025-04-17T21:22")
    assert isinstance(article, Article)
    assert article.published is not None
    assert (article.published.isoformat(), article.published.flags) == (expected, flags)


def test_a_publication_long_after_the_capture_is_kept_and_flagged() -> None:
    (article,) = read(title="Ferry", published="2025-06-01T00:00Z")
    assert isinstance(article, Article)
    assert article.published is not None
    assert article.published.flags == ("future",)


def test_the_users_names_replace_the_standard_ones() -> None:
    settings = Settings(fields={"title": "headline", "body": "text", "published": "date"})
    (article,) = read(settings, headline="Ferry", text="It sailed.", date="2025-04-17", title="ignored", lang="en")
    assert isinstance(article, Article)
    assert (article.title, article.body, article.lang) == ("Ferry", "It sailed.", "en")
    assert article.published is not None
    assert article.published.isoformat() == "2025-04-17"
    (skipped,) = read(settings, title="Ferry")
    assert isinstance(skipped, Skipped)
    assert "headline" in skipped.detail
    assert "text" in skipped.detail


def test_a_bad_field_is_named_as_the_user_names_it() -> None:
    (skipped,) = read(Settings(fields={"title": "headline"}), headline=5)
    assert isinstance(skipped, Skipped)
    assert "headline" in skipped.detail


def test_names_that_mean_nothing_are_listed() -> None:
    fields = {**dict.fromkeys(FIELDS, ""), "score": 1, "headline": "x"}
    assert unread_fields(capture(**fields), Settings()) == ["score", "headline"]
    assert unread_fields(capture(**fields), Settings(fields={"title": "headline"})) == ["title", "score"]


@given(
    st.dictionaries(
        st.sampled_from(FIELDS), st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text()))
    )
)
def test_any_record_gives_an_article_or_a_reason(fields: dict[str, object]) -> None:
    results = read(**fields)
    assert results
    for item in results:
        if isinstance(item, Article):
            assert item.title or item.body
            (item.title + item.body + item.source + "".join(item.authors)).encode()
