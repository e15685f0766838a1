"""Every layout in which pages were seen saved as text."""

import pytest

from newsearch.extract import Settings, articles_in
from newsearch.extract.pages import PageReading, is_label, is_sentence, read_page
from newsearch.model import Article, Origin, PageCapture, Skipped

TITLE = "Harbour bridge closes for a month of repairs"
OTHER = "Old mill becomes a school for young bakers"
FIRST = "The bridge will shut to cars on Monday, the harbour office said in a notice."
SECOND = "Ferries will carry passengers every ten minutes until the last bolt is replaced."
THIRD = "Flour still hangs in the beams of the mill, where forty pupils light the ovens at five."
FOURTH = "The school was paid for by a levy on bread, and the first loaves are sold on Friday."
HEADER = "Skip to Content Facebook Feature Image"
DATE = "2025-03-22 00:48 Last Updated At:02:17"


def page(*lines: str, blanks: bool = True) -> PageReading:
    text = ("\n\n" if blanks else "\n").join(lines)
    return read_page(PageCapture(Origin("page.txt"), text.split("\n"), None), Settings())


def outline(reading: PageReading) -> list[tuple[str, list[str]]]:
    return [(article.title, article.body.split("\n\n") if article.body else []) for article in reading.articles]


def only(reading: PageReading) -> Article:
    (article,) = reading.articles
    return article


@pytest.mark.parametrize("blanks", [True, False])
@pytest.mark.parametrize(
    "head",
    [
        [TITLE],
        [TITLE, TITLE],
        [TITLE, "China", "China", "China", TITLE],
        [TITLE, "News", TITLE, "China", "News", TITLE],
        ["HK", "News", TITLE],
        [HEADER, TITLE, "HK", TITLE],
        ["Skip to Content", "Facebook", "Feature Image", TITLE, "News", TITLE],
    ],
)
@pytest.mark.parametrize("captions", [0, 1, 3])
def test_the_line_above_the_date_is_the_title_and_its_repeats_and_labels_are_no_body(
    head: list[str], captions: int, *, blanks: bool
) -> None:
    reading = page(*head, DATE, FIRST, SECOND, *[TITLE] * captions, "Recommended Articles", blanks=blanks)
    assert outline(reading) == [(TITLE, [FIRST, SECOND])]
    labels = [line for line in head if line in ("China", "News", "HK")]
    assert only(reading).section == (max(labels, key=labels.count) if labels else "")
    assert reading.kinds.count("label") == len(labels)
    assert reading.kinds.count("title") == head.count(TITLE) + captions


@pytest.mark.parametrize(
    "title", ["Who pays for the bridge?", "Bridge shut!", "Mill No. 5", "Cuts", "大桥下周一关闭", "Live: storm", "2025"]
)
def test_a_short_or_odd_title_is_one_too(title: str) -> None:
    assert outline(page(HEADER, title, "News", title, DATE, FIRST, title, "Recommended Articles")) == [(title, [FIRST])]


def test_a_title_that_ends_like_a_sentence_is_one_too() -> None:
    title = "The bridge is shut. The ferry is full."
    assert outline(page(HEADER, title, "News", title, DATE, FIRST, SECOND, title)) == [(title, [FIRST, SECOND])]


def test_a_title_is_recognised_in_another_case_and_spacing() -> None:
    reading = page(HEADER, TITLE.upper(), "News", TITLE, DATE, FIRST, f"  {TITLE.replace(' ', '  ')} ")
    assert outline(reading) == [(TITLE, [FIRST])]


@pytest.mark.parametrize("date", ["2025-03-22 00:48", "2025-03-22", "2025-02-30 00:48"])
def test_a_date_line_need_not_state_an_update_nor_be_possible(date: str) -> None:
    reading = page(HEADER, TITLE, date, FIRST, "Recommended Articles")
    assert outline(reading) == [(TITLE, [FIRST])]
    assert reading.kinds.count("time") == 1
    assert only(reading).updated is None


