"""`newsearch index`: what it takes, where the index is, and what it says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome, run_process

Cli = Callable[..., Outcome]


def line(own_id: object, **fields: object) -> str:
    return json.dumps({"id": str(own_id), "title": f"Ship {own_id}", **fields}) + "\n"


def ids(cli: Cli, *options: str) -> set[str]:
    return set(cli("query", "ship", "--format", "ids", "--limit", "all", *options).out.split())


@pytest.fixture
def sources(empty_folder: Path) -> Path:
    folder = empty_folder / "sources"
    (folder / "a.jsonl").write_text(line(1) + line(2))
    (folder / "b.jsonl").write_text(line(3))
    return folder


def test_without_paths_it_takes_the_corpus(cli: Cli, empty_folder: Path, sources: Path) -> None:
    shutil.move(sources, empty_folder / "corpus")
    found = cli("index")
    assert found.code == 0
    assert ids(cli) == {"1", "2", "3"}


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("sources",), {"1", "2", "3"}),
        (("sources/a.jsonl",), {"1", "2"}),
        (("sources/b*",), {"3"}),
        (("sources/a.jsonl", "sources/b.jsonl"), {"1", "2", "3"}),
        (("**/b.jsonl",), {"3"}),
        (("./sources/../sources/b.jsonl",), {"3"}),
        (("sources", "--exclude", "b.*"), {"1", "2"}),
    ],
    ids=["folder", "file", "glob", "two files", "deep glob", "roundabout", "exclude"],
)
def test_it_takes_files_folders_and_globs(cli: Cli, paths: tuple[str, ...], expected: set[str]) -> None:
    assert cli("index", *paths).code == 0
    assert ids(cli) == expected


@pytest.mark.usefixtures("empty_folder")
def test_it_takes_standard_input(cli: Cli) -> None:
    assert cli("index", "-", stdin=line(7).encode()).code == 0
    assert ids(cli) == {"7"}
    again = cli("index", "-", stdin=line(7).encode())
    assert "nothing changed" in again.err


@pytest.mark.usefixtures("empty_folder")
def test_empty_standard_input_is_no_error(cli: Cli) -> None:
    assert cli("index", "-").code == 0
    assert cli("index", "-").code == 0


@pytest.mark.usefixtures("sources")
def test_it_says_what_it_did_and_where_the_index_is(cli: Cli, empty_folder: Path) -> None:
    first = cli("index", "sources")
    assert "3 articles added, 0 changed, 0 taken out, 0 unchanged; 2 files read" in first.err
    assert f"index: {empty_folder / '.newsearch'}\n" in first.err
    second = cli("index", "sources")
    assert "nothing changed: 3 captures as before; 0 files read, 2 unchanged, 0 gone" in second.err


def test_it_uses_the_nearest_index_above_else_makes_one_here(
    cli: Cli, sources: Path, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("index", "sources/a.jsonl")
    monkeypatch.chdir(sources)
    assert f"index: {empty_folder / '.newsearch'}\n" in cli("index", "b.jsonl").err
    assert not (sources / ".newsearch").exists()
    assert ids(cli) == {"1", "2", "3"}


@pytest.mark.usefixtures("sources")
def test_a_named_index_is_used_by_flag_or_environment(
    cli: Cli, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("index", "sources", "--index", "deep/er").code == 0
    assert ids(cli, "--index", "deep/er") == {"1", "2", "3"}
    assert not (empty_folder / ".newsearch").exists()
    monkeypatch.setenv("NEWSEARCH_INDEX", "deep/er")
    assert ids(cli) == {"1", "2", "3"}
    assert cli("query", "ship", "--index", "other").code == 3


@pytest.mark.usefixtures("sources")
def test_a_field_map_and_names_it_does_not_know(cli: Cli) -> None:
    Path("sources/c.jsonl").write_text('{"key": 9, "headline": "Ship nine", "mood": "glad"}\n')
    found = cli("index", "sources/c.jsonl", "--map", "title=headline", "--map", "id=key")
    assert found.code == 0
    assert "not a field here: mood (1 record)" in found.err
    assert ids(cli) == {"9"}


@pytest.mark.usefixtures("sources")
def test_an_assumed_zone_is_that_of_times_without_one(cli: Cli) -> None:
    Path("sources/c.jsonl").write_text(line(9, published="2025-03-22T08:00:00"))
    cli("index", "sources", "--assume-tz", "Asia/Tokyo")
    (hit,) = cli("query", "nine OR 9", "--format", "json").json["hits"]
    assert hit["published"] == "2025-03-22T08:00:00+09:00"
    cli("index", "sources")
    assert "tz-assumed" in cli("show", "9", "--times").out


def test_a_missing_root_removes_nothing(cli: Cli, sources: Path) -> None:
    cli("index", "sources")
    shutil.rmtree(sources)
    found = cli("index", "sources")
    assert found.code == 2
    assert "nothing was removed" in found.err
    assert ids(cli) == {"1", "2", "3"}


def test_keep_missing_keeps_articles_whose_files_are_gone(cli: Cli, sources: Path) -> None:
    cli("index", "sources")
    (sources / "b.jsonl").unlink()
    assert cli("index", "sources", "--keep-missing").code == 0
    assert ids(cli) == {"1", "2", "3"}
    assert "1 taken out" in cli("index", "sources").err
    assert ids(cli) == {"1", "2"}


def test_many_troubles_are_cut_short_with_the_way_to_see_them_all(cli: Cli, sources: Path) -> None:
    (sources / "c.jsonl").write_text("{\n" * 50)
    found = cli("index", "sources")
    assert found.code == 5
    assert found.err.count("broken-json") == 20
    assert "and 30 more: newsearch status --skipped" in found.err
    assert cli("status", "--skipped").out.count("broken-json") == 50


def test_a_page_and_its_later_version_from_nothing_to_answer(empty_folder: Path) -> None:
    """The whole way in processes of their own, as a user goes it."""
    page = (
        "Skip to Content Facebook Feature Image\n\nStorm watch\n\n2025-07-20 {}\n\nThe storm is {} the coast tonight.\n"
    )
    (empty_folder / "corpus").mkdir()
    (empty_folder / "corpus/one.txt").write_text(page.format("12:30 Last Updated At:14:00", "nearing"))
    (empty_folder / "corpus/two.txt").write_text(page.format("12:30 Last Updated At:18:15", "leaving"))
    assert run_process("index", cwd=empty_folder).code == 0
    answer = run_process("query", "storm coast", "--format", "json", cwd=empty_folder).json
    assert answer["total"] == 1
    assert answer["hits"][0]["updated"] == "2025-07-20T18:15:00+08:00"
    assert run_process("query", "nearing", cwd=empty_folder).code == 1
    assert run_process("verify", "--deep", cwd=empty_folder).code == 0


def test_an_index_among_the_sources_is_no_source_under_another_name(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text('{"title": "Mine alone"}')
    (empty_folder / "link").symlink_to("sources")
    for added in ("1 article added", "nothing changed"):
        found = cli("index", "--index", "link/archive", "sources")
        assert found.code == 0
        assert added in found.err
        assert "skipped" not in found.err
