"""Whatever the page: each line is accounted for, no body paragraph is lost, and no furniture becomes searchable."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.extract import Settings
from newsearch.extract.pages import read_page
from newsearch.extract.text import one_line
from newsearch.model import Origin, PageCapture

CAPTURES = Path(__file__).resolve().parents[2] / "corpus" / "captures"
LINES = st.sampled_from(
    [
        *["", "", "\x00", "\u2028"],
        *[
            "Skip to Content Facebook Feature Image",
            "Facebook",
            "Next Article",
            "next  article",
            "Recommended Articles",
        ],
        *["China", "News", "HK", "Arts and Culture"],
        *[
            "Harbour bridge closes for a month of repairs",
            "Old mill becomes a school for bakers",
            "Who pays?",
            "大桥关闭",
        ],
        *[" harbour  Bridge closes for a month of repairs "],
        *["2025-03-22 00:48 Last Updated At:02:17", "2025-03-22 00:48", "2025-03-22", "2025-02-30 10:00"],
        *["2025-12-31 22:10 Last Updated At:01-01 09:05", "2025-03-22 00:48 Last Updated At:99:99"],
        "The bridge will shut to cars on Monday, the harbour office said in a notice.",
        "Flour still hangs in the beams of the mill, where pupils light the ovens at five.",
        "LISNOW, Ore.--(BUSINESS WIRE)--May 6, 2025--A maker of lamps opened a shop on Tuesday.",
        "大桥下周一关闭维修一个月，渡轮每十分钟开出一班。",
        *["It rained.", "and so on", "A long line without an end " * 10],
    ]
)
PAGES = st.one_of(st.lists(LINES, max_size=16), st.lists(st.text(max_size=30), max_size=8))


def account(lines: list[str]) -> None:
    reading = read_page(PageCapture(Origin("page.txt"), lines, None), Settings())
    texts = [one_line(line) for line in lines]
    assert [kind != "blank" for kind in reading.kinds] == [bool(text) for text in texts]
    last = 0
    in_bodies: Counter[str] = Counter()
    for article in reading.articles:
        assert last < article.origin.first_line <= article.origin.last_line <= len(lines)
        last = article.origin.last_line
        body = [line for line in article.body.split("\n") if line]
        numbers = range(article.origin.first_line - 1, last)
        assert body == [texts[number] for number in numbers if reading.kinds[number] == "body"]
        assert not article.title or article.title in {
            texts[number] for number in numbers if reading.kinds[number] == "title"
        }
        in_bodies.update(body)
    assert in_bodies == Counter(text for text, kind in zip(texts, reading.kinds, strict=True) if kind == "body")


@given(PAGES)
@settings(max_examples=1000, deadline=None)
def test_each_line_of_any_page_is_accounted_for(lines: list[str]) -> None:
    account(lines)


@pytest.mark.parametrize("path", sorted(CAPTURES.rglob("*.txt")), ids=lambda path: path.stem)
def test_each_line_of_the_sample_archive_is_accounted_for(path: Path) -> None:
    account(path.read_text("utf-8").splitlines())


@given(PAGES)
@settings(max_examples=300, deadline=None)
def test_sentences_are_never_lost_as_furniture_or_labels(lines: list[str]) -> None:
    sentence = "Nobody was hurt when the crane fell, and the quay was open again by noon."
    reading = read_page(PageCapture(Origin("page.txt"), [*lines, "", sentence], None), Settings())
    assert reading.kinds[-1] == "body"
    assert sentence in reading.articles[-1].body


@pytest.mark.parametrize(
    "line", ["a" * 200_000, "2025-03-22 " * 20_000, "A, " * 60_000, "A--(" * 40_000, "." * 200_000, "'" * 200_000 + "x"]
)
def test_no_line_makes_it_hang(line: str) -> None:
    account(["Old mill becomes a school for bakers", "2025-03-22 00:48", line, "", line])
