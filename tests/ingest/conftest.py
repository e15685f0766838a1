"""Fixtures for the tests of the way in."""

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from ingest_support import SOURCES, Workshop

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty one."""
    (tmp_path / SOURCES).mkdir()
    return Workshop(tmp_path)


@pytest.fixture
def new_workshop(tmp_path: Path) -> Callable[..., Workshop]:
    """Makes as many as a test of many examples needs: empty ones, or copies of one."""

    def make(original: Workshop | None = None) -> Workshop:
        base = Path(tempfile.mkdtemp(dir=tmp_path))
        if original:
            shutil.copytree(original.base, base, dirs_exist_ok=True)
        else:
            (base / SOURCES).mkdir()
        return Workshop(base)

    return make


@pytest.fixture(scope="session")
def corpus_workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The sample archive, indexed; not to be changed."""
    workshop = Workshop(tmp_path_factory.mktemp("corpus"))
    shutil.copytree(CORPUS, workshop.sources)
    workshop.index()
    return workshop


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """Makes a zip archive of texts by their names."""

    def make(members: dict[str, str]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(name, text)
        return stream.getvalue()

    return make
