"""What a page states of its article, and which of its statements is believed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from html_support import ADDRESS, TEXT, article, json_ld, meta, page, read, skipped

from newsearch.extract import Settings
from newsearch.extract.profiles import Profile
from newsearch.model import Article, Moment, Skipped

EARLY = "2025-04-17T08:00:00+02:00"
LATE = "2025-04-17T09:30:00+02:00"
BARE = "2025-04-17T08:00:00"
DAY = "2025-04-17"


def told(moment: Moment | None) -> tuple[str, str]:
    """What a time says, and what states it."""
    assert moment is not None
    return moment.isoformat(), moment.evidence


def time_element(stated: str) -> str:
    return f'<h1>Ferry sails empty</h1><time datetime="{stated}">morning</time>{TEXT}'


def headline_of(head: str, body: str = TEXT) -> str:
    return article(page(head, body)).title


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            json_ld(datePublished=EARLY) + meta("article:published_time", LATE),
            (EARLY, "JSON-LD datePublished"),
        ),
        (meta("article:published_time", LATE), (LATE, "meta article:published_time")),
        (meta("pubdate", LATE) + meta("article:published_time", EARLY), (EARLY, "meta article:published_time")),
        (meta("dc.date", LATE), (LATE, "meta dc.date")),
        ("", ("2025-04-16T07:00:00+02:00", "time element")),
    ],
    ids=["json-ld", "meta", "order-of-metas", "lesser-meta", "time-element"],
)
def test_the_better_statement_of_the_publication_is_believed_and_named(head: str, expected: tuple[str, str]) -> None:
    found = article(page(head, time_element("2025-04-16T07:00:00+02:00")), url="https://harbour.example/2025/04/15/x")
    assert told(found.published) == expected


def test_the_day_in_an_address_is_the_last_resort() -> None:
    found = article(page(), url="https://harbour.example/2025/04/15/ferry-sails")
    assert told(found.published) == ("2025-04-15", "URL")


def test_a_number_in_an_address_that_is_no_day_states_none() -> None:
    assert article(page(), url="https://harbour.example/2025/13/45/ferry-sails").published is None


@pytest.mark.parametrize(
    ("ld", "other", "expected"),
    [(BARE, LATE, LATE), (DAY, LATE, LATE), (DAY, BARE, "2025-04-17T08:00:00+00:00")],
    ids=["bare-clock", "day", "day-and-bare-clock"],
)
def test_what_says_more_goes_before_what_says_less(ld: str, other: str, expected: str) -> None:
    found = article(page(json_ld(datePublished=ld) + meta("article:published_time", other)))
    assert told(found.published)[0] == expected


def test_a_clock_without_a_zone_has_the_zone_that_the_same_clock_has_elsewhere() -> None:
    published = article(page(json_ld(datePublished=BARE, dateModified=EARLY))).published
    assert told(published)[0] == EARLY
    assert published is not None
    assert published.flags == ()


def test_local_time_labelled_as_utc_is_corrected_by_the_same_clock_with_its_zone() -> None:
    head = json_ld(datePublished=f"{BARE}Z") + meta("article:published_time", EARLY)
    assert told(article(page(head)).published)[0] == EARLY


def test_a_clock_without_a_zone_anywhere_is_flagged() -> None:
    published = article(page(json_ld(datePublished=BARE))).published
    assert told(published)[0] == "2025-04-17T08:00:00+00:00"
    assert published is not None
    assert published.flags == ("tz-assumed",)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(assume_zone=ZoneInfo("Europe/Berlin")),
        Settings(profiles=(Profile("harbour.example", "Europe/Berlin"),)),
    ],
    ids=["assumed", "of-the-source"],
)
def test_a_clock_without_a_zone_has_the_zone_the_user_knows(settings: Settings) -> None:
    published = article(page(json_ld(datePublished=BARE)), settings=settings).published
    assert told(published)[0] == EARLY
    assert published is not None
    assert published.flags == ()


def test_the_time_that_several_kinds_of_statement_agree_on_is_believed() -> None:
    head = json_ld(datePublished=LATE) + meta("article:published_time", EARLY)
    marked = f'<h1>Ferry sails empty</h1><span itemprop="datePublished" content="{EARLY}"></span>{TEXT}'
    assert told(article(page(head, marked)).published)[0] == EARLY


def test_a_date_that_may_be_two_days_is_not_believed_and_told() -> None:
    told_of, found = read(page(meta("pubdate", "03/04/2025")))
    assert isinstance(told_of, Skipped)
    assert (told_of.reason, "03/04/2025" in told_of.detail) == ("date-rejected", True)
    assert isinstance(found, Article)
    assert found.published is None


@pytest.mark.parametrize(("order", "day"), [("day-first", "2025-04-03"), ("month-first", "2025-03-04")])
def test_a_date_in_numbers_is_read_in_the_order_the_user_declares(order: str, day: str) -> None:
    settings = Settings(profiles=(Profile("harbour.example", dates=order),))  # type: ignore[arg-type]
    found = article(page(meta("pubdate", "03/04/2025")), settings=settings)
    assert told(found.published) == (day, "meta pubdate")


@pytest.mark.parametrize("text", ["2025-02-30", "0000-00-00T00:00:00Z", "soon", "31 April 2025"])
def test_a_time_that_cannot_be_is_told_and_the_article_kept_without_it(text: str) -> None:
    told_of, found = read(page(json_ld(datePublished=text)))
    assert isinstance(told_of, Skipped)
    assert (told_of.reason, told_of.fatal, text in told_of.detail) == ("date-rejected", False, True)
    assert isinstance(found, Article)
    assert (found.title, found.published) == ("Ferry sails empty", None)


def test_an_impossible_time_is_no_matter_where_another_statement_has_a_possible_one() -> None:
    head = json_ld(datePublished="2025-02-30") + meta("article:published_time", LATE)
    assert told(article(page(head)).published)[0] == LATE


@pytest.mark.parametrize(
    ("head", "updated"),
    [
        (json_ld(datePublished=EARLY, dateModified=LATE), (LATE, "JSON-LD dateModified")),
        (json_ld(datePublished=EARLY) + meta("article:modified_time", LATE), (LATE, "meta article:modified_time")),
        (json_ld(datePublished=EARLY, dateModified=EARLY), None),
        (json_ld(datePublished=LATE, dateModified=EARLY), None),
        (json_ld(datePublished=DAY, dateModified=LATE), None),
        (json_ld(datePublished=DAY, dateModified="2025-04-18T09:00:00+02:00"), ("2025-04-18T09:00:00+02:00", "")),
    ],
    ids=["json-ld", "meta", "same", "before", "same-day", "later-day"],
)
def test_an_update_is_one_only_when_it_is_later_than_the_publication(
    head: str, updated: tuple[str, str] | None
) -> None:
    found = article(page(head)).updated
    if updated is None:
        assert found is None
    else:
        assert told(found)[0] == updated[0]
        assert told(found)[1].startswith(updated[1])


def test_an_update_alone_is_no_publication() -> None:
    found = article(page(json_ld(dateModified=LATE)))
    assert (found.published, told(found.updated)[0]) == (None, LATE)


def test_a_day_stays_a_day() -> None:
    published = article(page(json_ld(datePublished=DAY))).published
    assert published == Moment(datetime.fromisoformat(f"{DAY}T00:00Z"), 0, "day", "JSON-LD datePublished")


def test_a_publication_long_after_the_capture_is_kept_and_flagged() -> None:
    published = article(page(json_ld(datePublished="2025-06-01T08:00:00Z"))).published
    assert published is not None
    assert published.flags == ("future",)


@pytest.mark.parametrize(
    "body",
    [
        f'<time datetime="{DAY}">x</time><h1>Ferry sails empty</h1>{TEXT}',
        f'<h1>Ferry sails empty</h1><time class="updated" datetime="{DAY}">x</time>{TEXT}',
        f'<h1>Ferry sails empty</h1>{TEXT}<a href="/other">Gulls<time datetime="{DAY}">x</time></a>',
    ],
    ids=["before-the-headline", "of-an-update", "of-another-article"],
)
def test_a_time_element_of_something_else_is_no_publication(body: str) -> None:
    assert article(page("", body)).published is None


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (json_ld(headline="Ferry sails") + meta("og:title", "Boat news"), f"<h1>Other</h1>{TEXT}", "Ferry sails"),
        (meta("og:title", "Ferry sails") + "<title>Boats</title>", f"<h1>Other</h1>{TEXT}", "Ferry sails"),
        ("<title>Boats</title>", f"<h1>Ferry <em>sails</em></h1>{TEXT}", "Ferry sails"),
        ("<title>Ferry\n  sails</title>", TEXT, "Ferry sails"),
        (json_ld(headline="Ferry &amp; gulls"), TEXT, "Ferry & gulls"),
        (json_ld(headline="<b>Ferry</b> sails"), TEXT, "Ferry sails"),
    ],
    ids=["json-ld", "og", "heading", "title-element", "entities", "markup"],
)
def test_the_headline_is_the_best_one_stated(head: str, body: str, expected: str) -> None:
    assert headline_of(head, body) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Ferry sails | Harbour</title>", "Ferry sails"),
        ("<title>Ferry sails - harbour.example</title>", "Ferry sails"),
        ("<title>Ferry sails - Port - Harbour</title>", "Ferry sails - Port"),
        ("<title>Harbour: Ferry sails</title>", "Harbour: Ferry sails"),
        ("<title>Harbour | Ferry sails</title>", "Ferry sails"),
        ("<title>Ferry sails – The Daily Gull</title>" + meta("og:site_name", "The Daily Gull"), "Ferry sails"),
        ("<title>Ferry sails - and sinks</title>", "Ferry sails - and sinks"),
        ("<title>Long-awaited ferry</title>", "Long-awaited ferry"),
        (meta("og:title", "Ferry sails | Boats") + "<title>Ferry sails</title>", "Ferry sails"),
    ],
    ids=["name", "host", "section", "colon", "in-front", "site-name", "no-name", "hyphen", "elsewhere-without"],
)
def test_the_name_of_the_site_is_no_part_of_the_headline(head: str, expected: str) -> None:
    assert headline_of(head) == expected


def test_the_name_of_the_site_alone_is_no_headline() -> None:
    assert headline_of(meta("og:title", "Harbour") + "<title>Ferry sails</title>") == "Ferry sails"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.harbour.example/port/1", "https://www.harbour.example/port/1"),
        ("https://harbour.example/port/1#top", "https://harbour.example/port/1"),
        ("/port/1", "https://www.harbour.example/port/1"),
        ("1?page=2", "https://www.harbour.example/port/1?page=2"),
        ("https://other.example/port/1", ADDRESS),
        ("https://www.harbour.example/", ADDRESS),
        ("javascript:void(0)", ADDRESS),
        ("http://[", ADDRESS),
        ("", ADDRESS),
    ],
    ids=["whole", "fragment", "from-root", "relative", "other-site", "root", "script", "broken", "empty"],
)
def test_the_canonical_address_is_taken_where_it_can_be_of_the_article(link: str, expected: str) -> None:
    assert article(page(f'<link rel="canonical" href="{link}">')).url == expected


def test_a_page_of_unknown_address_has_the_one_it_states() -> None:
    found = article(page(meta("og:url", "https://www.harbour.example/port/1")), url="")
    assert (found.url, found.source) == ("https://www.harbour.example/port/1", "harbour.example")
    found = article(page(meta("og:site_name", "The Daily Gull")), url="")
    assert (found.url, found.source) == ("", "The Daily Gull")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("article:section", "Port"), "Port"),
        (json_ld(headline="Ferry sails empty", articleSection=["Sea", "Port"]), "Sea"),
        (meta("article:section", "https://harbour.example/port") + meta("section", "Port"), "Port"),
        (meta("article:section", "Ferry sails empty") + meta("section", "Port"), "Port"),
        (meta("article:section", "x" * 100), ""),
        ("", ""),
    ],
    ids=["meta", "json-ld", "address", "title", "long", "none"],
)
def test_the_section_is_a_short_label_that_says_more_than_the_title(head: str, expected: str) -> None:
    assert article(page(head)).section == expected


def test_the_breadcrumbs_tell_the_section_nearest_to_the_page() -> None:
    items = [{"position": n, "name": name} for n, name in enumerate(("Home", "Port", "Boats", "Ferry sails empty"))]
    assert article(page(json_ld(**{"@type": "BreadcrumbList"}, itemListElement=items))).section == "Boats"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (json_ld(author={"@type": "Person", "name": "Mara Denholm"}), ("Mara Denholm",)),
        (
            json_ld(author=[{"name": "Mara Denholm"}, "Tomas Reyle", {"name": "Mara Denholm"}]),
            ("Mara Denholm", "Tomas Reyle"),
        ),
        (json_ld(author="By Mara Denholm and Tomas Reyle"), ("Mara Denholm", "Tomas Reyle")),
        (json_ld(author="Rope and Anchor"), ("Rope and Anchor",)),
        (meta("author", "by Mara Denholm, Tomas Reyle"), ("Mara Denholm", "Tomas Reyle")),
        (meta("article:author", "https://social.example/mara"), ()),
        (meta("author", "mara@harbour.example"), ()),
        (json_ld(author=[None, 5, {}, [], {"name": 7}, ""]), ()),
    ],
    ids=["one", "several", "by", "with-and", "meta", "address", "mail", "nonsense"],
)
def test_authors_are_names_each_once(head: str, expected: tuple[str, ...]) -> None:
    assert article(page(head)).authors == expected


@pytest.mark.parametrize(
    ("html", "head", "expected"),
    [
        ('lang="de-CH"', meta("og:locale", "en_GB"), "de"),
        ("", json_ld(inLanguage="fr-FR"), "fr"),
        ("", meta("og:locale", "en_GB"), "en"),
        ('lang="und"', "", ""),
        ('lang="{{ lang }}"', "", ""),
    ],
    ids=["html", "json-ld", "meta", "undetermined", "template"],
)
def test_the_language_is_the_code_the_page_states(html: str, head: str, expected: str) -> None:
    assert article(page(head, html=html)).lang == expected


LINKS = "".join(f'<li><a href="/{n}">The gull number {n} has been seen again.</a></li>' for n in range(40))


@pytest.mark.parametrize(
    ("content", "url"),
    [
        (page("<title>Harbour</title>", f"<ul>{LINKS}</ul>{TEXT}"), "https://harbour.example/"),
        (
            page(json_ld(**{"@type": "SearchResultsPage"}), f"<h1>Search</h1>{TEXT}"),
            "https://harbour.example/search?q=x",
        ),
        (page(json_ld(**{"@type": "CollectionPage"}), f"<h1>Port</h1>{TEXT}"), "https://harbour.example/port"),
        (page("<title>404 - Page not found</title>", TEXT), ADDRESS),
        (page("<title>Access Denied</title>", "<p>You are not allowed to see this page, sorry.</p>"), ADDRESS),
        (page("", ""), ADDRESS),
        ("", ADDRESS),
        (" \n ", ADDRESS),
        ("<!-- nothing -->", ADDRESS),
    ],
    ids=["front", "search", "list", "not-found", "denied", "no-body", "empty", "blank", "comment"],
)
def test_a_page_that_is_no_article_is_told_and_is_no_fault(content: str, url: str) -> None:
    found = skipped(content, url=url)
    assert (found.reason, found.fatal, found.harmless) == ("no-article", False, True)


def test_the_only_page_of_a_site_is_an_article() -> None:
    assert article(page(), url="https://harbour.example/").title == "Ferry sails empty"


def test_a_page_that_says_it_is_an_article_is_one_wherever_it_is_and_whatever_it_is_called() -> None:
    head = json_ld(headline="404 boats found") + "<title>404 boats found</title>"
    assert article(page(head, f"<ul>{LINKS}</ul>{TEXT}"), url="https://harbour.example/").title == "404 boats found"


def test_an_article_behind_a_paywall_is_what_of_it_is_shown() -> None:
    head = json_ld(headline="Ferry sails empty", isAccessibleForFree=False, datePublished=EARLY)
    found = article(page(head, "<article><p>The ferry left the harbour on time this morning.</p></article>"))
    assert (found.title, told(found.published)[0]) == ("Ferry sails empty", EARLY)
    assert found.body == "The ferry left the harbour on time this morning."


def test_a_page_with_a_headline_alone_is_an_article_where_it_says_so() -> None:
    found = article(page(meta("og:type", "article") + meta("og:title", "Ferry sails empty"), ""))
    assert (found.title, found.body) == ("Ferry sails empty", "")


def test_a_page_with_a_headline_alone_that_does_not_say_so_is_told() -> None:
    found = skipped(page("<title>Ferry sails empty</title>", ""))
    assert (found.reason, found.harmless) == ("no-text", False)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Ferry sails",}',
        '<!-- {"@type": "NewsArticle", "headline": "Ferry sails"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Ferry sails"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Ferry sails"};',
        '{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], "headline": "Ferry sails"}]}',
        '[[{"@type": "http://schema.org/NewsArticle", "headline": "Ferry sails"}]]',
        '{"@type": "NewsArticle", "headline": "Ferry sails", "text": "He said "yes" to it"}',
        '{"@type": "NewsArticle", "headline": "Ferry\nsails"}',
        '{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "headline": "Ferry sails"}}',
        '{"@type": "WebPage"} {"@type": "Report", "headline": "Ferry sails"}',
    ],
    ids=["comma", "comment", "cdata", "semicolon", "graph", "lists", "quotes", "line-end", "main-entity", "two"],
)
def test_json_ld_is_read_as_it_is_written_in_the_wild(script: str) -> None:
    assert headline_of(f'<script type="application/ld+json">{script}</script><title>Boats</title>') == "Ferry sails"


def test_the_authors_a_graph_refers_to_are_found_in_it() -> None:
    people = [{"@type": "Person", "@id": "#mara", "name": "Mara Denholm"}]
    graph = [{"@type": "NewsArticle", "headline": "Ferry sails", "author": {"@id": "#mara"}}, *people]
    assert article(page(json_ld(**{"@type": "Graph", "@graph": graph}))).authors == ("Mara Denholm",)


def test_of_several_articles_in_the_json_ld_the_pages_own_is_believed() -> None:
    other = json_ld(headline="Gulls return", datePublished=LATE)
    own = json_ld(headline="Ferry sails", datePublished=EARLY)
    found = article(page(other + own + meta("og:title", "Ferry sails")))
    assert (found.title, told(found.published)[0]) == ("Ferry sails", EARLY)


RELATED = {"headline": "Gulls at large", "url": "https://www.harbour.example/gulls", "datePublished": "2020-05-05"}
OWN = {"headline": "Ferry sails empty", "datePublished": "2025-03-01"}


@pytest.mark.parametrize(
    ("own", "head"),
    [
        (OWN | {"url": ADDRESS}, f'<link rel="canonical" href="{ADDRESS}">'),
        (
            OWN | {"mainEntityOfPage": {"@id": ADDRESS}, "headline": "Another"},
            f'<link rel="canonical" href="{ADDRESS}">',
        ),
        (OWN | {"mainEntityOfPage": ADDRESS}, meta("og:url", ADDRESS)),
        (OWN, meta("og:title", "Ferry sails empty")),
        (OWN, "<title>Ferry sails empty</title>"),
        (OWN, ""),
    ],
    ids=["address", "main entity", "og:url", "og:title", "title", "heading"],
)
def test_of_several_articles_that_a_page_describes_its_own_counts(own: dict[str, object], head: str) -> None:
    found = article(page(json_ld(**RELATED) + json_ld(**own) + head))
    assert found.published is not None
    assert found.published.isoformat() == "2025-03-01"
    assert found.title != "Gulls at large"
