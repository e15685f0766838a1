"""Marked-up text as paragraphs."""

import pytest

from newsearch.inputs.markup import html_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One\n  line</p><p>two</p>", "One line\n\ntwo"),
        ("<P CLASS='x > y'>One</P>", "One"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<b>O</b>ne <i>&amp;</i> two &lt;p&gt;", "One & two <p>"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\n\nb\n\nc"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("a<script>if (1 < 2) x('</p>')</script><style>p {}</style>b", "ab"),
        ("<p>a</p><figure><figcaption>caption</figcaption></figure><p>b</p>", "a\n\nb"),
        ("a<!-- <p>no</p> -->b<!-- unclosed", "ab"),
        ("5 < 6 and <unclosed", "5 < 6 and <unclosed"),
        ("<?xml version='1.0'?><!DOCTYPE html><p>a", "a"),
        ("</figure></p>a", "a"),
        ("", ""),
    ],
)
def test_html_is_its_paragraphs(source: str, expected: str) -> None:
    assert html_text(source) == expected


@pytest.mark.parametrize(
    "piece", ["<!--", "<a", '<a b="', "<script", "<script></script", "<p>", "</p>", "<", "&", "<!"]
)
def test_no_text_makes_it_slow(piece: str) -> None:
    assert isinstance(html_text(piece * 300_000), str)
