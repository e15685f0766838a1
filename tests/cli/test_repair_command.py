"""`newsearch repair`: what it says and how it ends."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome

from newsearch.ingest.lock import writer_lock

Cli = Callable[..., Outcome]


def largest_segment(base: Path) -> Path:
    return max((base / ".newsearch/index").glob("*.news"), key=lambda file: file.stat().st_size)


@pytest.mark.usefixtures("own_archive")
def test_a_whole_index_needs_no_repair(cli: Cli) -> None:
    found = cli("repair")
    assert (found.code, found.out, found.err) == (0, "", "nothing is damaged\n")


def test_a_damaged_index_says_how_to_mend_it_and_then_answers_again(cli: Cli, own_archive: Path) -> None:
    answer = cli("query", "nvidia", "--format", "ids")
    damaged = largest_segment(own_archive)
    damaged.write_bytes(damaged.read_bytes()[:1000])
    refused = cli("query", "nvidia")
    assert refused.code == 3
    assert damaged.name in refused.complaint
    assert refused.err.endswith("  mend it: newsearch repair\n")
    repaired = cli("repair")
    assert (repaired.code, repaired.out) == (0, "")
    assert f"damaged: {damaged.name}\n" in repaired.err
    assert "25 sources read again" in repaired.err
    assert cli("query", "nvidia", "--format", "ids") == answer
    assert cli("verify", "--deep").code == 0


def test_what_is_lost_is_listed_and_the_exit_code_says_so(cli: Cli, own_archive: Path) -> None:
    damaged = largest_segment(own_archive)
    damaged.unlink()
    shutil.rmtree(own_archive / "corpus")
    found = cli("repair")
    assert found.code == 3
    assert "lost: m-3301, read from corpus/metro.jsonl.gz:1\n" in found.out
    assert "captures lost, which no file" in found.err
    assert cli("query", "nvidia").code == 1


def test_json_has_everything_that_was_found(cli: Cli, own_archive: Path) -> None:
    damaged = largest_segment(own_archive)
    damaged.write_bytes(b"")
    (own_archive / "corpus/wire.jsonl").unlink()
    found = cli("repair", "--format", "json")
    assert found.code == 3
    report = found.json
    assert report["damaged"] == [damaged.name]
    assert Path(report["aside"], damaged.name).is_file()
    assert report["sources_read_again"] == 24
    assert report["unknown"] == []
    assert {one["origin"].partition(":")[0] for one in report["lost"]} == {"corpus/wire.jsonl"}


def test_a_dry_run_says_what_would_be_done_and_leaves_the_damage(cli: Cli, own_archive: Path) -> None:
    damaged = largest_segment(own_archive)
    damaged.write_bytes(b"")
    (own_archive / "corpus/wire.jsonl").unlink()
    told = cli("repair", "--dry-run")
    assert told.code == 3
    assert "0 editions would be taken from damaged files, 24 sources would be read again\n" in told.err
    assert "captures would be lost" in told.err
    assert "can be used again" not in told.err
    assert not list(own_archive.glob(".newsearch/damaged-*"))
    assert cli("query", "nvidia").code == 3
    assert cli("repair").out == told.out


def test_where_it_is_not_known_whether_anything_is_lost_the_exit_code_says_so(cli: Cli, own_archive: Path) -> None:
    (own_archive / ".newsearch/ledger.sqlite").unlink()
    found = cli("repair")
    assert (found.code, found.out) == (3, "")
    assert "removed for good is not known" in found.err
    assert cli("verify", "--deep").code == 0


def test_sources_are_read_as_they_were(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "a.log").write_text('{"id": "p1", "title": "Plain", "body": "A plain record."}\n')
    cli("index", "a.log", "--as", "text")
    before = cli("query", "plain record", "--format", "ids")
    assert before.code == 0
    largest_segment(empty_folder).unlink()
    assert cli("repair", "--as", "nonsense").code == 2
    assert cli("repair", "--as", "text").code == 0
    assert cli("query", "plain record", "--format", "ids") == before


def test_a_writer_is_waited_for_or_named(cli: Cli, own_archive: Path) -> None:
    with writer_lock(own_archive / ".newsearch", 0):
        found = cli("repair")
    assert found.code == 4
    assert "--wait" in found.err


def test_where_there_is_no_index_there_is_nothing_to_repair(cli: Cli, empty_folder: Path) -> None:
    found = cli("repair")
    assert found.code == 3
    assert "there is no index" in found.complaint
    assert not (empty_folder / ".newsearch").exists()
