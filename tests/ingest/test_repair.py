"""A damaged index is made usable again from what is undamaged of it and from its sources, and what is lost is named."""

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from errno import EACCES
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_support import Quiet, Workshop, fingerprint, record, records, segments, table
from test_interruptions import EXAMPLES, MOMENTS, at_calls

from newsearch.errors import DamagedIndexError, IndexUnusableError, LockedError
from newsearch.extract import Settings
from newsearch.ingest import archive, saved
from newsearch.ingest.ledger import Ledger
from newsearch.ingest.lock import writer_lock
from newsearch.ingest.repair import Repaired, conclude, examine, repair
from newsearch.model import Edition

LONG = "What was said there is long, and no two are alike. " * 40


def mend(workshop: Workshop) -> Repaired:
    """Repair, and tell what was done."""
    done = repair(workshop.folder, Settings(), Quiet())
    conclude(workshop.folder)
    return done


def flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    """Two segments; an article of two editions, one that was removed for good, a skipped record and a saved query."""
    lines = [record(number, f"Number {number}. {LONG}") for number in range(9)]
    workshop.write("a.jsonl", [*lines, "{broken"])
    workshop.index()
    workshop.write("b.jsonl", [record(3, "Another text.", updated="2025-06-01T08:00:00Z"), *records(10, 11)])
    workshop.index()
    workshop.remove("5")
    saved.write(workshop.folder, {"grain": "grain OR wheat"})
    assert len(segments(workshop)) == 2
    assert not workshop.faults()
    return workshop


def test_a_repair_follows_no_link_out_of_what_was_indexed(indexed: Workshop) -> None:
    """A source of which something is missing has come to lead elsewhere; what it showed is lost, and that is said."""
    secret = indexed.base / "letter.jsonl"
    secret.write_text(record("letter", "The secret."))
    (indexed.sources / "b.jsonl").unlink()
    (indexed.sources / "b.jsonl").symlink_to(secret)
    for file in segments(indexed):
        file.unlink()
    done = mend(indexed)
    assert {one.id for one in done.lost} == {"3", "10", "11"}
    assert "letter" not in indexed.ids()
    assert not indexed.faults()


def test_a_repair_reads_what_was_indexed_through_links(workshop: Workshop) -> None:
    """A root that is a link, a link that was named itself, and one from one root into another."""
    for name in ("real/a", "other/b", "other/c"):
        (workshop.base / name).parent.mkdir(exist_ok=True)
        (workshop.base / f"{name}.jsonl").write_text(record(name))
    workshop.sources.rmdir()
    workshop.sources.symlink_to(workshop.base / "real")
    (workshop.base / "real/0.jsonl").symlink_to(workshop.base / "other/c.jsonl")
    (workshop.base / "one.jsonl").symlink_to(workshop.base / "other/b.jsonl")
    workshop.index("one.jsonl")
    workshop.index("sources", "other")
    assert workshop.ids() == {"real/a", "other/b", "other/c"}
    for file in segments(workshop):
        file.unlink()
    assert mend(workshop).lost == []
    assert workshop.ids() == {"real/a", "other/b", "other/c"}


@pytest.mark.parametrize(
    "known",
    [(), ("more",), ("no\\x00path", "gone")],
    ids=["none", "of a later run", "nowhere"],
)
def test_a_repair_reads_what_earlier_versions_took_in(workshop: Workshop, known: tuple[str, ...]) -> None:
    """These did not note what they were told to take in."""
    workshop.write("a.jsonl", records(1))
    workshop.write("deep/b.jsonl", records(2))
    workshop.index()
    workshop.write("../more/c.jsonl", records(3))
    workshop.index("more")
    with closing(Ledger(workshop.folder / "ledger.sqlite")) as ledger:
        facts = [row for row in ledger.rows("facts") if row[0] != "roots"]
        ledger.clear("facts")
        ledger.set_rows("facts", facts)
        ledger.add_roots(known)
    for file in segments(workshop):
        file.unlink()
    assert mend(workshop).lost == []
    assert workshop.ids() == {"1", "2", "3"}


