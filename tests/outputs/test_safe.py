"""Whatever a text holds, it is shown without steering what shows it, and the marks stay on the same words."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.model import Highlighted
from newsearch.outputs.safe import safe, safe_highlighted, safe_json, safe_line, safe_url

CONTROLS = (
    "\x00\x07\x08\x0b\x0c\r\x1b\x1f\x7f\x80\x85\x9b\x9f"
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ud800\udfff\U000e0041"
)
texts = st.text(st.sampled_from(CONTROLS) | st.sampled_from("ab é东👩\u200d\u0301\t\n[") | st.characters(), max_size=60)


def is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp", "Cf", "Co", "Cn")


@st.composite
def highlighteds(draw: st.DrawFn) -> Highlighted:
    text = draw(texts)
    edges = sorted(set(draw(st.lists(st.integers(0, len(text)), max_size=8))))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return Highlighted(text, tuple(pairs))


@given(text=texts)
def test_a_safe_text_has_no_control_but_tab_and_line_feed(text: str) -> None:
    shown = safe(text)
    assert not set(shown) & set(CONTROLS)
    assert all(unicodedata.category(character) != "Cc" or character in "\t\n" for character in shown)
    assert shown.encode().decode() == shown
    assert safe(shown) == shown


@given(text=texts)
def test_nothing_that_can_be_seen_is_lost(text: str) -> None:
    kept = [
        character
        for character in safe(text)
        if is_visible(character) and not character.isspace() and not "\u2400" <= character <= "\u2421"
    ]
    assert kept == [
        character
        for character in text
        if is_visible(character) and not character.isspace() and not "\u2400" <= character <= "\u2421"
    ]


@given(text=texts)
def test_a_safe_line_is_one_line_with_single_spaces(text: str) -> None:
    shown = safe_line(text)
    assert shown == " ".join(shown.split())
    assert shown.split() == safe(text).split()


@given(highlighted=highlighteds())
def test_marks_stay_on_the_same_visible_words(highlighted: Highlighted) -> None:
    shown = safe_highlighted(highlighted)
    assert shown.text == safe(highlighted.text)
    assert [shown.text[start:end] for start, end in shown.spans] == [
        safe(highlighted.text[start:end]) for start, end in highlighted.spans
    ]
    edges = [edge for span in shown.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(shown.text) for edge in edges)


@given(text=texts)
def test_json_made_safe_means_the_same(text: str) -> None:
    shown = safe_json(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(shown) == {"text": text}
    assert not set(shown) & set(CONTROLS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x9b31mred", "31mred"),
        ("a\u202eb\u202cc", "abc"),
        ("bell\x07 delete\x7f", "bell␇ delete␡"),
        ("tab\tline\nend", "tab\tline\nend"),
        ("été e\u0301te\u0301", "été e\u0301te\u0301"),
        ("👩\u200d👩\u200d👧 हिन्\u200dदी", "👩\u200d👩\u200d👧 हिन्\u200dदी"),
        ("a\ud800b", "ab"),
    ],
)
def test_controls_are_shown_as_pictures_and_the_invisible_goes(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\n", "\t", "\x0b", "\x0c", "\r"])
def test_words_on_two_lines_stay_two_words(separator: str) -> None:
    assert safe_line(f"export{separator}curbs") != "exportcurbs"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/a?b=1&c=2", "https://example.com/a?b=1&c=2"),
        ("HTTP://EXAMPLE.COM", "HTTP://EXAMPLE.COM"),
        ("javascript:alert(1)", ""),
        ("JavaScript://x%0Aalert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        (" https://example.com", ""),
        ("https://example.com/a b", ""),
        ("https://example.com/\x1b]8;;evil", ""),
        ("https://example.com/\u202e", ""),
        ("https://example.com/\n", ""),
        ("//example.com", ""),
        ("", ""),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str, link: str) -> None:
    assert safe_url(url) == link
