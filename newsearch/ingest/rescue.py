"""What is sound of a damaged ledger, and what it says belongs into the index."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsearch.engines.base import Holding, content_mark
from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.extract.identity import Identity, alternative_id, identify
from newsearch.ingest.ledger import TABLES, CaptureEntry, Ledger
from newsearch.model import Article, Edition

_JOURNALS = ("-wal", "-shm")
_PROGRESS = ("files", "begun", "unseen")
"""Tables that say what need not be read again, of which nothing is kept where others of these are not whole."""
_SHOWN = {*_PROGRESS, "captures", "skipped"}


class LedgerRoll:
    """What a ledger says belongs into the index.

    Args:
        captures: it knows.
        whole: whether these are all; else what it does not know belongs into the index as well.
    """

    def __init__(self, captures: Sequence[CaptureEntry], *, whole: bool) -> None:
        self.captures = captures
        self.whole = whole
        self._bearers = {capture.id: capture.identity for capture in captures}
        """The identities of articles by the ids they bear."""
        self._editions = {(capture.id, content_mark(capture.digest)) for capture in captures}
        self._showing: dict[str, list[CaptureEntry]] = defaultdict(list)
        for capture in captures:
            self._showing[capture.digest].append(capture)

    def has(self, holding: Holding) -> bool:
        """As in the protocol."""
        return not self.whole or (holding.id, holding.content) in self._editions

    def lacking(self, held: set[tuple[str, int]]) -> list[CaptureEntry]:
        """Return the captures whose editions are not among those that an index holds."""
        return [capture for capture in self.captures if (capture.id, content_mark(capture.digest)) not in held]

    def named(self, edition: Edition) -> Edition | None:
        """As in the protocol."""
        article = edition.article
        showing = self._showing.get(edition.digest, [])
        here = [capture for capture in showing if capture.origin == article.origin] or showing
        if not here and self.whole:
            return None
        name = here[0].id if here else self._id_for(identify(article))
        return replace(edition, article=replace(article, id=name))

    def bears(self, article: Article) -> None:
        """As in the protocol."""
        self._bearers.setdefault(article.id, identify(article).key)

    def _id_for(self, identity: Identity) -> str:
        """Return the id of an article that nothing names: as when it was taken in, two sources may give the same."""
        bearer = self._bearers.setdefault(identity.id, identity.key)
        return identity.id if bearer == identity.key else alternative_id(identity)


def is_sound(file: Path, generation: int) -> bool:
    """Tell whether a ledger is there, all of it is what was written, and it is not older than the index.

    Args:
        file: of the ledger.
        generation: of the index.

    Raises:
        IndexUnusableError: it cannot be read, which says nothing of what is in it.
    """
    if not file.exists():
        return False
    try:
        with closing(Ledger(file, read_only=True)) as ledger:
            return not ledger.faults() and not ledger.is_older_than(generation)
    except DamagedIndexError:
        return False


def is_older(file: Path, generation: int) -> bool:
    """Tell whether a ledger can be read and is older than the index."""
    try:
        with closing(Ledger(file, read_only=True)) as ledger:
            return ledger.is_older_than(generation)
    except IndexUnusableError:
        return False


def copy_sound(file: Path, generation: int, draft: Path) -> set[str]:
    """Make a new ledger of what is sound of a damaged one, and return which tables are not whole.

    Args:
        file: that is damaged, or missing.
        generation: of the index.
        draft: the new one.
    """
    for left in (draft, *journals(draft)):
        left.unlink(missing_ok=True)
    with closing(Ledger(draft)) as fresh:
        broken = fill_sound(file, generation, fresh)
        fresh.belong_nowhere()
    return broken


def fill_sound(file: Path, generation: int, fresh: Ledger) -> set[str]:
    """Put what is sound of a damaged ledger into a new one, and return which tables are not whole; as above."""
    broken = set(TABLES) if is_older(file, generation) else set()
    fresh.begin()
    for table in TABLES:
        fresh.set_rows(table, _sound_rows(file, table, broken))
    if fresh.generation < generation:  # what the index was told last it was not told
        broken.add("captures")
    if "removed" in broken:  # better one too many kept out than one let in again
        with suppress(IndexUnusableError):
            fresh.set_rows("removed", _rows(file, "removed", trusting=True))
    if broken & _SHOWN:
        for table in _PROGRESS:
            fresh.clear(table)
    fresh.commit(fresh.generation)
    return broken


def read_otherwise(file: Path, fingerprint: str) -> dict[str, str]:
    """Return the sources that were read with other settings, by all that a ledger still says, with what they were.

    Args:
        file: of the ledger, damaged or not.
        fingerprint: of the settings of now, as in `Plan`.
    """
    found = {path: settings for path, _, _, settings in _sound_rows(file, "files", set())}
    found |= {path: settings for path, _, settings, _ in _sound_rows(file, "begun", set())}
    return {path: settings for path, settings in found.items() if settings != fingerprint}


def journals(file: Path) -> list[Path]:
    """Return the files that lie beside a ledger while it is open, or was when its process was killed."""
    return [file.with_name(f"{file.name}{end}") for end in _JOURNALS]


def _sound_rows(file: Path, table: str, broken: set[str]) -> Iterator[tuple[Any, ...]]:
    try:
        yield from _rows(file, table, trusting=False)
    except IndexUnusableError:
        broken.add(table)


def _rows(file: Path, table: str, *, trusting: bool) -> Iterator[tuple[Any, ...]]:
    with closing(Ledger(file, read_only=True, trusting=trusting)) as ledger:
        yield from ledger.rows(table)
