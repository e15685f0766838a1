"""Where several parts are damaged, or a repair ends halfway: nothing goes that can be had, and what goes is named."""

import errno
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ingest_support import Quiet, Workshop, fingerprint, record, records, segments, table

from newsearch import private
from newsearch.engines.whoosh import salvage
from newsearch.errors import IndexUnusableError
from newsearch.extract import Settings
from newsearch.ingest.ledger import Ledger
from newsearch.ingest.repair import Repaired, conclude, repair

LONG = "What was said there is long, and no two are alike. " * 40


def mend(workshop: Workshop, **settings: Any) -> Repaired:
    """Repair, and tell what was done."""
    done = repair(workshop.folder, Settings(**settings), Quiet())
    conclude(workshop.folder)
    return done


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def interrupted(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    """Two segments."""
    workshop.write("a.jsonl", [record(number, f"Number {number}. {LONG}") for number in range(9)])
    workshop.index()
    workshop.write("b.jsonl", records(10, 11))
    workshop.index()
    assert len(segments(workshop)) == 2
    return workshop


LOST: dict[str, Callable[[Workshop], list[Path]]] = {
    "table": lambda workshop: [table(workshop)],
    "segment": lambda workshop: segments(workshop)[1:],
    "nothing else": lambda _: [],
}


@pytest.mark.parametrize("step", ["_mend_engine", "_keep_aside"])
@pytest.mark.parametrize("also", LOST)
def test_what_a_lost_ledger_knew_is_not_thrown_out_by_the_second_repair(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch, also: str, step: str
) -> None:
    before = indexed.ids()
    for file in LOST[also](indexed):
        cut(file)
    cut(indexed.folder / "ledger.sqlite")
    shutil.rmtree(indexed.sources)
    with monkeypatch.context() as patch:
        patch.setattr(f"newsearch.ingest.repair._Parts.{step}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            mend(indexed)
    assert mend(indexed).unknown
    assert indexed.ids() == before
    assert not indexed.faults()


@pytest.mark.parametrize("step", ["tidy", "keep_aside", "_commit"])
@pytest.mark.parametrize("kept", [True, False], ids=["its source there", "its source gone"])
def test_the_second_repair_knows_what_the_first_one_missed(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch, step: str, *, kept: bool
) -> None:
    before = indexed.editions()
    (damaged,) = segments(indexed)[1:]
    damaged.write_bytes(b"\0" * 5_000)
    if not kept:
        (indexed.sources / "b.jsonl").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(salvage, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            mend(indexed)
    done = mend(indexed)
    assert done.damaged == [damaged.name]
    assert (done.reread, [one.id for one in done.lost]) == ((1, []) if kept else (0, ["10", "11"]))
    assert indexed.editions() == [one for one in before if kept or one.article.id not in ("10", "11")]
    indexed.write("c.jsonl", records(20))
    indexed.index(keep_missing=True)
    assert done.aside
    assert (done.aside / damaged.name).read_bytes() == b"\0" * 5_000


def test_what_was_committed_before_a_run_was_cut_off_outlives_a_damaged_table(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed.write("c.jsonl", records(20, 21))
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            indexed.index()
    before = indexed.ids()
    assert {"20", "21"} <= before
    (indexed.sources / "c.jsonl").unlink()
    cut(table(indexed))
    done = mend(indexed)
    assert any("other sources" in one for one in done.unknown)
    assert indexed.ids() == before
    assert not indexed.faults()


def test_sources_are_not_read_again_with_other_settings_than_before(workshop: Workshop) -> None:
    lines = [record(number, LONG).replace('"body"', '"story"') for number in range(9)]
    workshop.write("a.jsonl", lines)
    mapped = Settings(fields={"story": "body"})
    workshop.index(settings=mapped)
    workshop.write("a.jsonl", [*lines, record(10).replace('"body"', '"story"')])
    workshop.index(settings=mapped)
    before = workshop.editions()
    assert len(before) == 10
    segments(workshop)[1].unlink()
    done = mend(workshop)
    assert done.left_alone == ["sources/a.jsonl"]
    assert [one.id for one in done.lost] == ["10"]
    assert workshop.editions() == [one for one in before if one.article.id != "10"]
    workshop.index(settings=mapped)
    assert workshop.editions() == before


def test_sources_are_read_again_with_the_settings_from_before(workshop: Workshop) -> None:
    lines = [record(number, LONG).replace('"body"', '"story"') for number in range(9)]
    workshop.write("a.jsonl", lines)
    workshop.index(settings=Settings(fields={"story": "body"}))
    before = workshop.editions()
    segments(workshop)[0].unlink()
    done = mend(workshop, fields={"story": "body"})
    assert (done.reread, done.lost, done.left_alone) == (1, [], [])
    assert workshop.editions() == before


def test_rescued_articles_of_different_sources_keep_different_ids(workshop: Workshop) -> None:
    for source in ("Alpha", "Beta"):
        workshop.write(
            f"{source}.jsonl", [record(number, f"{source} {number}. {LONG}", source=source) for number in (1, 2, 3)]
        )
    workshop.index()
    workshop.write("Gamma.jsonl", [record(1, "Gamma 1.", source="Gamma")])
    workshop.index()
    before = sorted(workshop.bodies().values())
    assert len(before) == 7
    cut(segments(workshop)[0])
    (workshop.folder / "ledger.sqlite").unlink()
    shutil.rmtree(workshop.sources)
    done = mend(workshop)
    assert done.rescued == 6
    assert sorted(workshop.bodies().values()) == before
    assert not workshop.faults()


def test_an_earlier_edition_that_alone_is_left_is_searched(workshop: Workshop) -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(60_000)]
    texts = [f"{tag} {' '.join(draw.choices(words, k=60_000))}" for tag in ("First.", "Second.")]
    workshop.write("a.jsonl", [record(1, texts[0])])
    workshop.index()
    workshop.write("b.jsonl", [record(1, texts[1], updated="2025-06-01T08:00:00Z")])
    workshop.index()
    (file,) = segments(workshop)
    data = bytearray(file.read_bytes())
    first, second, *_ = (match.start() for match in re.finditer(rb"\x28\xb5\x2f\xfd", data))
    assert second - first > 100_000  # each edition is a block of its own
    data[second + 1_000] ^= 1
    file.write_bytes(data)
    (workshop.sources / "b.jsonl").unlink()
    done = mend(workshop)
    assert [str(one.origin) for one in done.lost] == ["sources/b.jsonl:1"]
    assert workshop.bodies() == {"1": texts[0]}
    assert not workshop.faults()


def test_where_there_are_no_hard_links_damaged_files_are_copied(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> NoReturn:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(self), None, str(target))

    monkeypatch.setattr(Path, "hardlink_to", refused)
    before = indexed.editions()
    damaged = segments(indexed)[0]
    cut(damaged)
    content = damaged.read_bytes()
    done = mend(indexed)
    assert indexed.editions() == before
    assert done.aside
    assert (done.aside / damaged.name).read_bytes() == content
    assert (done.aside / damaged.name).stat().st_mode & 0o777 == 0o600


def test_what_was_removed_is_known_of_a_ledger_that_lost_its_end(indexed: Workshop) -> None:
    indexed.remove("3")
    cut(indexed.folder / "ledger.sqlite")
    mend(indexed)
    indexed.index()
    assert "3" not in indexed.ids()
    assert not indexed.faults()


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
def test_a_table_that_the_disk_cannot_read_is_damaged_and_one_that_is_not_ours_to_read_is_not(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before, own, read = indexed.editions(), table(indexed), private.read

    def failing(path: Path, most: int) -> bytes:
        if path == own:
            raise OSError(code, os.strerror(code))
        return read(path, most)

    monkeypatch.setattr(private, "read", failing)
    if code == errno.EIO:
        assert mend(indexed).damaged == [own.name]
        assert indexed.editions() == before
    else:
        there = fingerprint(indexed.folder)
        with pytest.raises(IndexUnusableError, match="Permission denied"):
            mend(indexed)
        assert {name for name, state in fingerprint(indexed.folder).items() if there.get(name) != state} <= {
            "writer.lock"
        }


def test_repairs_that_fail_leave_nothing_behind(indexed: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cut(segments(indexed)[0])
    there = {file.name for file in (indexed.folder / "index").iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(salvage, "_commit", full)
        for _ in range(2):
            with pytest.raises(IndexUnusableError, match="No space left"):
                mend(indexed)
            assert {file.name for file in (indexed.folder / "index").iterdir()} == there
    assert mend(indexed).rescued == 9
