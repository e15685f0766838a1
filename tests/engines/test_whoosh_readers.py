"""What only an engine on a disk can get wrong: several of them on one folder, and folders that hold none."""

from pathlib import Path

import pytest
from small_archives import article, edition, fill, found, ids, search

from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError, LockedError


def test_a_reader_keeps_its_generation_while_another_process_commits(tmp_path: Path) -> None:
    writing = WhooshEngine(tmp_path, create=True)
    fill(writing, *(article(f"x{number}", "", f"Grain number {number}.") for number in range(6)))
    reading = WhooshEngine(tmp_path)
    results = search(reading, "grain", sort="newest")
    for number in range(6):
        writer = writing.writer()
        writer.delete(f"x{number}")
        writer.add(edition(article(f"y{number}", "", "Grain.")))
        writer.commit()
    assert ids(results) == [f"x{number}" for number in range(6)]
    assert found(reading, "grain") == {f"x{number}" for number in range(6)}
    assert [hit.article.body for hit in search(reading, "number 3").hits] == ["Grain number 3."]
    assert found(WhooshEngine(tmp_path), "grain") == {f"y{number}" for number in range(6)}


def test_a_writer_deletes_by_what_is_committed_and_not_by_what_its_engine_saw(tmp_path: Path) -> None:
    one = WhooshEngine(tmp_path, create=True)
    fill(one, *(article(f"x{number}", "", "Grain.") for number in range(3)))
    other = WhooshEngine(tmp_path)
    writer = other.writer()
    writer.delete("x0")
    writer.commit()
    for number in range(8):
        fill(other, article(f"y{number}", "", "Grain."))
    writer = one.writer()
    writer.delete("x1")
    writer.commit()
    assert found(WhooshEngine(tmp_path), "grain") == {"x2", *(f"y{number}" for number in range(8))}


def test_an_index_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    first = fill(WhooshEngine(tmp_path, create=True), article("a", "Grain", "Wheat."))
    for create in (False, True):
        again = WhooshEngine(tmp_path, create=create)
        assert again.generation == first.generation
        assert found(again, "wheat") == {"a"}


def test_a_second_writer_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, create=True)
    first = engine.writer()
    with pytest.raises(LockedError) as raised:
        WhooshEngine(tmp_path).writer()
    assert raised.value.exit_code == 4
    assert raised.value.hint
    first.cancel()
    WhooshEngine(tmp_path).writer().cancel()


@pytest.mark.parametrize("kind", ["missing", "empty", "file", "stranger"])
def test_a_folder_without_an_index_says_so(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "index"
    if kind == "file":
        folder.write_text("no folder")
    elif kind != "missing":
        folder.mkdir()
    if kind == "stranger":
        (folder / "notes.txt").write_text("mine")
    with pytest.raises(IndexUnusableError) as raised:
        WhooshEngine(folder)
    assert str(folder) in str(raised.value)
    assert raised.value.hint


def test_files_that_cannot_be_read_are_told_with_the_reason(tmp_path: Path) -> None:
    fill(WhooshEngine(tmp_path, create=True), article("a", "Grain", "Wheat."))
    for file in list(tmp_path.iterdir()):
        file.unlink()
        file.mkdir()
    with pytest.raises(IndexUnusableError, match="Is a directory") as raised:
        WhooshEngine(tmp_path)
    assert raised.value.hint
