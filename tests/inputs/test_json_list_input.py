"""Lists of records in JSON: read an item at a time, in whatever they are wrapped."""

import io
import json
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.inputs import json_list, read
from newsearch.model import Capture, RecordCapture, Skipped

A, B = {"title": "Ferry", "body": "It sailed\nat dawn."}, {"title": "Quai d’été 😀", "n": [1, {"x": None}]}


def read_all(data: bytes | str, path: str = "x.json") -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data.encode() if isinstance(data, str) else data), path, None))


def fields(items: Sequence[Capture | Skipped]) -> list[object]:
    return [item.fields for item in items if isinstance(item, RecordCapture)]


def told(items: Sequence[Capture | Skipped]) -> list[tuple[str, str, bool]]:
    return [(item.reason, str(item.origin), item.fatal) for item in items if isinstance(item, Skipped)]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
@pytest.mark.parametrize("plain", [False, True], ids=["escaped", "utf-8"])
def test_a_list_is_its_items_in_order(indent: int | None, mark: bytes, plain: bool) -> None:  # noqa: FBT001 - a parameter of the test
    data = mark + json.dumps([A, B], indent=indent, ensure_ascii=not plain).encode()
    found = read_all(data)
    assert fields(found) == [A, B]
    assert [str(item.origin) for item in found if isinstance(item, RecordCapture)] == ["x.json!#1", "x.json!#2"]


@pytest.mark.parametrize("key", ["articles", "items", "data", "results"])
def test_an_object_that_holds_one_list_of_articles_is_that_list(key: str) -> None:
    assert fields(read_all(json.dumps({"status": "ok", "total": 2, "tags": [{"name": "x"}], key: [A, B]}))) == [A, B]
    assert fields(read_all(json.dumps({"response": {"status": "ok", key: [A, B]}}, indent=1))) == [A, B]


@pytest.mark.parametrize(
    "value",
    [
        A,
        {**A, "related": [{"title": "Other"}]},
        {"headline": "x", "items": [A]},
        {"articles": [A], "more": [B]},
        {"id": 1, "articles": []},
        {"id": 1, "people": [{"name": "Ann"}]},
    ],
)
def test_an_object_that_is_an_article_or_holds_none_is_one_record(value: object) -> None:
    (record,) = read_all(json.dumps(value, indent=2))
    assert isinstance(record, RecordCapture)
    assert (record.fields, str(record.origin), record.evidence) == (value, "x.json", "record")


def test_objects_one_behind_the_other_are_records() -> None:
    data = "\n".join(json.dumps(value, indent=2) for value in (A, B, A))
    assert fields(read_all(data)) == [A, B, A]


def test_items_that_are_no_objects_cost_only_themselves() -> None:
    found = read_all('[{"title": "a"}, 1, "x", null, [2], 12e3, {"title": "b"},]')
    assert fields(found) == [{"title": "a"}, {"title": "b"}]
    assert told(found) == [("not-an-object", f"x.json!#{number}", False) for number in range(2, 7)]


@pytest.mark.parametrize(
    ("rest", "reason", "line"),
    [
        (",\n{'title': 1}]", "broken-json", 3),
        (',\n{"title": "b" "body": 1}]' + " " * 99, "broken-json", 3),
        (',\n{"title": "b"', "broken-json", 4),
        (',\n{"title": "b', "broken-json", 3),
        (",\n", "broken-json", 4),
        ("", "broken-json", 3),
        ('\n{"title": "b"}]', "broken-json", 3),
        ("]\n]", "broken-json", 3),
        (',\n{"title": "caf\xe9"}]', "invalid-utf8", 3),
        (',\n   \xe9{"title": "b"}]', "invalid-utf8", 3),
        (",\n" + "[" * 100_000, "broken-json", 3),
        (',\n{"a":' * 100_000, "broken-json", 3),
    ],
)
def test_a_break_ends_the_reading_at_its_line_and_keeps_what_came_before(rest: str, reason: str, line: int) -> None:
    found = read_all(b'[\n{"title": "a"}' + rest.encode("latin-1") + b"\n")
    assert fields(found) == [{"title": "a"}]
    assert told(found) == [(reason, f"x.json:{line}", True)]


def test_a_huge_number_is_kept_as_it_is_written() -> None:
    assert fields(read_all('[{"title": "a", "id": ' + "9" * 5000 + "}]")) == [{"title": "a", "id": "9" * 5000}]


def test_an_item_beyond_the_limit_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_list, "ITEM_LIMIT", 100_000)
    found = read_all(json.dumps([A, {"title": "x" * 10_000_000}, B]))
    assert fields(found) == [A]
    assert told(found) == [("too-large", "x.json:1", True)]


def test_a_long_list_takes_no_more_memory_than_an_item() -> None:
    data = b"[" + b",".join([json.dumps({"title": "Ferry " * 1000}).encode()] * 5000) + b"]"
    tracemalloc.start()
    assert sum(1 for _ in json_list.read(io.BytesIO(data), json_list.Origin("x"), None)) == 5000
    assert tracemalloc.get_traced_memory()[1] < len(data) // 10
    tracemalloc.stop()


def test_an_item_over_many_chunks_is_read_in_one_piece() -> None:
    value = {"title": "é" * (3 << 20), "body": "x"}
    assert fields(read_all(json.dumps([value, A], ensure_ascii=False))) == [value, A]


@pytest.mark.parametrize("data", ["[]", "[\n\n]\n"])
def test_an_empty_list_is_harmless(data: str) -> None:
    (skipped,) = read_all(data)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", True)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(), VALUES), max_size=5), st.integers(1, 9), st.booleans())
def test_any_list_comes_out_as_it_went_in_whatever_pieces_it_comes_in(
    records: list[dict[str, object]],
    size: int,
    indented: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    class Dripping(io.BytesIO):
        def read(self, _: int | None = None, /) -> bytes:
            return super().read(size)

    data = json.dumps(records, indent=2 if indented else None, ensure_ascii=False).encode("utf-8", "surrogatepass")
    found = list(json_list.read(Dripping(data), json_list.Origin("x"), None))
    assert fields(found) == records