def test_a_reader_that_begins_as_a_repair_begins_does_not_take_it_for_whole(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments(indexed)[0].unlink()
    check = archive.check_stamp

    def looked(folder: Path, **options: bool) -> None:
        check(folder, **options)
        if not options:
            monkeypatch.undo()
            repair(folder, Settings(), Quiet())

    monkeypatch.setattr(archive, "check_stamp", looked)
    with pytest.raises(DamagedIndexError, match="repair"):
        indexed.ids()
    conclude(indexed.folder)
    assert indexed.ids()


def test_a_whole_index_is_left_as_it_is(indexed: Workshop) -> None:
    before = {name: state for name, state in fingerprint(indexed.folder).items() if "lock" not in name}
    assert mend(indexed) == Repaired()
    after = {name: state for name, state in fingerprint(indexed.folder).items() if "lock" not in name}
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= {"ledger.sqlite"}


def test_articles_come_from_what_can_be_read_of_a_damaged_file_when_their_sources_are_gone(indexed: Workshop) -> None:
    before = indexed.editions()
    damaged = segments(indexed)[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])
    shutil.rmtree(indexed.sources)
    done = mend(indexed)
    assert (done.damaged, done.rescued, done.reread, done.lost) == ([damaged.name], 7, 0, [])
    assert indexed.editions() == before
    assert not indexed.faults()


def test_an_article_that_can_be_read_nowhere_is_named_with_its_place(indexed: Workshop) -> None:
    segments(indexed)[1].unlink()
    (indexed.sources / "b.jsonl").unlink()
    done = mend(indexed)
    assert [(one.id, str(one.origin)) for one in done.lost] == [
        ("3", "sources/b.jsonl:1"),
        ("10", "sources/b.jsonl:2"),
        ("11", "sources/b.jsonl:3"),
    ]
    assert indexed.ids() == {"0", "1", "2", "3", "4", "6", "7", "8"}
    assert indexed.articles()["3"].body.startswith("Number 3.")
    assert not indexed.faults()


def test_what_is_damaged_is_read_again_from_its_sources_and_kept_beside(indexed: Workshop) -> None:
    before = indexed.editions()
    damaged = segments(indexed)[0]
    damaged.write_bytes(b"\0" * 5_000)
    done = mend(indexed)
    assert (done.damaged, done.rescued, done.reread, done.lost) == ([damaged.name], 0, 1, [])
    assert indexed.editions() == before
    assert done.aside is not None
    assert (done.aside / damaged.name).read_bytes() == b"\0" * 5_000
    assert done.aside.stat().st_mode & 0o777 == 0o700
    assert indexed.index().nothing_changed


@pytest.mark.parametrize("lost", ["table", "ledger", "both"])
def test_without_a_table_of_contents_or_a_ledger_nothing_is_there_twice(indexed: Workshop, lost: str) -> None:
    before = indexed.editions()
    if lost != "ledger":
        table(indexed).unlink()
    if lost != "table":
        (indexed.folder / "ledger.sqlite").unlink()
    done = mend(indexed)
    assert not done.lost
    assert not indexed.faults()
    known = [edition for edition in indexed.editions() if edition.article.id != "5"]
    assert known == before
    if lost == "table":
        assert "5" not in indexed.ids()
    else:
        removed, *sources = done.unknown
        assert "removed for good" in removed
        assert ["other sources" in one for one in sources] == [True] * (lost == "both")


def test_what_was_removed_stays_so_when_another_part_of_the_ledger_is_damaged(indexed: Workshop) -> None:
    file = indexed.folder / "ledger.sqlite"
    flip(file, file.read_bytes().index(b"id\nwire\n0"))
    with pytest.raises(IndexUnusableError, match=r"ledger\.sqlite is damaged"):
        indexed.captures("0")
    done = mend(indexed)
    assert done.damaged == ["ledger.sqlite"]
    assert "5" not in indexed.ids()
    assert indexed.captures("3")[0].origin.path == "sources/a.jsonl"
    assert [one.reason for one in indexed.skipped()]
    assert not indexed.faults()


def test_saved_queries_that_are_whole_are_kept(indexed: Workshop) -> None:
    file = indexed.folder / "saved.json"
    saved.write(indexed.folder, {"grain": "grain OR wheat", "rye": "rye"})
    flip(file, file.read_bytes().index(b"wheat"))
    done = mend(indexed)
    assert done.damaged == ["saved.json"]
    assert saved.load(indexed.folder) == {"rye": "rye"}
    assert "saved queries that were kept: 1;" in done.unknown[0]


