"""Markdown, judged by a CommonMark parser: what is markup is ours, and what is text is the text."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hard_results import BARE, HITS, MARKDOWN, RESULTS, hit, marked, rendered, results_of
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsearch.model import Article, Highlighted, Hit, Origin
from newsearch.outputs.markdown import escape
from newsearch.outputs.safe import safe_line
from newsearch.outputs.view import View

OURS = {"heading", "paragraph", "inline", "blockquote", "text", "strong", "link", "softbreak"}
SPECIAL = "\\`*_{}[]()<>#+-.!|~&=:'\"$^1 9.)\n\t"
lines = st.text(st.sampled_from(SPECIAL) | st.sampled_from("aé东"), max_size=30).map(safe_line)


def tokens(markdown: str) -> Iterator[Token]:
    """Yield all tokens of a document, those inside of lines too."""
    for token in MarkdownIt("commonmark").parse(markdown):
        yield token
        yield from token.children or ()


def kinds(markdown: str) -> set[str]:
    return {token.type.removesuffix("_open").removesuffix("_close") for token in tokens(markdown)}


def plain(markdown: str) -> list[str]:
    """Return the text of each paragraph and heading, as a reader sees it."""
    return [
        "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())
        for token in MarkdownIt("commonmark").parse(markdown)
        if token.type == "inline"
    ]


def strong(markdown: str) -> list[str]:
    """Return what a reader sees in bold, piece by piece."""
    pieces: list[str] = []
    inside = False
    for token in tokens(markdown):
        if token.type == "strong_open":
            inside = True
            pieces.append("")
        inside = inside and token.type != "strong_close"
        if inside and token.type == "text":
            pieces[-1] += token.content
    return pieces


def a_snippet(text: str, *words: str) -> str:
    """Return the Markdown of a hit with one snippet."""
    return rendered("md", results_of(hit(Article("", "", Origin("p"), id="x"), 1.0, (), (marked(text, *words),))))


def test_nothing_in_the_hard_results_is_markup_but_our_own() -> None:
    text = rendered("md", RESULTS)
    assert kinds(text) == OURS - {"softbreak"}
    headings = [token.tag for token in tokens(text) if token.type == "heading_open"]
    assert headings == ["h2"] * len(HITS)
    links = [token.attrGet("href") for token in tokens(text) if token.type == "link_open"]
    assert [str(link)[:28] for link in links] == [
        *("https://example.com/very-lon", "https://example.com/ar", "https://example.com/%3Cx%3E?")
    ]


def test_titles_snippets_and_facts_read_as_they_are() -> None:
    text = plain(rendered("md", results_of(MARKDOWN, BARE)))
    assert text == [
        safe_line(MARKDOWN.article.title),
        "*Wire* · | Sport | · captures/md.txt:1-2 · mark_down*",
        *(safe_line(snippet.text) for snippet in MARKDOWN.snippets),
        "(no title)",
        "bare.txt · bare",
    ]


def test_the_matches_are_bold() -> None:
    for one in HITS:
        expected = [shown.text[start:end] for shown in (one.title, *one.snippets) for start, end in shown.spans]
        assert strong(rendered("md", results_of(one))) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("export, curbs", ["export", "curbs"]),
        ("“export” curbs", ["export"]),
        ("昨日东盟峰会", ["东盟"]),
        ("a #MeToo b", ["#MeToo"]),
        ("C++ and C#", ["C++", "C#"]),
        ("用C++程序", ["C++"]),
        ("增长3.5%的", ["3.5%"]),
        ("a_export_b", ["export"]),
        ("**export**", ["export"]),
        ("export", ["export"]),
    ],
)
def test_a_match_is_bold_whatever_stands_beside_it(text: str, words: list[str]) -> None:
    assert strong(a_snippet(text, *words)) == words
    assert plain(a_snippet(text, *words))[2] == text


def test_matches_without_a_space_between_them_are_bold() -> None:
    snippet = Highlighted("昨日东盟峰会", ((2, 4), (4, 6)))
    text = rendered("md", results_of(Hit(BARE.article, 1.0, BARE.title, (snippet,))))
    assert "".join(strong(text)) == "东盟峰会"
    assert plain(text)[2] == snippet.text


@pytest.mark.parametrize(
    "text",
    [
        "1. May 2025 was dry",
        "2025. A year",
        "12) twelve",
        "- dash",
        "+ plus",
        "* star",
        "# hash",
        "> quoted",
        "=== and ---",
        "***",
        "```code```",
        "~~~",
        "[a]: http://evil.example",
        "![x](y)",
        "<b>bold</b> <!-- x --> &amp; &#42;",
        "<http://evil.example>",
        "_a_ __b__ *c* **d** `e`",
        "back\\slash \\* \\",
        "a | b",
        "x\n\n# y",
        "x\n===",
        "Price: 5. And 6. 7. 8.",
    ],
)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    markdown = f"> {escape(safe_line(text))}\n"
    assert kinds(markdown) == {"blockquote", "paragraph", "inline", "text"}
    assert plain(markdown) == [safe_line(text)]


@settings(max_examples=500)
@given(text=lines.filter(bool))
def test_any_line_is_shown_as_it_is(text: str) -> None:
    for markdown in (f"{escape(text)}\n", f"> {escape(text)}\n", f"## {escape(text)}\n"):
        assert plain(markdown) == [text]
        assert kinds(markdown) <= {"blockquote", "paragraph", "heading", "inline", "text"}


@pytest.mark.parametrize(
    "body",
    [
        "One paragraph.\n\nAnother.",
        "- no list\n\n1. none\n\n2) neither",
        "A line\n# no heading\n===\n---\nmore",
        "| a | b |\n|---|---|",
        "[a]: http://evil.example\n\n[a]",
        "One.\n\n    no code",
        "> no quotation\n\n<div>no html</div>",
    ],
)
def test_a_whole_body_is_paragraphs_of_its_text(body: str) -> None:
    one = hit(Article("T", body, Origin("p"), id="x"), 1.0)
    text = rendered("md", results_of(one), View(full=True))
    assert kinds(text) <= {"heading", "paragraph", "inline", "text", "softbreak"}
    assert [" ".join(part.split()) for part in plain(text)[2:]] == [
        " ".join(part.split()) for part in body.split("\n\n") if part.strip()
    ]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.com/a?b=1&c=2", True),
        ("https://example.com/(a)[b]<c>\"d'", True),
        ("https://example.com/a)b](c", True),
        ("https://example.com/?a=1&copy;=2", True),
        ("https://example.com/a\\>b", True),
        ("javascript:alert(1)", False),
        ("https://example.com/a\n\n# b", False),
        ("", False),
    ],
)
def test_a_title_links_to_a_web_address_and_to_nothing_else(url: str, linked: bool) -> None:  # noqa: FBT001
    shown = replace(MARKDOWN.article, title="A [title](x)", url=url)
    text = rendered("md", results_of(Hit(shown, 1.0, Highlighted("A [title](x)"))))
    links = [str(token.attrGet("href")) for token in tokens(text) if token.type == "link_open"]
    assert len(links) == linked
    assert plain(text)[0] == "A [title](x)"
    for link in links:
        assert link == MarkdownIt().normalizeLink(url)


def test_fields_are_a_list() -> None:
    text = rendered("md", results_of(MARKDOWN), View(fields=("title", "published_precision", "section")))
    assert "list_item" in kinds(text)
    assert plain(text) == [f"title: {safe_line(MARKDOWN.article.title)}", "published precision:", "section: | Sport |"]
