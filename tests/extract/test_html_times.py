"""When a page says its article was published and updated, and which of its statements is believed."""

from zoneinfo import ZoneInfo

import pytest
from pages_of_html import BODY, article, json_ld, metas, page, read

from newsearch.extract import Settings
from newsearch.model import Article, Moment, Skipped

MORNING = "2025-04-17T09:30:00+02:00"


def published(
    head: str, body: str = f"<h1>Ferry sails</h1>{BODY}", *, url: str = ""
) -> tuple[str, str, tuple[str, ...]] | None:
    """The time of publication, what states it, and its flags."""
    return shown(article(page(head, body), url=url).published)


def shown(moment: Moment | None) -> tuple[str, str, tuple[str, ...]] | None:
    return (moment.isoformat(), moment.evidence, moment.flags) if moment else None


@pytest.mark.parametrize(
    ("head", "evidence"),
    [
        (json_ld(datePublished=MORNING), "JSON-LD datePublished"),
        (json_ld(dateCreated=MORNING), "JSON-LD dateCreated"),
        (json_ld(**{"@type": "WebPage"}, datePublished=MORNING), "JSON-LD datePublished"),
        *(
            (metas({name: MORNING}), f"meta {name}")
            for name in ("article:published_time", "og:published_time", "DC.date.issued", "parsely-pub-date", "date")
        ),
        (f"<meta name=pubdate content='{MORNING}'>", "meta pubdate"),
        (f"<meta itemprop=datePublished content='{MORNING}'>", "meta datePublished"),
        (f"<meta property='og:x article:published_time' content='{MORNING}'>", "meta article:published_time"),
        (f"""<meta name=parsely-page content='{{"pub_date": "{MORNING}"}}'>""", "meta parsely-page"),
    ],
    ids=lambda value: value[-24:] if value[0] != "<" else "",
)
def test_a_statement_of_the_publication_is_believed_and_named(head: str, evidence: str) -> None:
    assert published(head) == (MORNING, evidence, ())


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        (f"<h1>Ferry</h1><time datetime='{MORNING}'>today</time>{BODY}", "time element"),
        (f"<time pubdate datetime='{MORNING}'>today</time><h1>Ferry</h1>{BODY}", "time element"),
        (f"<h1>Ferry</h1><span itemprop=datePublished content='{MORNING}'></span>{BODY}", "itemprop datePublished"),
        (f"<h1>Ferry</h1><time itemprop=datePublished datetime='{MORNING}'>x</time>{BODY}", "itemprop datePublished"),
    ],
    ids=["after", "pubdate", "content", "datetime"],
)
def test_elements_of_the_page_state_it_too(body: str, evidence: str) -> None:
    assert published("", body) == (MORNING, evidence, ())


@pytest.mark.parametrize(
    "time",
    [
        "<time class=updated datetime='{}'>today</time>",
        "<aside><time datetime='{}'>today</time></aside>",
        "<a href=/other><time datetime='{}'>today</time></a>",
        "<nav><time datetime='{}'>today</time></nav>",
    ],
    ids=["updated", "aside", "link", "nav"],
)
def test_the_time_of_an_update_or_of_another_article_is_no_publication(time: str) -> None:
    assert published("", f"<h1>Ferry</h1>{time.format(MORNING)}{BODY}") is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://wire.example/2025/04/17/ferry", "2025-04-17"),
        ("https://wire.example/news/20250417/ferry", "2025-04-17"),
        ("https://wire.example/2025-04-17-ferry", "2025-04-17"),
        ("https://wire.example/2025/02/30/ferry", None),
        ("https://wire.example/20250417123456", None),
        ("https://wire.example/ferry-2025", None),
    ],
)
def test_a_date_in_the_address_is_worth_a_day_where_nothing_else_is_stated(url: str, day: str | None) -> None:
    assert published("", url=url) == ((day, "URL", ()) if day else None)
    assert published(json_ld(datePublished=MORNING), url=url) == (MORNING, "JSON-LD datePublished", ())


@pytest.mark.parametrize(
    ("json_text", "meta", "expected", "evidence"),
    [
        # a clock with an offset goes before one without, and a clock before a day
        ("2025-04-17T10:15", MORNING, MORNING, "meta article:published_time"),
        ("2025-04-17", MORNING, MORNING, "meta article:published_time"),
        ("2025-04-17", "2025-04-17T09:30", "2025-04-17T09:30:00+00:00", "meta article:published_time"),
        # the same clock is stated with an offset
        ("2025-04-17T09:30:00Z", MORNING, MORNING, "meta article:published_time"),
        (MORNING, "2025-04-17T09:30:00Z", MORNING, "JSON-LD datePublished"),
        # two equals that disagree
        (MORNING, "2025-04-17T11:00:00+02:00", MORNING, "JSON-LD datePublished"),
        # what is no time states nothing
        ("soon", MORNING, MORNING, "meta article:published_time"),
        ("2025-02-30T09:30:00+02:00", MORNING, MORNING, "meta article:published_time"),
    ],
)
def test_of_statements_that_disagree_one_is_chosen_by_rule(
    json_text: str, meta: str, expected: str, evidence: str
) -> None:
    found = published(json_ld(datePublished=json_text) + metas({"article:published_time": meta}))
    assert found is not None
    assert found[:2] == (expected, evidence)