def test_a_stamp_is_written_again(indexed: Workshop) -> None:
    flip(indexed.folder / "newsearch.json", 12)
    with pytest.raises(IndexUnusableError, match=r"newsearch\.json is damaged"):
        indexed.ids()
    assert mend(indexed).damaged == ["newsearch.json"]
    assert not indexed.faults()


def test_files_that_took_each_others_places_are_told_apart(indexed: Workshop) -> None:
    before = indexed.editions()
    one, other = segments(indexed)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    with pytest.raises(IndexUnusableError, match="another file"):
        indexed.ids()
    shutil.rmtree(indexed.sources)
    assert not mend(indexed).lost
    assert indexed.editions() == before


def test_a_folder_without_an_index_is_not_made_one(workshop: Workshop) -> None:
    workshop.folder.mkdir()
    with pytest.raises(IndexUnusableError, match="holds no index"):
        mend(workshop)
    assert not list(workshop.folder.iterdir())


def test_a_ledger_that_only_cannot_be_read_is_left_where_it_is(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(file: Path) -> None:
        raise PermissionError(EACCES, "Permission denied", str(file))

    before = fingerprint(indexed.folder)
    with monkeypatch.context() as patch:
        patch.setattr("newsearch.ingest.database._check_size", refused)
        with pytest.raises(IndexUnusableError, match="cannot be used"):
            mend(indexed)
    after = fingerprint(indexed.folder)
    assert {name for name in after if before.get(name) != after[name]} <= {"writer.lock"}
    assert mend(indexed) == Repaired()


def test_while_another_process_writes_nothing_is_repaired(indexed: Workshop) -> None:
    with writer_lock(indexed.folder, 0), pytest.raises(LockedError):
        mend(indexed)


def remove_behind_the_ledger(workshop: Workshop) -> list[Edition]:
    """Remove an article, put the ledger back that does not know of it, and return what the index holds."""
    file = workshop.folder / "ledger.sqlite"
    earlier = file.read_bytes()
    workshop.remove("1")
    left = workshop.editions()
    file.write_bytes(earlier)
    return left


def test_a_ledger_of_an_earlier_time_lets_nothing_back_in_unsaid(indexed: Workshop) -> None:
    before = remove_behind_the_ledger(indexed)
    for ask in (indexed.index, indexed.skipped, lambda: indexed.remove("2")):
        with pytest.raises(IndexUnusableError, match=r"ledger\.sqlite is of an earlier time"):
            ask()
    assert any("earlier time" in fault for fault in indexed.faults())
    done = mend(indexed)
    assert done.damaged == ["ledger.sqlite"]
    assert "removed for good" in done.unknown[0]
    assert [edition for edition in indexed.editions() if edition.article.id != "1"] == before
    assert not indexed.faults()


def test_that_the_table_of_contents_is_gone_too_hides_no_ledger_of_an_earlier_time(indexed: Workshop) -> None:
    before = remove_behind_the_ledger(indexed)
    contents = table(indexed)
    contents.unlink()
    done = mend(indexed)
    assert {"ledger.sqlite", contents.name} <= set(done.damaged)
    assert any("removed for good" in one for one in done.unknown)
    assert [edition for edition in indexed.editions() if edition.article.id != "1"] == before
    assert not indexed.faults()


def test_an_index_of_an_earlier_time_is_brought_up_to_its_ledger(indexed: Workshop) -> None:
    shutil.copytree(indexed.folder / "index", indexed.base / "earlier")
    indexed.write("c.jsonl", records(20))
    indexed.index()
    before = indexed.editions()
    shutil.rmtree(indexed.folder / "index")
    (indexed.base / "earlier").rename(indexed.folder / "index")
    with pytest.raises(IndexUnusableError, match="of an earlier time than its ledger"):
        indexed.index()
    assert any("which is later" in fault for fault in indexed.faults())
    done = mend(indexed)
    assert (done.damaged, done.reread, done.lost) == (["index"], 1, [])
    assert indexed.editions() == before
    assert not indexed.faults()


def test_what_would_be_done_is_told_and_nothing_is_written(indexed: Workshop) -> None:
    assert examine(indexed.folder, Settings()) == Repaired()
    damaged = segments(indexed)
    damaged[0].write_bytes(damaged[0].read_bytes()[:-1])
    damaged[1].unlink()
    flip(indexed.folder / "saved.json", 60)
    (indexed.sources / "b.jsonl").unlink()
    before = fingerprint(indexed.base)
    would = examine(indexed.folder, Settings())
    assert fingerprint(indexed.base) == before
    done = mend(indexed)
    assert replace(done, aside=None) == would
    assert would.rescued
    assert {one.id for one in would.lost} == {"3", "10", "11"}


def test_until_its_end_has_been_told_a_repair_is_not_over(indexed: Workshop) -> None:
    segments(indexed)[1].unlink()
    shutil.rmtree(indexed.sources)
    done = repair(indexed.folder, Settings(), Quiet())
    with pytest.raises(IndexUnusableError, match="repair was cut off"):
        indexed.ids()
    again = mend(indexed)
    assert done.lost
    assert (again.damaged, again.lost) == (done.damaged, done.lost)
    assert not indexed.faults()
    assert mend(indexed) == Repaired()


@EXAMPLES
@given(moment=st.integers(0, MOMENTS - 1), part=st.sampled_from(["segment", "table", "ledger", "source"]))
def test_a_repair_that_is_cut_off_can_be_run_again(
    new_workshop: Callable[..., Workshop], broken: dict[str, tuple[Workshop, int]], moment: int, part: str
) -> None:
    damaged, calls = broken[part]
    workshop = new_workshop(damaged)
    left = calls * moment // MOMENTS
    told: list[str] = []

    def interrupt() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt), at_calls(interrupt):
        told += lost(mend(workshop))
    again = new_workshop(workshop)
    told += lost(mend(again))
    gone = {"10", "11"} if part == "source" else set()
    assert set(told) == gone
    assert not again.faults()
    assert again.ids() >= {*map(str, range(9)), "10", "11"} - {"5"} - gone


