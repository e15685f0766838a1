"""CSV and TSV: rows that read back, cells that no spreadsheet computes."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hard_results import BARE, HITS, HOSTILE, RESULTS, hit, rendered, results_of
from hypothesis import given
from hypothesis import strategies as st

from newsearch.model import Article, Origin
from newsearch.outputs.csv_table import no_formula
from newsearch.outputs.fields import FIELDS, table_fields
from newsearch.outputs.view import View

STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
EVERY_FIELD = View(fields=tuple(FIELDS), full=True)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def lines(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.removesuffix("\n").split("\n")]


def could_compute(cell: str) -> bool:
    return cell.lstrip(" \n").startswith(STARTERS)


@pytest.mark.parametrize("view", [View(), EVERY_FIELD], ids=["usual", "every-field"])
def test_csv_reads_back_with_a_row_for_each_hit_and_no_formula(view: View) -> None:
    header, *table = rows(rendered("csv", RESULTS, view))
    assert tuple(header) == table_fields(view)
    assert [len(row) for row in table] == [len(header)] * len(HITS)
    assert not [cell for row in table for cell in row if could_compute(cell)]


@pytest.mark.parametrize("view", [View(), EVERY_FIELD], ids=["usual", "every-field"])
def test_tsv_has_the_same_columns_in_each_line_and_no_formula(view: View) -> None:
    header, *table = lines(rendered("tsv", RESULTS, view))
    assert tuple(header) == table_fields(view)
    assert [len(line) for line in table] == [len(header)] * len(HITS)
    assert not [cell for line in table for cell in line if could_compute(cell)]


def test_csv_lines_end_as_rfc_4180_says() -> None:
    text = rendered("csv", results_of(BARE))
    assert text.count("\r\n") == 2
    assert text.endswith("\r\n")


def test_a_cell_keeps_quotes_commas_and_line_ends_in_csv() -> None:
    title = 'A "quoted", comma;\nand a second line, 100 %'
    shown = replace(HOSTILE.article, title=title, source="Wire")
    _, row = rows(
        rendered("csv", results_of(replace(HOSTILE, article=shown)), View(fields=("title", "source", "body")))
    )
    assert row == [title, "Wire", HOSTILE.article.body]


def test_a_cell_holds_a_value_as_people_write_it() -> None:
    view = View(fields=("authors", "lines", "origin", "published", "updated", "snippets", "score"))
    _, row = rows(
        rendered("csv", results_of(replace(HOSTILE, article=replace(HOSTILE.article, authors=("A", "B")))), view)
    )
    assert row[:5] == [
        "A; B",
        "12-40",
        "captures/page [1].txt:12-40",
        "2025-03-22T00:48:00+08:00",
        "2025-03-22T02:17:00+08:00",
    ]
    assert row[5].startswith("The export␛[2J of chips, said “Lee”. … A\tline")
    assert row[6] == "2.7183"


def test_a_cell_with_parts_is_json() -> None:
    fields = ("times", "title_spans")
    _, row = rows(rendered("csv", RESULTS, View(fields=fields)))[:2]
    shown = json.loads(rendered("json", RESULTS, View(fields=fields)))["hits"][0]
    assert list(map(json.loads, row)) == [shown[name] for name in fields]
    assert shown["title_spans"]


def test_what_is_unknown_is_an_empty_cell() -> None:
    view = View(fields=("title", "published", "published_precision", "updated", "source", "authors", "snippets", "url"))
    _, row = rows(rendered("csv", results_of(BARE), view))
    assert row == [""] * 8


@pytest.mark.parametrize("format_name", ["csv", "tsv"])
@pytest.mark.parametrize("field", ["id", "title", "source", "section", "url", "path", "authors"])
@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@a", "  =1", "\n=1", "\t=1", "\r=1", "\u202e=1", "\x9b@a", "＝1"])
def test_no_field_can_begin_a_formula(format_name: str, field: str, start: str) -> None:
    values = {field: (start,) if field == "authors" else start}
    shown = (
        Article("", "", Origin(start), id="x")
        if field == "path"
        else replace(Article("", "", Origin("p"), id="x"), **values)  # type: ignore[arg-type]
    )
    text = rendered(format_name, results_of(hit(shown, 0.0)), View(fields=(field,)))
    (cell,) = rows(text)[1] if format_name == "csv" else lines(text)[1]
    assert cell
    assert not could_compute(cell)


@given(text=st.text(st.sampled_from("=+-@ \t\r\n'\"a1＝")), rest=st.text(max_size=3))
def test_a_neutral_cell_gains_nothing_and_a_formula_an_apostrophe(text: str, rest: str) -> None:
    cell = no_formula(text + rest)
    assert not could_compute(cell)
    assert cell in (text + rest, "'" + text + rest)
    assert (cell == text + rest) is not could_compute(text + rest)