def test_an_impossible_date_is_told_with_its_line_and_the_article_is_kept_without_it() -> None:
    capture = PageCapture(Origin("page.txt"), [TITLE, "2025-02-30 00:48", FIRST], None)
    article, skipped = articles_in(capture, Settings())
    assert isinstance(article, Article)
    assert article.published is None
    assert isinstance(skipped, Skipped)
    assert (str(skipped.origin), skipped.reason, skipped.fatal) == ("page.txt:2", "date-rejected", False)
    assert "2025-02-30" in skipped.detail


@pytest.mark.parametrize(
    "date", ["0001-01-01 00:00", "9999-12-31 23:59 -12:00", "0001-01-01 00:00 Last Updated At:01:00"]
)
def test_a_date_at_the_end_of_the_calendar_costs_no_article(date: str) -> None:
    assert outline(page(HEADER, TITLE, date, FIRST)) == [(TITLE, [FIRST])]


def test_a_sub_headline_stays_searchable_once() -> None:
    reading = page(HEADER, TITLE, "News", TITLE, DATE, "Ferries run instead, says harbour office", FIRST, SECOND, TITLE)
    assert outline(reading) == [(TITLE, ["Ferries run instead, says harbour office", FIRST, SECOND])]


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("LISNOW, Ore.--(BUSINESS WIRE)--May 6, 2025--", "2025-05-06"),
        ("ROTTERDAM, Netherlands, Sept. 9, 2025 /PRNewswire/ --", "2025-09-09"),
        ("LISNOW, May 6, 2025 (Xinhua) --", "2025-05-06"),
        ("LISNOW, May 6 (Xinhua) --", None),
        ("LISNOW--(BUSINESS WIRE)--Feb 30, 2025--", None),
        ("LISNOW--(BUSINESS WIRE)--Ju 3, 2025--", None),
    ],
)
def test_a_press_releases_dateline_is_kept_in_the_body_and_dates_an_undated_page(
    dateline: str, day: str | None
) -> None:
    article = only(page(TITLE, f"{dateline} {FIRST}", SECOND, TITLE))
    assert article.dateline == dateline
    assert article.body.startswith(dateline)
    assert (article.published and article.published.isoformat()) == day
    assert not article.published or (article.published.precision, article.published.evidence) == ("day", "dateline")


def test_a_date_line_is_believed_before_a_dateline() -> None:
    article = only(page(HEADER, TITLE, DATE, f"LISNOW--(BUSINESS WIRE)--May 6, 2025-- {FIRST}"))
    assert article.published is not None
    assert (article.published.isoformat(), article.published.evidence) == ("2025-03-22T00:48:00+08:00", "date line")
    assert article.dateline == "LISNOW--(BUSINESS WIRE)--May 6, 2025--"


@pytest.mark.parametrize("captions", [0, 1, 2])
def test_next_article_begins_another_whole_article(captions: int) -> None:
    first = [HEADER, TITLE, "HK", TITLE, DATE, FIRST, SECOND, *[TITLE] * captions]
    second = [OTHER, "2025-04-17 21:22", THIRD, FOURTH, *[OTHER] * captions]
    reading = page(*first, "Next Article", *second, "NEXT ARTICLE", *first[1:], "Recommended Articles")
    assert outline(reading) == [(TITLE, [FIRST, SECOND]), (OTHER, [THIRD, FOURTH]), (TITLE, [FIRST, SECOND])]
    assert [article.section for article in reading.articles] == ["HK", "", "HK"]
    assert reading.articles[1].origin.first_line == 2 * len(first) + 3


def test_a_dated_article_may_follow_without_a_separator() -> None:
    reading = page(HEADER, TITLE, DATE, FIRST, SECOND, TITLE, OTHER, "News", OTHER, "2025-04-17 21:22", THIRD, OTHER)
    assert outline(reading) == [(TITLE, [FIRST, SECOND]), (OTHER, [THIRD])]
    assert reading.articles[1].section == "News"