def lost(done: Repaired) -> list[str]:
    return [one.id for one in done.lost]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Workshop, int]]:
    """Damaged indexes, each with how many calls of functions it takes to repair it."""
    whole = Workshop(tmp_path_factory.mktemp("whole"))
    whole.write("a.jsonl", [record(number, f"Number {number}. {LONG}") for number in range(9)])
    whole.index()
    whole.write("b.jsonl", records(10, 11))
    whole.index()
    whole.remove("5")
    found: dict[str, tuple[Workshop, int]] = {}
    for part in ("segment", "table", "ledger", "source"):
        damaged = Workshop(tmp_path_factory.mktemp(part))
        shutil.copytree(whole.base, damaged.base, dirs_exist_ok=True)
        if part == "source":
            segments(damaged)[1].unlink()
            (damaged.sources / "b.jsonl").unlink()
        else:
            files = {
                "segment": segments(damaged)[0],
                "table": table(damaged),
                "ledger": damaged.folder / "ledger.sqlite",
            }
            flip(files[part], files[part].stat().st_size // 2)
        scratch = Workshop(tmp_path_factory.mktemp("counted"))
        shutil.copytree(damaged.base, scratch.base, dirs_exist_ok=True)
        count = 0

        def counted() -> None:
            nonlocal count
            count += 1

        with at_calls(counted):
            mend(scratch)
        found[part] = damaged, count
    return found


def test_what_a_repair_left_of_its_findings_when_it_was_killed_goes(indexed: Workshop) -> None:
    (indexed.folder / "repair.json.new").write_text("{")
    mend(indexed)
    assert not list(indexed.folder.glob("repair.json*"))


@pytest.mark.parametrize("other", ["table", "segments", "none"])
def test_a_dry_run_tells_how_many_sources_are_read_again_when_the_ledger_is_gone_too(
    indexed: Workshop, other: str
) -> None:
    (indexed.folder / "ledger.sqlite").unlink()
    for file in {"table": [table(indexed)], "segments": segments(indexed), "none": []}[other]:
        flip(file, file.stat().st_size // 2)
    expected = examine(indexed.folder, Settings())
    done = mend(indexed)
    assert (expected.reread, expected.rescued) == (done.reread, done.rescued)
    assert done.reread


def test_where_ledger_and_segment_are_gone_it_is_told_that_sources_may_be_unknown(indexed: Workshop) -> None:
    (indexed.folder / "ledger.sqlite").unlink()
    for file in segments(indexed):
        file.unlink()
    done = mend(indexed)
    assert any("run newsearch index on all of them again" in one for one in done.unknown)
    indexed.index()
    assert {"0", "3", "10", "11"} <= indexed.ids()
    assert not indexed.faults()
