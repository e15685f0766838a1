"""Pages saved as text: whole, or not at all."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.inputs import lines as line_reading
from newsearch.inputs import text
from newsearch.model import Capture, Origin, PageCapture, Skipped

CAPTURED = datetime(2025, 4, 17, 12, tzinfo=UTC)


def read_all(data: bytes) -> list[Capture | Skipped]:
    return list(text.read(io.BytesIO(data), Origin("page.txt"), CAPTURED))


@given(st.lists(st.text(st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"])), max_size=8))
def test_line_n_of_the_file_is_item_n_minus_one(lines: list[str]) -> None:
    pages = read_all("".join(f"{line}\n" for line in lines).encode())
    if any(line.strip() for line in lines):
        assert pages == [PageCapture(Origin("page.txt"), lines, CAPTURED)]
    else:
        assert [(skipped.reason, skipped.harmless) for skipped in pages] == [("empty", True)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_left_out(end: str) -> None:
    assert read_all(f"a{end}{end}b".encode()) == [PageCapture(Origin("page.txt"), ["a", "", "b"], CAPTURED)]


def test_a_page_in_another_encoding_is_left_out_whole_and_fatally() -> None:
    (skipped,) = read_all("Ferry\nCaf\xe9 by the pier\nIt sailed.\n".encode("cp1252"))
    assert isinstance(skipped, Skipped)
    assert (str(skipped.origin), skipped.reason, skipped.fatal) == ("page.txt:2", "invalid-utf8", True)
    assert "0xe9 at 3" in skipped.detail
    assert "iconv" in skipped.detail


def test_a_line_that_is_too_long_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_reading, "LINE_LIMIT", 10)
    skipped, page = read_all(b"Ferry\n" + b"x" * 50 + b"\nIt sailed.\n")
    assert isinstance(skipped, Skipped)
    assert (str(skipped.origin), skipped.reason, skipped.fatal) == ("page.txt:2", "line-too-long", False)
    assert page == PageCapture(Origin("page.txt"), ["Ferry", "", "It sailed."], CAPTURED)


def test_a_page_that_is_too_long_is_left_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "PAGE_LIMIT", 10)
    assert read_all(b"12345\n67890\n") == [PageCapture(Origin("page.txt"), ["12345", "67890"], CAPTURED)]
    (skipped,) = read_all(b"12345\n67890\n1\n")
    assert isinstance(skipped, Skipped)
    assert (str(skipped.origin), skipped.reason, skipped.fatal) == ("page.txt:3", "too-large", True)
