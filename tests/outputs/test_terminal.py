"""The text for people: whole at every width, in colour only where wanted, and never steered by what it shows."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hard_results import HITS, HONG_KONG, HOSTILE, MARCH, MARCH_LATER, MAY, RESULTS, hit, marked, rendered, results_of
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from newsearch.model import Article, Highlighted, Hit, Moment, Origin
from newsearch.outputs.safe import safe_highlighted
from newsearch.outputs.terminal import when
from newsearch.outputs.view import View

SEQUENCE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")
MARK = re.compile(r"\x1b\[1;33m(.*?)\x1b\[0m")
BERLIN = ZoneInfo("Europe/Berlin")
words = st.text(st.sampled_from("abcé东盟🎉ｶ한e\u0301\u202e\x1b[]:/"), min_size=1, max_size=30)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)


def one_hit(title: str, *snippets: Highlighted, **more: object) -> Hit:
    shown = replace(Article(title, "Body.", Origin("p.txt", 1, 2), id="x"), **more)  # type: ignore[arg-type]
    return Hit(shown, 1.0, Highlighted(title), snippets)


@pytest.mark.parametrize("width", [20, 40, 79, 80, 81, 120, 200])
@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, color: bool, full: bool) -> None:  # noqa: FBT001
    text = rendered("text", RESULTS, View(zone=HONG_KONG, width=width, color=color, hyperlinks=color, full=full))
    assert [line for line in SEQUENCE.sub("", text).split("\n") if cell_len(line) > width] == []


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [40, 80])
def test_no_line_ends_in_blanks(color: bool, width: int) -> None:  # noqa: FBT001
    text = SEQUENCE.sub("", rendered("text", RESULTS, View(width=width, color=color)))
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


@settings(max_examples=300, deadline=None)
@given(title=texts, snippet=texts, width=st.integers(20, 100))
def test_any_text_is_wrapped_without_losing_a_word(title: str, snippet: str, width: int) -> None:
    text = rendered("text", results_of(one_hit(title, Highlighted(snippet))), View(width=width))
    assert all(cell_len(line) <= width for line in text.split("\n"))
    shown = "".join(text.split())
    for given_text in (title, snippet):
        assert "".join(safe_highlighted(Highlighted(given_text)).text.split()) in shown


@settings(max_examples=300, deadline=None)
@given(text=texts, data=st.data(), width=st.integers(20, 100))
def test_the_marked_words_are_the_coloured_ones(text: str, data: st.DataObject, width: int) -> None:
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True).map(sorted))
    spans = tuple(zip(places[::2], places[1::2], strict=False))
    snippet = safe_highlighted(Highlighted(text, spans))
    shown = rendered("text", results_of(one_hit("", Highlighted(text, spans))), View(width=width, color=True))
    coloured = "".join("".join(MARK.findall(shown)).split())
    assert coloured == "".join("".join(snippet.text[start:end] for start, end in snippet.spans).split())


def test_colour_adds_sequences_and_nothing_else() -> None:
    plain = rendered("text", RESULTS, View(zone=HONG_KONG))
    colored = rendered("text", RESULTS, View(zone=HONG_KONG, color=True, hyperlinks=True))
    assert SEQUENCE.sub("", colored) == plain
    assert "\x1b" not in plain
    assert SEQUENCE.search(colored)


def test_numbers_addresses_and_markup_of_a_text_are_not_coloured() -> None:
    text = "3.5 [bold]x[/bold] :heart: https://example.com/a 'quoted' True None 2025-01-01"
    shown = rendered("text", results_of(one_hit("", Highlighted(text))), View(color=True, width=120))
    assert f"    {text}\n" in shown


@pytest.mark.parametrize(
    ("url", "linked"), [("https://example.com/a;b", True), ("javascript:alert(1)", False), ("", False)]
)
def test_a_title_is_a_link_where_the_terminal_can_and_the_address_is_a_web_page(
    url: str,
    linked: bool,  # noqa: FBT001
) -> None:
    results = results_of(one_hit("A title", url=url))
    shown = rendered("text", results, View(color=True, hyperlinks=True))
    assert (f";{url}\x1b\\" in shown and "\x1b]8;;\x1b\\" in shown) is linked
    assert "\x1b]8" not in rendered("text", results, View(color=True, hyperlinks=False))


@pytest.mark.parametrize("offset", [0, 8, 9, 98, 99, 998, 999, 99_999])
def test_hits_are_numbered_from_the_offset_and_a_space_parts_number_and_title(offset: int) -> None:
    text = rendered("text", results_of(one_hit("Title one"), one_hit("Title two"), offset=offset))
    heads = [line for line in text.split("\n") if "Title" in line]
    assert [line.split() for line in heads] == [[f"{offset + 1}.", "Title", "one"], [f"{offset + 2}.", "Title", "two"]]


def test_articles_asked_for_by_id_bear_no_number_and_no_indent() -> None:
    text = rendered("text", replace(results_of(one_hit("Title")), receipt=None))
    assert text.startswith("Title\ndate unknown · p.txt:1-2 · x\n")


def test_an_empty_line_parts_two_hits_and_none_stands_at_the_ends() -> None:
    text = rendered("text", results_of(one_hit("One", Highlighted("a")), one_hit("Two"), one_hit("Three")))
    assert text == (
        "1.  One\n    date unknown · p.txt:1-2 · x\n    a\n\n"
        "2.  Two\n    date unknown · p.txt:1-2 · x\n\n"
        "3.  Three\n    date unknown · p.txt:1-2 · x\n"
    )


@pytest.mark.parametrize("title", ["", "\u202e", "\u200f\u2066", "\x9b"])
def test_a_hit_without_a_visible_title_keeps_its_number(title: str) -> None:
    text = rendered("text", results_of(one_hit("Before"), one_hit(title)))
    assert "2.  (no title)\n" in text


def test_a_whole_article_shows_its_paragraphs_and_no_snippets() -> None:
    one = one_hit("T", Highlighted("A snippet."), body="First line\nof one paragraph.\n\nSecond.")
    text = rendered("text", results_of(one), View(full=True))
    assert text == "1.  T\n    date unknown · p.txt:1-2 · x\n\n    First line of one paragraph.\n\n    Second.\n"


def test_a_whole_article_without_a_body_leaves_no_gap() -> None:
    text = rendered("text", results_of(one_hit("T", body=""), one_hit("U", body="")), View(full=True))
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (None, UTC, "date unknown"),
        (MAY, HONG_KONG, "2025-05-06"),
        (MAY, timezone(timedelta(hours=-11)), "2025-05-06"),
        (MARCH, UTC, "2025-03-21 16:48 UTC"),
        (MARCH, HONG_KONG, "2025-03-22 00:48 HKT"),
        (MARCH, BERLIN, "2025-03-21 17:48 CET"),
        (MARCH, timezone(timedelta(hours=8)), "2025-03-22 00:48 +0800"),
        (MARCH, ZoneInfo("America/Sao_Paulo"), "2025-03-21 13:48 -0300"),
    ],
)
def test_a_time_is_told_in_the_readers_zone_and_a_day_stays_its_day(
    moment: Moment | None, zone: tzinfo, shown: str
) -> None:
    assert when(moment, zone) == shown


@pytest.mark.parametrize(
    ("published", "updated", "zone", "expected"),
    [
        (MARCH, MARCH_LATER, HONG_KONG, "2025-03-22 00:48 HKT · updated 02:17 ·"),
        (MARCH, MARCH_LATER, UTC, "2025-03-21 16:48 UTC · updated 18:17 ·"),
        (MARCH, MARCH_LATER, timezone(timedelta(hours=6)), "2025-03-21 22:48 +0600 · updated 2025-03-22 00:17 +0600 ·"),
        (MARCH, MAY, UTC, "2025-03-21 16:48 UTC · updated 2025-05-06 ·"),
        (MAY, MARCH, UTC, "2025-05-06 · updated 2025-03-21 16:48 UTC ·"),
        (None, MAY, UTC, "date unknown · updated 2025-05-06 ·"),
    ],
)
def test_an_update_on_the_day_of_publication_is_told_by_its_clock_alone(
    published: Moment | None, updated: Moment, zone: tzinfo, expected: str
) -> None:
    shown = one_hit("T", published=published, updated=updated)
    assert expected in rendered("text", results_of(shown), View(zone=zone, width=200))


def test_a_time_at_a_change_of_clocks_tells_which_of_the_two_it_is() -> None:
    early, late = (Moment(datetime(2025, 10, 26, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    assert (when(early, BERLIN), when(late, BERLIN)) == ("2025-10-26 02:30 CEST", "2025-10-26 02:30 CET")


def test_a_hostile_capture_cannot_draw_on_the_terminal() -> None:
    text = rendered("text", results_of(HOSTILE), View(color=True, hyperlinks=True))
    assert not re.search(r"[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert all(
        re.match(r"\x1b(\[[\d;]*m|\]8;|\\)", text[place:]) for place in range(len(text)) if text[place] == "\x1b"
    )
    assert "[/b] :heart: ␛[31m" in text


def test_each_hard_hit_shows_its_title_its_place_and_its_id() -> None:
    for one in HITS:
        text = "".join(rendered("text", results_of(one), View(width=200)).split())
        assert "".join(one.article.id.split()) in text
        assert "".join(str(one.article.origin).split()) in text


def test_a_snippet_is_shown_with_its_marks_whatever_comes_before_them() -> None:
    one = hit(
        Article("\x1b\x9b\u202e export", "", Origin("p"), id="x"), 1.0, ("export",), (marked("\t\x9b curbs", "curbs"),)
    )
    text = rendered("text", results_of(one), View(color=True))
    assert MARK.findall(text) == ["export", "curbs"]
