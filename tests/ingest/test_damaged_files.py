"""A disk that forgets: every file of an index, damaged here and there, is found out and never a surprise."""

import gc
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from ingest_support import Workshop, records

from newsearch.errors import NewsearchError
from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.removal import remove_articles

PLACES = 24
"""Bytes to damage in each file, evenly spread."""


class Damage(NamedTuple):
    """A changed byte and what verification said to it."""

    place: str
    found: bool
    surprise: str
    """The exception that was not meant for users."""


@pytest.fixture(scope="module")
def damages(corpus_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> list[Damage]:
    """What verification says to an index of which one byte was changed, for many bytes."""
    workshop = Workshop(tmp_path_factory.mktemp("damaged"))
    shutil.copytree(corpus_workshop.folder, workshop.folder)
    assert not workshop.faults()
    files = [workshop.folder / "ledger.sqlite", *(workshop.folder / "index").iterdir()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Whoosh leaves a file open that it cannot read
        found = [damage for file in files if file.stat().st_size for damage in _damages(workshop, file)]
        gc.collect()
    return found


@pytest.mark.parametrize("kind", [".news", ".toc", ".stories", ".sqlite"])
def test_a_damaged_byte_is_never_a_surprise(damages: list[Damage], kind: str) -> None:
    concerned = [damage for damage in damages if kind in damage.place]
    assert len(concerned) >= PLACES
    assert not [damage for damage in concerned if damage.surprise]


@pytest.mark.parametrize("kind", [".news", ".toc", ".stories", ".sqlite"])
def test_a_damaged_byte_is_found(damages: list[Damage], kind: str) -> None:
    concerned = [damage for damage in damages if kind in damage.place]
    assert len(concerned) >= PLACES
    assert not [damage.place for damage in concerned if not damage.found and not damage.surprise]


def test_what_a_killed_writer_had_committed_does_not_hang_on_its_journal(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1, 2))
    workshop.index()
    with open_for_writing(workshop.folder, create=False) as archive:
        remove_articles(archive, ["1"])
        killed = Workshop(workshop.base / "killed")
        shutil.copytree(workshop.folder, killed.folder)
    (killed.folder / "ledger.sqlite-wal").unlink()
    shutil.copytree(workshop.sources, killed.sources, dirs_exist_ok=True)
    killed.index()
    assert killed.ids() == {"2"}


def _damages(workshop: Workshop, file: Path) -> Iterator[Damage]:
    whole = file.read_bytes()
    for nth in range(PLACES):
        place = (2 * nth + 1) * len(whole) // (2 * PLACES)
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        file.write_bytes(damaged)
        found, surprise = False, ""
        try:
            found = bool(workshop.faults())
        except NewsearchError:
            found = True
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told
            surprise = repr(error)
        yield Damage(f"{file.suffix}+{place}", found, surprise)
    file.write_bytes(whole)
