"""`verify --laws`: whether the answers of an index agree with each other."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cli_support import Outcome, run_process

from newsearch.engines.laws import LAWS
from newsearch.engines.trial import Trial

Cli = Callable[..., Outcome]


@pytest.fixture
def broken_law(monkeypatch: pytest.MonkeyPatch) -> str:
    """A law that no answer keeps."""

    def never(trial: Trial) -> Iterator[str]:
        yield f"{trial.word()} finds 1, and should not"

    monkeypatch.setitem(LAWS, "nothing is found", never)
    return "nothing is found"


@pytest.mark.usefixtures("archive")
def test_the_laws_hold_on_the_sample_and_their_number_is_said(cli: Cli) -> None:
    found = cli("verify", "--laws")
    assert (found.code, found.out) == (0, "")
    assert f"{len(LAWS)} search laws tried with " in found.err
    assert found.err.endswith("all is well\n")


@pytest.mark.usefixtures("archive")
def test_json_has_the_number_of_queries_when_laws_are_tried(cli: Cli) -> None:
    report = cli("verify", "--laws", "--format", "json").json
    assert report["faults"] == []
    assert report["laws"] == len(LAWS)
    assert report["queries"] > 10 * len(LAWS)
    assert "laws" not in cli("verify", "--format", "json").json


@pytest.mark.usefixtures("archive")
def test_the_same_index_is_asked_the_same_each_time(cli: Cli) -> None:
    assert cli("verify", "--laws") == cli("verify", "--laws")


@pytest.mark.usefixtures("archive")
def test_a_broken_law_is_a_fault(cli: Cli, broken_law: str) -> None:
    found = cli("verify", "--laws")
    assert found.code == 3
    assert found.out.startswith(f"law '{broken_law}': ")
    assert "broken" in found.err
    assert "newsearch verify --deep" in found.err
    assert "all is well" not in found.err
    report = cli("verify", "--laws", "--format", "json")
    assert report.code == 3
    assert report.json["faults"] == found.out.splitlines()
    assert cli("verify", "--deep").code == 0


def test_no_law_is_tried_on_a_damaged_index(cli: Cli, own_archive: Path, broken_law: str) -> None:
    from newsearch.ingest.database import connect

    with closing(connect(own_archive / ".newsearch/ledger.sqlite", read_only=False)) as database:
        database.execute("DELETE FROM captures WHERE id = 'm-3301'")
    found = cli("verify", "--laws")
    assert found.code == 3
    assert "m-3301" in found.out
    assert broken_law not in found.out
    assert "not tried" in found.err


@pytest.mark.parametrize("records", ["", '{"id": "a", "body": ""}\n', '{"id": "a", "title": "Word"}\n'])
def test_the_laws_hold_where_there_is_hardly_anything(cli: Cli, empty_folder: Path, records: str) -> None:
    (empty_folder / "sources/a.jsonl").write_text(records)
    cli("index", "sources")
    assert cli("verify", "--laws").code == 0


@pytest.mark.usefixtures("archive")
def test_quiet_says_nothing_of_laws(cli: Cli) -> None:
    found = cli("verify", "--laws", "--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")


def test_laws_and_deep_go_together_in_a_process_of_their_own(archive: Path) -> None:
    found = run_process("verify", "--laws", "--deep", cwd=archive)
    assert (found.code, found.out) == (0, "")
    assert "search laws" in found.err
