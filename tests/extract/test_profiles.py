"""What is known about sources, and what follows for the times on their pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsearch.extract import Settings
from newsearch.extract.pages import read_page
from newsearch.extract.profiles import profile_of_page, profile_of_source
from newsearch.model import Origin, PageCapture


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (["Skip to Content Facebook Feature Image"], "2025-03-22T00:48:00+08:00"),
        (["NEXT ARTICLE"], "2025-03-22T00:48:00+08:00"),
        ([], "2025-03-22T00:48:00+01:00"),
        (["She said: next article, please."], "2025-03-22T00:48:00+01:00"),
    ],
)
def test_a_page_that_shows_its_source_is_read_in_the_sources_zone(marks: list[str], expected: str) -> None:
    lines = ["Lamp maker opens a shop", "2025-03-22 00:48", "A maker of lamps opened a shop in the old mill.", *marks]
    page = read_page(PageCapture(Origin("page.txt"), lines, None), Settings(assume_zone=ZoneInfo("Europe/Berlin")))
    article = page.articles[0]
    assert article.published is not None
    assert article.published.isoformat() == expected
    assert article.source == ("bastillepost.com" if marks and "said" not in marks[0] else "")


def test_a_date_line_with_the_sites_own_words_shows_the_source() -> None:
    assert profile_of_page(["2025-03-22 00:48 Last Updated At:02:17"]) is not None
    assert profile_of_page(["It was last updated at noon"]) is None


@pytest.mark.parametrize(
    ("source", "known"),
    [("bastillepost.com", True), ("WWW.BastillePost.com", True), ("Harbour Wire", False), ("", False)],
)
def test_a_source_is_known_by_its_host(source: str, *, known: bool) -> None:
    assert (profile_of_source(source) is not None) is known


def test_a_future_dateline_is_flagged_like_any_other_time() -> None:
    text = ["Lamp maker opens a shop", "", "LISNOW--(BUSINESS WIRE)--May 6, 2025--A maker of lamps opened a shop here."]
    (article,) = read_page(PageCapture(Origin("page.txt"), text, datetime(2025, 1, 1, tzinfo=UTC)), Settings()).articles
    assert article.published is not None
    assert (article.published.isoformat(), article.published.flags) == ("2025-05-06", ("future",))
