"""What is said of an index whose files have been damaged: a complaint of ours, and never a stranger's exception."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from damage import STORIES, TABLE, Files, build, complaints, complaints_of, files_of, lay_out
from hypothesis import given, settings
from hypothesis import strategies as st
from limits import memory_of, within
from random_archives import EXAMPLES, scratch_folder
from small_archives import article, edition, fill, found

from newsearch.engines.whoosh import building
from newsearch.engines.whoosh import writer as writing
from newsearch.engines.whoosh.documents import DAY_PUBLISHED, SUPERSEDED, document, packed
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.engines.whoosh.segment import EXTENSION, SegmentFile
from newsearch.errors import IndexUnusableError
from newsearch.model import Edition

# Whoosh leaves a file for the garbage collector where reading it fails.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
many = settings(max_examples=2 * EXAMPLES, deadline=None)
WHICH = ("table of contents", "stories", "first segment", "second segment")
"""An index's files, by what they are; the segments by size."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("damage") / "index"
    build(folder)
    return files_of(folder)


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    yield
    gc.collect()


def named(files: Files, which: str) -> str:
    """Return the name of a file by what it is."""
    by_size = sorted(files, key=lambda name: (not name.endswith(TABLE), not name.endswith(STORIES), -len(files[name])))
    return dict(zip(WHICH, by_size, strict=True))[which]


def complaints_with(files: Files, changes: dict[str, bytes | None]) -> list[str]:
    """Return what is said of an index some files of which are others, or are gone."""
    with scratch_folder() as folder:
        lay_out(folder, {name: content for name in files if (content := changes.get(name, files[name])) is not None})
        with within(120), memory_of(8):
            return complaints(folder)


def test_a_healthy_index_gives_rise_to_no_complaint(files: Files) -> None:
    assert len(files) == len(WHICH)
    assert complaints_with(files, {}) == []


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("kept", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_complained_of(files: Files, which: str, kept: float) -> None:
    name = named(files, which)
    assert complaints_with(files, {name: files[name][: int(len(files[name]) * kept)]})


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize(
    "content", [None, b"", b"\x00" * 5_000, b"not an index at all\n" * 300], ids=["gone", "empty", "zeros", "text"]
)
def test_a_file_that_is_gone_or_another_is_complained_of(files: Files, which: str, content: bytes | None) -> None:
    assert complaints_with(files, {named(files, which): content})


@pytest.mark.parametrize("which", WHICH[2:])
@pytest.mark.parametrize("tenth", range(10))
def test_a_segment_with_a_tenth_overwritten_is_complained_of(files: Files, which: str, tenth: int) -> None:
    name = named(files, which)
    content = bytearray(files[name])
    length = len(content) // 10
    content[tenth * length : (tenth + 1) * length] = b"\xa5" * length
    assert complaints_with(files, {name: bytes(content)})


@pytest.mark.parametrize("which", WHICH[1:])
def test_a_file_of_another_index_is_complained_of(files: Files, which: str, tmp_path: Path) -> None:
    fill(WhooshEngine(tmp_path / "other", create=True), article("q", "Quite another", "A single article."))
    ending = STORIES if which == "stories" else EXTENSION
    (other,) = (content for name, content in files_of(tmp_path / "other").items() if name.endswith(ending))
    assert complaints_with(files, {named(files, which): other})


@many
@given(which=st.sampled_from(WHICH), place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_flipped_byte_never_raises_a_strangers_exception(files: Files, which: str, place: float, bits: int) -> None:
    name = named(files, which)
    content = bytearray(files[name])
    content[int(place * len(content))] ^= bits
    complaints_with(files, {name: bytes(content)})


@many
@given(which=st.sampled_from(WHICH), place=st.floats(0, 1), junk=st.binary(max_size=40), replaced=st.integers(0, 40))
def test_junk_in_a_file_never_raises_a_strangers_exception(
    files: Files, which: str, place: float, junk: bytes, replaced: int
) -> None:
    name = named(files, which)
    start = int(place * len(files[name]))
    complaints_with(files, {name: files[name][:start] + junk + files[name][start + replaced :]})


@pytest.fixture
def writing_others(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Change what is written of an edition, but not the stored texts, so that what is kept twice disagrees."""
    changes: dict[str, object] = {}
    texts: dict[str, dict[str, Any]] = {}

    def changed(edition: Edition) -> dict[str, Any]:
        original = texts[edition.article.id] = document(edition)
        return original | changes

    def unchanged(given: dict[str, Any]) -> bytes:
        return packed(given | {name: texts[given["id"]][name] for name in ("title", "body")})

    monkeypatch.setattr(writing, "document", changed)
    monkeypatch.setattr(building, "packed", unchanged)
    return changes


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b"Fresh wheat, exported"},
        {"body": b"exported Fresh grain,"},
        {"body": b"Fresh grain, exported exported"},
        {"body": b""},
        {"title": b"Raw deal"},
        {"marks": SUPERSEDED},
        {"marks": DAY_PUBLISHED},
        {"published": 0},
        {"updated": 0},
        {"source": "another"},
        {"facts": b"no json"},
        {"facts": b"{}"},
    ],
    ids=str,
)
def test_a_deep_look_notices_what_disagrees(
    writing_others: dict[str, object], tmp_path: Path, changes: dict[str, object]
) -> None:
    shown = article("a", "New deal", "Fresh grain, exported", published="2025-03-22T00:48+08:00", source="Wire")
    assert list(fill(WhooshEngine(tmp_path / "right", create=True), shown).faults(lambda _: None, deep=True)) == []
    writing_others.update(changes)
    engine = fill(WhooshEngine(tmp_path / "wrong", create=True), shown)
    faults = complaints_of(lambda: engine.faults(lambda _: None, deep=True))
    assert faults
    assert all("\n" not in fault for fault in faults)


def test_one_unreadable_document_does_not_hide_the_others(writing_others: dict[str, object], tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), article("a", "Deal", "Grain."))
    writing_others["facts"] = b"no json"
    fill(engine, article("b", "Deal", "Grain."))
    writing_others.clear()
    fill(engine, article("c", "Deal", "Grain."))
    assert len(complaints_of(lambda: engine.faults(lambda _: None, deep=True))) == 1
    assert engine.get("c") is not None
    assert complaints_of(lambda: [str(engine.get("b"))])[0].startswith("the index in")
    assert complaints_of(lambda: [str(found(engine, "grain"))])[0].startswith("the index in")


@pytest.mark.parametrize(("array", "act"), [("stored", "merge"), ("body.documents", "merge"), ("by_id", "delete")])
def test_damage_that_a_writer_meets_is_complained_of(tmp_path: Path, array: str, act: str) -> None:
    engine = WhooshEngine(tmp_path, create=True)
    fill(engine, *(article(f"a{number}", "one two", "three four") for number in range(5)))
    (file,) = tmp_path.glob("*.news")
    section = SegmentFile(file).file[array]
    data = bytearray(file.read_bytes())
    data[section.start] ^= 1
    file.write_bytes(data)
    before = sorted(path.name for path in tmp_path.iterdir())
    writer = WhooshEngine(tmp_path).writer()
    for number in range(5):
        writer.add(edition(article(f"z{number}", "x", "y z")))
    with pytest.raises(IndexUnusableError, match="damaged"):
        writer.delete("a1") if act == "delete" else writer.commit()
    writer.cancel()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
