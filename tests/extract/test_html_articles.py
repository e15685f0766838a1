"""Pages to articles: headline, text, address, people, and what is no article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_of_html import BODY, TEXT, article, json_ld, metas, page, read

from newsearch.extract.html import reading
from newsearch.model import Article, Skipped

URL = "https://www.harbour-wire.example/port/ferry-sails"


def test_a_whole_page_becomes_an_article() -> None:
    head = json_ld(
        headline="Ferry sails",
        datePublished="2025-04-17T09:30:00+02:00",
        author=[{"@type": "Person", "name": "Mara Denholm"}, {"name": "By Tomas Reyle"}],
        articleSection=["Port", "News"],
    )
    found = article(
        page(f"<link rel=canonical href='/port/ferry-sails'>{head}", attributes="lang=en-GB"), url=f"{URL}?from=x"
    )
    assert (found.title, found.body) == ("Ferry sails", "\n\n".join(TEXT))
    assert (found.url, found.source) == (URL, "harbour-wire.example")
    assert (found.authors, found.section, found.lang) == (("Mara Denholm", "Tomas Reyle"), "Port", "en")
    assert (found.own_id, found.id, found.lang_detected) == ("", "", False)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (json_ld(headline="Ferry &amp; tide\n sails"), "<h1>Other</h1>", "Ferry & tide sails"),
        (metas({"og:title": "Ferry sails"}), "<h1>Other</h1>", "Ferry sails"),
        ("<title>Other</title>", "<h1>Ferry <b>sails</b></h1>", "Ferry sails"),
        ("<title>Ferry sails | Harbour Wire</title>" + metas({"og:site_name": "Harbour Wire"}), "", "Ferry sails"),
        (
            "<title>Ferry sails - Port - Harbour Wire</title>",
            "<h1>Harbour Wire</h1><h1>Ferry sails</h1>",
            "Ferry sails",
        ),
        (
            metas({"og:site_name": "Harbour Wire", "og:title": "Harbour Wire: Ferry - sails"}),
            "",
            "Harbour Wire: Ferry - sails",
        ),
        (metas({"og:title": "Ferry sails - at last"}), "", "Ferry sails - at last"),
        ("<title>Ferry sails – harbour-wire.example</title>", "", "Ferry sails"),
        (metas({"og:title": "«Ferry» sails"}), "", "«Ferry» sails"),
        (metas({"og:title": "<em>Ferry</em> sails"}), "", "Ferry sails"),
    ],
    ids=["json-ld", "og", "h1", "site", "section", "own", "dash", "host", "quotes", "markup"],
)
def test_the_title_is_the_headline_without_the_sites_name(head: str, body: str, title: str) -> None:
    assert article(page(head, body + BODY), url=URL).title == title


def test_what_is_no_text_of_the_article_is_not_searchable() -> None:
    body = f"""
        <nav><a href=/>Home</a> <a href=/port>Port</a></nav>
        <article><h1>Ferry sails</h1><p>By Mara Denholm</p><p>17.04.2025, 09:30</p>{BODY}
        <p>Advertisement</p><p>Read more: <a href=/x>The other ferry sails tomorrow at noon</a></p>
        <ul><li><a href=/1>Another story from the port</a></li><li><a href=/2>And one more of them</a></li></ul>
        <div class=share><a href=/s>Share</a></div></article><footer>Imprint</footer>"""
    assert article(page(json_ld(author="Mara Denholm"), body)).body == "\n\n".join(TEXT)


def test_the_blocks_of_a_text_stay_apart() -> None:
    body = f"""<article><h1>Ferry</h1>{BODY}<h2>What the owner says</h2><ul><li>The plates were thin.</li>
        <li>The crew knew of it.</li></ul><blockquote>Nobody told me.</blockquote>
        <table><tr><td>Crew<td>12</tr><tr><td>Boats<td>4</tr></table></article>"""
    later = [
        "What the owner says",
        "The plates were thin.",
        "The crew knew of it.",
        "Nobody told me.",
        "Crew 12",
        "Boats 4",
    ]
    assert article(page("", body)).body.split("\n\n") == [*TEXT, *later]


def test_a_short_page_keeps_its_paragraphs_and_no_more() -> None:
    body = (
        "<nav>Home</nav><h1>Ferry</h1><p>It sailed\n at noon<br>and came back.</p><p>It rained.</p><script>x</script>"
    )
    assert article(page("", body)).body == "It sailed at noon\nand came back.\n\nIt rained."


def test_the_text_that_the_page_states_is_taken_where_it_shows_only_its_beginning() -> None:
    stated = article(page(json_ld(articleBody="\n\n".join(TEXT)), f"<h1>Ferry</h1><p>{TEXT[0]}</p>"))
    assert stated.body == "\n\n".join(TEXT)
    assert article(page(json_ld(articleBody=TEXT[0]))).body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        (URL, "", URL),
        ("/port/ferry", "https://harbour-wire.example/x?y=1", "https://harbour-wire.example/port/ferry"),
        (URL, "https://amp.harbour-wire.example/port/ferry-sails", URL),
        ("https://harbour-wire.example/", URL, URL),
        ("https://other.example/ferry", URL, URL),
        ("https://other.co.uk/ferry", "https://wire.co.uk/ferry", "https://wire.co.uk/ferry"),
        ("javascript:alert(1)", URL, URL),
        ("http://[broken", URL, URL),
        ("ftp://harbour-wire.example/ferry", URL, URL),
        ("ferry sails", URL, URL),
        ("/port/ferry", "", ""),
    ],
)
def test_the_canonical_address_is_believed_where_it_can_be_the_pages_own(
    canonical: str, url: str, expected: str
) -> None:
    assert article(page(f'<link rel="canonical" href="{canonical}">'), url=url).url == expected


def test_without_a_canonical_address_it_is_that_of_the_capture_then_the_one_the_page_states() -> None:
    stated = metas({"og:url": "https://harbour-wire.example/ferry", "og:site_name": "Harbour Wire"})
    assert article(page(stated), url=URL).url == URL
    assert article(page(stated)).url == "https://harbour-wire.example/ferry"


def test_the_source_is_the_host_else_the_sites_name() -> None:
    assert article(page(metas({"og:site_name": "Harbour Wire"})), url=URL).source == "harbour-wire.example"
    assert article(page(metas({"og:site_name": "Harbour Wire"}))).source == "Harbour Wire"
    assert article(page(json_ld(publisher={"@type": "Organization", "name": "Harbour Wire"}))).source == "Harbour Wire"
    assert article(page()).source == ""


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (json_ld(author="Mara Denholm"), ("Mara Denholm",)),
        (json_ld(author=["Mara Denholm", "Mara Denholm", "https://wire.example/mara", ""]), ("Mara Denholm",)),
        (json_ld(author={"name": "Mara Denholm and Tomas Reyle"}), ("Mara Denholm", "Tomas Reyle")),
        (
            "<meta name=author content='By Mara Denholm, Tomas Reyle &amp; Ines Falk'>",
            ("Mara Denholm", "Tomas Reyle", "Ines Falk"),
        ),
        (metas({"article:author": "https://social.example/mara", "dc.creator": "Mara Denholm"}), ("Mara Denholm",)),
        ("", ()),
    ],
    ids=["text", "list", "and", "meta", "url", "none"],
)
def test_authors_are_names_each_once(head: str, authors: tuple[str, ...]) -> None:
    assert article(page(head)).authors == authors


def test_an_author_is_found_where_the_json_ld_only_refers_to_one() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "Ferry", "author": {"@id": "#mara"}},
        {"@type": "Person", "@id": "#mara", "name": "Mara Denholm"},
    ]
    assert article(page(json_ld(**{"@type": "x", "@graph": graph}))).authors == ("Mara Denholm",)


@pytest.mark.parametrize(
    ("head", "section"),
    [
        (metas({"article:section": "Port"}), "Port"),
        (json_ld(articleSection="Port"), "Port"),
        (metas({"article:section": "x" * 200}) + json_ld(articleSection=["Port", "Sea"]), "Port"),
        (
            json_ld(
                **{"@type": "BreadcrumbList"},
                itemListElement=[{"name": "Home"}, {"item": {"name": "Port"}}, {"name": "Ferry sails"}],
            ),
            "Port",
        ),
    ],
    ids=["meta", "json-ld", "long", "breadcrumbs"],
)
def test_the_section_is_one_short_label(head: str, section: str) -> None:
    assert article(page(head)).section == section


@pytest.mark.parametrize(
    ("attributes", "head", "lang"),
    [
        ("lang=de-AT", "", "de"),
        ("lang=EN_us", json_ld(inLanguage="fr"), "en"),
        ("", json_ld(inLanguage="fr-FR"), "fr"),
        ("lang=english", "", ""),
        ("lang=und", "", ""),
        ("", "", ""),
    ],
)
def test_the_language_is_only_what_the_page_states(attributes: str, head: str, lang: str) -> None:
    assert article(page(head, attributes=attributes)).lang == lang


ARTICLE = '"@type": "NewsArticle", "headline": "Ferry sails", "datePublished": "2025-04-17T09:30:00Z"'


@pytest.mark.parametrize(
    "script",
    [
        f"{{{ARTICLE}}}",
        f"[{{{ARTICLE}}}]",
        f'{{"@graph": [{{"@type": "WebSite", "name": "x"}}, {{{ARTICLE}}}]}}',
        f'{{"@type": "WebPage", "mainEntity": {{{ARTICLE}}}}}',
        "{" + ARTICLE.replace('"NewsArticle"', '["Thing", "http://schema.org/BlogPosting"]') + "}",
        f"<!-- {{{ARTICLE}}} -->",
        f"//<![CDATA[\n{{{ARTICLE}}}\n//]]>",
        f"{{{ARTICLE},}};",
        f"{{{ARTICLE}}}{{{ARTICLE}}}",
        f'{{{ARTICLE}, "description": "a\nb\tc"}}',
        f'{{{ARTICLE}, "description": "he said "no" and left"}}',
        f'{{{ARTICLE}, "description": "cut',
        f"{{{ARTICLE}}}".replace('"', "&quot;"),
    ],
    ids=[
        "plain",
        "list",
        "graph",
        "main",
        "types",
        "comment",
        "cdata",
        "commas",
        "row",
        "raw",
        "quotes",
        "cut",
        "entities",
    ],
)
def test_json_ld_is_read_as_it_stands_on_real_pages(script: str) -> None:
    found = article(page(f'<script type="application/ld+json">{script}</script>', f"<h1>Other</h1>{BODY}"))
    assert found.title == "Ferry sails"
    assert found.published is not None
    assert found.published.isoformat() == "2025-04-17T09:30:00+00:00"


def test_of_several_articles_in_the_json_ld_the_one_with_the_pages_headline_is_meant() -> None:
    others = [{"@type": "NewsArticle", "headline": f"Other {n}", "datePublished": "2020-01-01"} for n in range(3)]
    head = f"{json_ld(**{'@type': 'x', '@graph': others})}{json_ld(headline='Ferry sails', datePublished='2025-04-17')}"
    found = article(page(head + metas({"og:title": "Ferry sails"})))
    assert found.published is not None
    assert (found.title, found.published.isoformat()) == ("Ferry sails", "2025-04-17")


LINKS = "".join(f"<h2><a href=/{n}>A story of the port, number {n}</a></h2><p>It goes on.</p>" for n in range(12))


@pytest.mark.parametrize(
    ("content", "url", "reason"),
    [
        ("", "", "no-article"),
        ("<html></html>", "", "no-article"),
        (page("<title>Ferry</title>", ""), "", "no-text"),
        (page("<title>404 Not Found</title>", "<p>There is nothing here.</p>"), "", "no-article"),
        (page("<title>Page not found - Wire</title>", "<p>There is nothing here.</p>"), "", "no-article"),
        (page("<title>Harbour Wire</title>", LINKS), "https://wire.example/port", "no-article"),
        (page("<title>Harbour Wire</title>", BODY + "<a href=x>More</a>" * 20), "https://wire.example/", "no-article"),
        (page(json_ld(**{"@type": "CollectionPage"})), "https://wire.example/port", "no-article"),
        (page(json_ld(**{"@type": "SearchResultsPage"})), "https://wire.example/?q=x", "no-article"),
    ],
    ids=["empty", "void", "no-text", "404", "not-found", "section", "front", "list", "search"],
)
def test_a_page_that_is_no_article_is_skipped_and_the_rest_goes_on(content: str, url: str, reason: str) -> None:
    (skipped,) = read(content, url=url)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == (reason, False)
    assert "\n" not in skipped.detail


@pytest.mark.parametrize(
    "head", [json_ld(headline="Ferry"), metas({"og:type": "article", "og:title": "Ferry"})], ids=["ld", "og"]
)
def test_a_page_that_says_it_is_an_article_is_one_without_a_text(head: str) -> None:
    found = article(page(head, ""))
    assert (found.title, found.body) == ("Ferry", "")


def test_a_text_beyond_all_measure_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_LIMIT", 100)
    (skipped,) = read(page())
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("too-large", False)


def test_what_lies_too_deep_is_told_and_what_comes_before_it_kept() -> None:
    skipped, found = read(page("", f"<h1>Ferry</h1>{BODY}" + "<div>" * 100_000 + "x"))
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("too-deep", False)
    assert isinstance(found, Article)
    assert found.body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "content",
    [
        page("<title>Fer\0ry</title>", f"<h1>Fer\0ry</h1>{BODY}\0"),
        page("<meta name='article:published_time' content='x'>" * 2000),
        page(f'<script type="application/ld+json">{"[" * 100_000}</script>'),
        page('<script type="application/ld+json">' + '{"@graph":' * 100_000 + "</script>"),
        page('<script type="application/ld+json">{"@type": "Article", "author": {"@id": 5}, "@graph": "x"}</script>'),
        page('<script type="application/ld+json">[null, 5, "x", {"@type": 7, "headline": {"a": []}}]</script>'),
        f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>{page('<title>&x;</title>')}",
        page("", f"<h1>{'x - ' * 10_000}</h1>{BODY}"),
        page("", f"<h1>Ferry</h1><p>{'x' * 300_000}{BODY}"),
        "<" * 10_000 + BODY,
        page("<title>&#xd800;&#0;&#1;</title>"),
        page('<link rel=canonical href="http://["><meta property=og:url content="//[">'),
    ],
    ids=["nul", "metas", "deep", "graphs", "kinds", "lists", "entity", "title", "line", "open", "signs", "urls"],
)
def test_a_hostile_page_gives_its_text_or_a_reason(content: str) -> None:
    for item in read(content):
        if isinstance(item, Article):
            assert TEXT[0] in item.body
            (item.title + item.body + item.url).encode()
            assert "\0" not in item.title + item.body


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div",
                ">",
                "<a href=",
                "'",
                "<meta content=",
                "&",
                "x. ",
                "<script>",
                "<title>",
                "\0",
                "é",
            ]
        )
    )
)
def test_any_page_gives_an_article_or_a_reason(pieces: list[str]) -> None:
    found = read("".join(pieces))
    assert found
    for item in found:
        assert isinstance(item, Article | Skipped)
