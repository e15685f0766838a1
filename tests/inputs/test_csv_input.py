"""Tables: a row is a record, whatever parts its cells, and a bad one costs only itself."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.inputs import csv_table, read
from newsearch.model import Capture, RecordCapture, Skipped

ROWS = [["id", "title", "body"], ["1", "Ferry, again", 'It "sailed";\nat dawn.'], ["2", "Quay | pier", "Open\tnow."]]


def written(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


def read_all(data: bytes, path: str = "x.csv") -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), path, None))


def fields(items: Sequence[Capture | Skipped]) -> list[dict[str, object]]:
    return [dict(item.fields) for item in items if isinstance(item, RecordCapture)]


def told(items: Sequence[Capture | Skipped]) -> list[tuple[str, str, bool]]:
    return [(item.reason, str(item.origin), item.fatal) for item in items if isinstance(item, Skipped)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
def test_a_row_is_a_record_with_the_lines_it_takes_up(delimiter: str, end: str, mark: bytes) -> None:
    found = read_all(mark + written(ROWS, delimiter, end))
    assert fields(found) == [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    assert [str(item.origin) for item in found if isinstance(item, RecordCapture)] == ["x.csv:2-3", "x.csv:4"]
    assert [item.evidence for item in found if isinstance(item, RecordCapture)] == ["record", "record"]


def test_the_delimiter_is_the_one_that_makes_regular_rows() -> None:
    data = b"title, long;body\nOne, two, three;Four\nFive;Six, seven\nEight;Nine\n"
    assert fields(read_all(data))[0] == {"title, long": "One, two, three", "body": "Four"}
    assert fields(read_all(b"sep=|\ntitle|body\na,b|c,d\n")) == [{"title": "a,b", "body": "c,d"}]


def test_columns_without_a_name_of_their_own_have_a_number() -> None:
    assert fields(read_all(b"title,,title\na,b,c\n")) == [{"title": "a", "column 2": "b", "title 3": "c"}]


def test_a_short_row_lacks_its_last_cells_and_blank_rows_mean_nothing() -> None:
    assert fields(read_all(b"\n\nid,title,body\n\n1,a\n,,\n  \n2,b,c\n")) == [
        {"id": "1", "title": "a"},
        {"id": "2", "title": "b", "body": "c"},
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,2,3,4", "bad-row"),
        (b"1,caf\xe9,3", "invalid-utf8"),
        (b'1,"caf\xe9\n",3', "invalid-utf8"),
        (b'1,"two\ncaf\xe9 lines",3', "invalid-utf8"),
        (b"1,a\rb,3", "bad-row"),
    ],
)
def test_a_row_that_cannot_be_read_costs_only_itself(row: bytes, reason: str) -> None:
    found = read_all(b"id,title,body\n0,a,b\n" + row + b"\n9,y,z\n")
    assert [record["id"] for record in fields(found)] == ["0", "9"]
    lines = 3 + row.count(b"\n")
    assert told(found) == [(reason, "x.csv:3" if lines == 3 else f"x.csv:3-{lines}", False)]


def test_a_quote_in_the_middle_of_a_cell_is_a_quote() -> None:
    assert fields(read_all(b'title,body\nA 5" disk,He said "no"\nb,c\n'))[0] == {
        "title": 'A 5" disk',
        "body": 'He said "no"',
    }


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_quote_that_is_never_closed_is_told_with_the_lines_it_swallows(end: bytes) -> None:
    found = read_all(b'id,title\n1,a\n2,"b\n3,c\n4,d' + end)
    assert [record["id"] for record in fields(found)] == ["1"]
    assert told(found) == [("unclosed-quote", "x.csv:3-5", True)]


def test_a_cell_may_be_as_long_as_a_line_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    (record,) = fields(read_all(b"title,body\na," + b"b" * (8 << 20) + b"\n"))
    assert len(str(record["body"])) == 8 << 20
    monkeypatch.setattr(csv_table, "LINE_LIMIT", 1000)
    found = read_all(b'id,body\n1,"' + b"line\n" * 300 + b'"\n2,b\n')
    assert told(found) == [("bad-row", "x.csv:2-202", True)]


@pytest.mark.parametrize("data", [b"title,body\n", b"title,body", b"title\n\n\n"])
def test_a_table_without_rows_is_harmless(data: bytes) -> None:
    (skipped,) = read_all(data)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", True)


@pytest.mark.parametrize("data", [b"t\xeftle,body\na,b\n", b"\n\ntitle,b\xf6dy\na,b\n"])
def test_a_table_whose_names_cannot_be_read_is_not_read(data: bytes) -> None:
    assert [(reason, fatal) for reason, _, fatal in told(read_all(data))] == [("invalid-utf8", True)]


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1), min_size=2, max_size=2)
    ),
    st.sampled_from(",;\t|"),
)
def test_whatever_was_written_comes_out(rows: list[list[str]], delimiter: str) -> None:
    data = written([["left", "right"], *rows], delimiter)
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    assert fields(list(csv_table.read(io.BytesIO(data), csv_table.Origin("x"), None))) == [
        {"left": left, "right": right} for left, right in expected
    ]
