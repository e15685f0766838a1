"""What is not needed is not loaded: each proved in a process of its own, by the modules it has in the end."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "corpus"
HEAVY = {"whoosh", "rich", "numpy"}
REPORT = """
import sys
before = set(sys.modules)
sys.argv[0] = "newsearch"
try:
    {action}
except SystemExit:
    pass
sys.stdout.flush()
sys.stderr.write("MODULES " + " ".join(sorted(set(sys.modules) - before)))
"""
PROGRAM = "from newsearch.__main__ import main; main()"


def modules(
    *arguments: str, action: str = PROGRAM, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> tuple[set[str], str]:
    """The modules that are there after an action and were not before, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(action=action), *arguments],
        capture_output=True,
        check=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        text=True,
    )
    _, found, names = done.stderr.rpartition("MODULES ")
    assert found
    return set(names.split()), done.stdout


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of the sample archive."""
    base = tmp_path_factory.mktemp("imports")
    command = [sys.executable, "-m", "newsearch", "index", str(CORPUS), "--index", ".newsearch"]
    subprocess.run(command, cwd=base, check=True, capture_output=True)
    return base


def test_manner_15_the_version_loads_nothing_but_the_version() -> None:
    loaded, printed = modules("--version")
    assert printed.startswith("newsearch ")
    assert loaded == {"newsearch", "newsearch.__main__"}


def test_importing_the_package_loads_no_part_of_it() -> None:
    loaded, _ = modules(action="import newsearch")
    assert loaded == {"newsearch"}


def test_a_public_name_loads_its_own_home_only() -> None:
    loaded, _ = modules(action="from newsearch import Article, NewsearchError")
    own = {name for name in loaded if name.startswith("newsearch.")}
    assert own == {"newsearch.model", "newsearch.errors"}
    assert not packages(loaded) & (HEAVY | {"typer"})


def test_every_public_name_can_be_had() -> None:
    loaded, _ = modules(action="from newsearch import *; print(open_archive, parse_query, Results)")
    assert "newsearch.model" in loaded


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("query", "--help"), ("index", "-h")], ids=" ".join)
def test_manner_15_help_loads_neither_whoosh_nor_rich_nor_numpy(arguments: tuple[str, ...]) -> None:
    loaded, printed = modules(*arguments)
    assert "newsearch" in printed
    assert not packages(loaded) & HEAVY


COMPLETION = {
    "bash": {"_NEWSEARCH_COMPLETE": "complete_bash", "COMP_WORDS": "newsearch qu", "COMP_CWORD": "1"},
    "zsh": {"_NEWSEARCH_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "newsearch qu"},
    "fish": {
        "_NEWSEARCH_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_ARGS": "newsearch qu",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    },
}


@pytest.mark.parametrize("shell", COMPLETION)
def test_manner_15_shell_completion_loads_neither_whoosh_nor_rich_nor_numpy(shell: str) -> None:
    loaded, printed = modules(env=COMPLETION[shell])
    assert "query" in printed
    assert not packages(loaded) & HEAVY


def test_manner_15_completing_the_name_of_a_saved_query_loads_none_of_them_either(archive: Path) -> None:
    env = COMPLETION["bash"] | {"COMP_WORDS": "newsearch saved --remove c", "COMP_CWORD": "3"}
    loaded, _ = modules(cwd=archive, env=env)
    assert "newsearch.ingest.saved" in loaded
    assert not packages(loaded) & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [("config",), ("config", "--origin", "--format", "json"), ("query", "x", "--tz", "nowhere")],
    ids=" ".join,
)
def test_what_needs_no_index_loads_no_engine(arguments: tuple[str, ...]) -> None:
    loaded, _ = modules(*arguments)
    assert not packages(loaded) & {"whoosh", "numpy"}


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "md", "ids"])
def test_a_query_that_is_not_for_people_loads_no_rich(archive: Path, form: str) -> None:
    loaded, printed = modules("query", "nvidia", "--format", form, cwd=archive)
    assert printed
    assert not packages(loaded) & {"rich", "pygments"}
    assert not {name for name in loaded if name.startswith("newsearch.outputs.")} & {"newsearch.outputs.terminal"}


@pytest.mark.parametrize("command", ["query nvidia", "query nvidia --format json", "show m-3301", "status"])
def test_reading_loads_nothing_that_only_writing_or_a_network_needs(archive: Path, command: str) -> None:
    loaded, printed = modules(*command.split(), cwd=archive)
    assert printed
    assert not packages(loaded) & {
        "whoosh",
        "pygments",
        "asyncio",
        "http",
        "urllib3",
        "ssl",
        "multiprocessing",
        "unittest",
    }
    assert not {name for name in loaded if name.startswith(("newsearch.inputs.", "newsearch.ingest.pipeline"))}


@pytest.mark.parametrize("arguments", [("nvidia",), ("-amd", "--since", "2025-03", "--format", "ids")], ids=" ".join)
def test_a_query_loads_no_ledger_and_no_other_command(archive: Path, arguments: tuple[str, ...]) -> None:
    loaded, _ = modules("query", *arguments, cwd=archive)
    assert not packages(loaded) & {"sqlite3", "socket", "email"}
    own = {name for name in loaded if name.startswith(("newsearch.cli.commands.", "newsearch.ingest."))}
    assert own == {"newsearch.cli.commands.query", "newsearch.ingest.archive"}


def test_a_run_over_unchanged_files_loads_nothing_that_reads_pages(archive: Path) -> None:
    loaded, _ = modules("index", str(CORPUS), cwd=archive)
    assert not packages(loaded) & {"whoosh", "email"}
    assert not loaded & {"newsearch.extract.pages", "newsearch.inputs.text", "newsearch.inputs.jsonl"}


def test_indexing_loads_no_rich_where_stderr_is_no_terminal(tmp_path: Path) -> None:
    loaded, _ = modules("index", str(CORPUS), cwd=tmp_path)
    assert "whoosh" in packages(loaded)
    assert not packages(loaded) & {"rich", "pygments", "asyncio"}