def test_a_time_line_in_running_text_is_text() -> None:
    reading = page(HEADER, TITLE, DATE, FIRST, "2025-03-21", SECOND)
    assert outline(reading) == [(TITLE, [FIRST, "2025-03-21", SECOND])]


def test_a_date_line_repeated_below_itself_begins_nothing() -> None:
    reading = page(HEADER, TITLE, DATE, DATE, FIRST, SECOND)
    assert outline(reading) == [(TITLE, [FIRST, SECOND])]


def test_a_date_inside_a_longer_line_is_no_date_line() -> None:
    article = only(page(TITLE, "Posted 2025-03-22 00:48 by the desk", FIRST))
    assert article.published is None
    assert "Posted 2025-03-22" in article.body


def test_titles_of_other_pages_under_recommended_articles_are_furniture() -> None:
    reading = page(HEADER, TITLE, DATE, FIRST, "Recommended Articles", OTHER, "Ferry sails at dawn", "News")
    assert outline(reading) == [(TITLE, [FIRST])]
    assert reading.kinds[-1] == "furniture"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([TITLE, FIRST, SECOND, TITLE], [(TITLE, [FIRST, SECOND])]),
        ([TITLE, FIRST, SECOND], [(TITLE, [FIRST, SECOND])]),
        ([TITLE, "HK", TITLE, FIRST], [(TITLE, [FIRST])]),
        ([FIRST, SECOND, TITLE], [(TITLE, [FIRST, SECOND])]),
        ([FIRST, SECOND, TITLE, TITLE], [(TITLE, [FIRST, SECOND])]),
        ([FIRST, SECOND], [("", [FIRST, SECOND])]),
        ([TITLE], [(TITLE, [])]),
        ([FIRST, SECOND, TITLE, TITLE, THIRD, FOURTH], [(TITLE, [FIRST, SECOND]), ("", [THIRD, FOURTH])]),
        ([TITLE, FIRST, TITLE, THIRD, FOURTH], [(TITLE, [FIRST]), ("", [THIRD, FOURTH])]),
        ([FIRST, TITLE, TITLE, THIRD, OTHER, OTHER], [(TITLE, [FIRST]), (OTHER, [THIRD])]),
        ([FIRST, "About the bridge", SECOND, TITLE, TITLE], [(TITLE, [FIRST, "About the bridge", SECOND])]),
    ],
)
def test_a_cleaned_page_has_its_title_first_or_as_caption_or_none_and_may_have_another_glued_on(
    lines: list[str], expected: list[tuple[str, list[str]]]
) -> None:
    reading = page(*lines)
    assert outline(reading) == expected
    assert all((article.published, article.source) == (None, "") for article in reading.articles)


def test_lines_that_follow_each_other_are_one_paragraph_unless_they_end_like_sentences() -> None:
    lines = [TITLE, "", "The bridge will shut", "to cars on Monday.", "Ferries will run.", "", SECOND]
    article = only(read_page(PageCapture(Origin("page.txt"), lines, None), Settings()))
    assert article.body == f"The bridge will shut\nto cars on Monday.\n\nFerries will run.\n\n{SECOND}"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["", " ", "\x00"],
        [HEADER],
        [HEADER, "", "Recommended Articles"],
        [DATE],
        [HEADER, DATE, "Next Article"],
    ],
)
def test_a_page_without_title_and_text_holds_no_article(lines: list[str]) -> None:
    assert read_page(PageCapture(Origin("page.txt"), lines, None), Settings()).articles == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (FIRST, True),
        (TITLE, False),
        ("Short.", False),
        ("大桥下周一关闭维修一个月。", True),
        ("大桥关闭维修", False),
        ("a " * 100, True),
        ("Who pays for the bridge at last?", False),
    ],
)
def test_a_sentence_ends_like_one_or_is_longer_than_a_headline(line: str, *, expected: bool) -> None:
    assert is_sentence(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("China", True), ("HK", True), ("Arts and Culture", True), ("It rained.", False), (TITLE, False)],
)
def test_a_label_is_a_few_short_words(line: str, *, expected: bool) -> None:
    assert is_label(line) is expected
