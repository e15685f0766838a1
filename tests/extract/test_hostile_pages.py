"""Pages made to break readers, and pages in every encoding: nothing raises, nothing hangs, and the text survives."""

import codecs

import pytest
from html_support import TEXT, article, page, read
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.model import Article, Skipped

FIRST = "The ferry left the harbour on time this morning"
LD = '<script type="application/ld+json">{}</script><h1>Ferry</h1>' + TEXT
HOSTILE = {
    "deep-scripts": LD.format("[" * 100_000),
    "deep-objects": LD.format('{"a":' * 100_000),
    "deep-graphs": LD.format('{"@graph":[' * 900 + "]}" * 900),
    "many-articles": LD.format("[" + '{"@type":"NewsArticle","headline":"x","author":["a"]},' * 20_000 + "1]"),
    "broken-json": LD.format('{"headline":"a" "b",' * 20_000),
    "commas": LD.format('{"a":1}' + "," * 300_000),
    "own-author": LD.format('{"@graph":[{"@type":"NewsArticle","@id":"a","headline":"F","author":{"@id":"a"}}]}'),
    "odd-values": LD.format('{"@type":["NewsArticle",5,null],"headline":{"a":[]},"datePublished":[{}],"url":7}'),
    "no-object": LD.format("null 5 []"),
    "long-number": LD.format(
        '{"@type":"NewsArticle","headline":"&#' + "9" * 5000 + ';","author":"&#' + "9" * 5000 + '"}'
    ),
    "big-number": LD.format('{"@type":"NewsArticle","position":' + "9" * 5000 + "}"),
    "metas": "<meta name='article:published_time' content='2024-05-01'>" * 20_000 + TEXT,
    "names-of-metas": "".join(f"<meta name='m{n}' content='x'>" for n in range(20_000)) + TEXT,
    "blank-title": f"<title>{' ' * 500_000}</title>" + TEXT,
    "title-of-marks": f"<title>{' - x' * 50_000}</title>" + TEXT,
    "headings": "<h1>Ferry</h1>" * 10_000 + TEXT,
    "times": "<h1>Ferry</h1>" + "<time datetime='2024-01-01'>x</time>" * 10_000 + TEXT,
    "less-than": "<" * 300_000,
    "open-comment": TEXT + "<!--" + "x" * 300_000,
    "binary": bytes(range(256)) * 200,
    "one-word": "<p>" + "x" * 1_000_000,
    "links": "<ul>" + "<li><a href=x>Ferry sails again</a></li>" * 3000 + "</ul>",
    "headlines-in-each-other": "<div itemprop='headline'>" * 500 + "x" * 10_000 + TEXT,
    "zero-bytes": "<title>Fer\0ry</title>" + TEXT.replace("ferry", "fer\0ry"),
    "surrogates": "<title>&#xD800;&#55296;&#x110000;</title>" + TEXT,
    "long-address": f"<link rel=canonical href='/{'x' * 100_000}'>" + TEXT,
    "odd-address": "<link rel=canonical href='http://[::1'><meta property='og:url' content='http://\u2100.example/'>"
    + TEXT,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_page_made_to_break_readers_gives_an_article_or_a_reason(content: str | bytes) -> None:
    found = read(content)
    assert found
    for item in found:
        assert isinstance(item, Skipped) or item.title or item.body
    if isinstance(content, str) and TEXT in content and not content.endswith("x"):
        assert any(isinstance(item, Article) and FIRST in item.body for item in found)


def test_what_a_page_puts_into_itself_too_deep_is_told_and_the_rest_kept() -> None:
    told, kept = read(f"<html><body><h1>Ferry</h1>{TEXT}{'<div>' * 5000}<p>Never seen.</p>")
    assert isinstance(told, Skipped)
    assert (told.reason, told.fatal) == ("too-deep", False)
    assert isinstance(kept, Article)
    assert kept.title == "Ferry"
    assert FIRST in kept.body


def test_entities_of_a_page_are_not_expanded_and_files_not_read() -> None:
    head = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = article(f"{head}<html><title>Ferry &f;&b;</title><body>{TEXT}")
    assert "root:" not in found.title + found.body
    assert "aaaa" not in found.title
    assert FIRST in found.body


def test_zero_bytes_within_words_are_no_part_of_them() -> None:
    found = article("<title>Fer\0ry</title>" + TEXT.replace("ferry", "fer\0ry"))
    assert found.title == "Ferry"
    assert found.body.startswith(FIRST)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<", ">", "/", "a", "div", "meta ", '"', "=", "&#x", "<!--", "]]>", "\0", "é", "<p>", " "])
    )
)
def test_any_soup_is_an_article_or_a_reason(pieces: list[str]) -> None:
    assert read("".join(pieces))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_a_reason(content: bytes) -> None:
    assert read(content)


TITLE = "Fähre verläßt Hafen – „leer“"
GERMAN = TEXT.replace("ferry", "Fähre")


def german(declared: str = "") -> str:
    return page(f"{declared}<title>{TITLE}</title>", f"<h1>{TITLE}</h1>{GERMAN}")


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (german().encode(), ""),
        (german().encode(), "utf-8"),
        (codecs.BOM_UTF8 + german().encode(), "iso-8859-1"),
        (german().encode("cp1252"), "windows-1252"),
        (german().encode("cp1252"), "ISO-8859-1"),
        (german('<meta charset="windows-1252">').encode("cp1252"), ""),
        (german('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">').encode("cp1252"), ""),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + german().encode("cp1252"), ""),
        (german().encode("utf-16"), "utf-16"),
        (german('<meta charset="iso-8859-1">').encode(), ""),
        (german('<meta charset="utf-16">').encode(), ""),
        (german('<meta charset="no-such-thing">').encode(), "rot13"),
        (german().encode(), "ascii"),
    ],
    ids=[
        *["undeclared", "http-utf-8", "byte-order-mark", "http-cp1252", "http-latin-1", "meta", "http-equiv"],
        *["xml", "http-utf-16", "meta-latin-1-but-utf-8", "meta-utf-16", "unknown", "http-ascii"],
    ],
)
def test_pages_are_read_in_the_encoding_they_are_in(content: bytes, charset: str) -> None:
    found = article(content, charset=charset)
    assert found.title == TITLE
    assert "The Fähre left" in found.body


@pytest.mark.parametrize(
    ("encoding", "sentence"),
    [
        ("windows-1252", "Die Fähre verließ den Hafen am Morgen pünktlich, und außer dem Kapitän war niemand an Bord."),
        ("koi8-r", "Паром вышел из гавани вовремя, и на борту не было никого, кроме капитана и двух чаек."),
        ("gb18030", "渡轮今天早上准时离开港口，船上除了船长和两只海鸥以外没有任何人，这让所有人都感到惊讶。"),
    ],
)
def test_pages_that_declare_no_encoding_are_read_by_what_their_bytes_look_like(encoding: str, sentence: str) -> None:
    found = article(f"<html><body>{f'<p>{sentence}</p>' * 8}</body></html>".encode(encoding))
    assert sentence in found.body


def test_a_broken_byte_costs_one_character() -> None:
    found = article(german().encode().replace(b"captain", b"cap\xfftain"))
    assert found.title == TITLE
    assert "cap\ufffdtain" in found.body
