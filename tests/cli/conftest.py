"""Fixtures for the tests of the command line."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome

from newsearch.cli.app import run

CORPUS = Path(__file__).parents[2] / "corpus"
Cli = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which nobody has set anything up; returns the home folder, which is empty."""
    home = tmp_path_factory.mktemp("home")
    unset = {"PAGER", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "VTE_VERSION", "TERM_PROGRAM", "LC_ALL"}
    for name in os.environ:
        if name.startswith(("NEWSEARCH_", "XDG_", "PYTHONIO", "PYTHONUTF8", "_NEWSEARCH")) or name in unset:
            monkeypatch.delenv(name)
    for name, value in {"HOME": str(home), "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the program in this process with pipes for its streams, in the current folder."""

    def call(*arguments: str, stdin: bytes = b"") -> Outcome:
        streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for name in ("stdout", "stderr")}
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            code = run(arguments)
            for stream in streams.values():
                stream.flush()
        return Outcome(code, streams["stdout"].buffer.getvalue(), streams["stderr"].buffer.getvalue())  # type: ignore[attr-defined]

    return call


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample archive in `corpus`, indexed; not to be changed."""
    from newsearch.ingest.archive import open_for_writing
    from newsearch.ingest.pipeline import Ingest
    from newsearch.ingest.plan import Plan
    from newsearch.inputs.files import resolve_roots

    class Quiet:
        def start(self, total_bytes: int) -> None: ...
        def advance(self, read_bytes: int, articles: int) -> None: ...

    base = tmp_path_factory.mktemp("sample")
    shutil.copytree(CORPUS, base / "corpus")
    with open_for_writing(base / ".newsearch", create=True) as archive:
        Ingest(archive, Plan(resolve_roots([str(base / "corpus")])), Quiet()).run()
    return base


@pytest.fixture
def archive(sample: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample archive as the current folder, to be read only."""
    monkeypatch.chdir(sample)
    return sample


@pytest.fixture
def own_archive(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample archive as the current folder, to do anything with."""
    base = tmp_path / "own"
    shutil.copytree(sample, base)
    monkeypatch.chdir(base)
    return base


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the current one, with an empty folder `sources`."""
    base = tmp_path / "empty"
    (base / "sources").mkdir(parents=True)
    monkeypatch.chdir(base)
    return base