def test_what_two_kinds_of_statement_agree_on_goes_before_what_one_says() -> None:
    head = json_ld(datePublished="2025-04-16T08:00:00Z") + metas({"article:published_time": MORNING})
    marked = f"<h1>Ferry</h1><time itemprop=datePublished datetime='2025-04-17T07:30:00Z'>x</time>{BODY}"
    assert published(head, marked) == (MORNING, "meta article:published_time", ())


def test_several_meta_elements_are_one_kind_of_statement() -> None:
    head = json_ld(datePublished="2025-04-16T08:00:00Z") + metas(
        {"article:published_time": MORNING, "parsely-pub-date": MORNING, "date": MORNING}
    )
    assert published(head) == ("2025-04-16T08:00:00+00:00", "JSON-LD datePublished", ())


def test_a_clock_without_an_offset_has_the_one_with_which_the_page_states_it_elsewhere() -> None:
    head = json_ld(datePublished="2025-04-17 09:30") + metas({"og:updated_time": MORNING})
    assert published(head) == (MORNING, "JSON-LD datePublished", ())


@pytest.mark.parametrize(
    ("zone", "url", "expected"),
    [
        (None, "", ("2025-04-17T09:30:00+00:00", "JSON-LD datePublished", ("tz-assumed",))),
        ("Europe/Berlin", "", ("2025-04-17T09:30:00+02:00", "JSON-LD datePublished", ())),
        ("Europe/Berlin", "https://www.bastillepost.com/1", ("2025-04-17T09:30:00+08:00", "JSON-LD datePublished", ())),
    ],
    ids=["none", "assumed", "profile"],
)
def test_a_clock_without_any_offset_takes_the_sources_zone_then_the_assumed_one(
    zone: str | None, url: str, expected: tuple[str, str, tuple[str, ...]]
) -> None:
    settings = Settings(assume_zone=ZoneInfo(zone) if zone else None)
    assert shown(article(page(json_ld(datePublished="2025-04-17T09:30")), settings, url=url).published) == expected


def test_a_day_alone_stays_a_day() -> None:
    moment = article(page(metas({"article:published_time": "2025-04-17"}))).published
    assert moment is not None
    assert (moment.isoformat(), moment.precision) == ("2025-04-17", "day")


@pytest.mark.parametrize("text", ["03/04/2025", "3.4.2025", "17 Avril", "yesterday", "12:30", "2025", "1744875000"])
def test_what_may_be_read_in_two_ways_or_is_no_date_stays_unknown_and_is_told(text: str) -> None:
    skipped, found = read(page(metas({"article:published_time": text})))
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("date-rejected", False)
    assert text in skipped.detail
    assert isinstance(found, Article)
    assert found.published is None


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2025-04-17T10:00:00+02:00", ("2025-04-17T10:00:00+02:00", "JSON-LD dateModified", ())),
        ("2025-04-17T09:30:40+02:00", None),
        ("2025-04-17T09:00:00+02:00", None),
        ("2025-04-16", None),
        ("2025-04-18", ("2025-04-18", "JSON-LD dateModified", ())),
        ("no date", None),
    ],
)
def test_an_update_is_later_than_the_publication_or_none(
    modified: str, expected: tuple[str, str, tuple[str, ...]] | None
) -> None:
    found = article(page(json_ld(datePublished=MORNING, dateModified=modified)))
    assert shown(found.published) == (MORNING, "JSON-LD datePublished", ())
    assert shown(found.updated) == expected


def test_an_update_is_never_taken_for_the_publication() -> None:
    found = article(page(json_ld(dateModified=MORNING) + metas({"article:modified_time": MORNING})))
    assert found.published is None
    assert shown(found.updated) == (MORNING, "JSON-LD dateModified", ())


def test_a_publication_long_after_the_capture_is_kept_and_flagged() -> None:
    assert published(json_ld(datePublished="2025-06-01T00:00:00Z")) == (
        "2025-06-01T00:00:00+00:00",
        "JSON-LD datePublished",
        ("future",),
    )


def test_a_time_that_is_beyond_the_calendar_in_the_zone_of_its_source_is_read_as_utc() -> None:
    text = page(json_ld(datePublished="9999-12-31T23:59:59"), f"<h1>Ferry sails</h1>{BODY}")
    settings = Settings(assume_zone=ZoneInfo("America/New_York"))
    assert shown(article(text, settings).published) == (
        "9999-12-31T23:59:59+00:00",
        "JSON-LD datePublished",
        ("future", "tz-assumed"),
    )
