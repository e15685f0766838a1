"""What the index is still to be told: new articles as they come, and those whose editions change before each commit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsearch.ingest.editions import editions_of
from newsearch.ingest.ledger import CaptureEntry, Ledger
from newsearch.ingest.plan import Summary
from newsearch.model import Article, Edition

if TYPE_CHECKING:
    from newsearch.engines.base import Engine, Writer

PENDING_ARTICLES = 2_000
PENDING_CHARACTERS = 64 << 20


class Settlement:
    """Brings an index in line with what the ledger knows of the captures of each article.

    Args:
        engine: the index.
        ledger: knows the captures.
        summary: where articles are counted.
        trial: count, and write nothing.
        doubtful: ids of articles to settle in any case.
    """

    def __init__(
        self, engine: "Engine", ledger: Ledger, summary: Summary, *, trial: bool, doubtful: Sequence[str]
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._summary = summary
        self._trial = trial
        self._writer: Writer | None = None
        self._written: set[str] = set()
        """Ids of articles added since the last commit; the index does not give them back before it."""
        self._tried: dict[str, set[str]] = {}
        """In a trial, contents that would have been added since then, by id."""
        self._pending: dict[str, dict[str, Article]] = {article_id: {} for article_id in doubtful}
        """Articles whose editions must be settled: new contents by digest, by id."""
        self._pending_characters = 0

    @property
    def is_full(self) -> bool:
        """Whether so much is pending that it should be committed."""
        return len(self._pending) >= PENDING_ARTICLES or self._pending_characters >= PENDING_CHARACTERS

    def take(self, entry: CaptureEntry, article: Article) -> None:
        """Enter a capture, of an article that is new or of one that is known."""
        known = entry.id in self._written or entry.id in self._pending or bool(self._ledger.captures_of(entry.id))
        self._ledger.set_capture(entry)
        if known:
            self._pending.setdefault(entry.id, {})[entry.digest] = article
            self._pending_characters += len(article.body)
        else:
            self._summary.added += 1
            self._write(editions_of([entry], {entry.digest: article}))

    def drop(self, capture: CaptureEntry) -> None:
        """Enter that a capture is there no more."""
        self._ledger.drop_capture(capture)
        self._pending.setdefault(capture.id, {})

    def commit(self) -> None:
        """Settle what is pending, and make it last in the index."""
        if self._pending.keys() & self._written and not self._trial:
            self._commit_index()  # so that the index can give back what it holds of them
        for article_id, contents in self._pending.items():
            self._settle(article_id, contents)
        self._pending.clear()
        self._pending_characters = 0
        self._commit_index()

    def cancel(self) -> None:
        """Leave the index as it was at the last commit."""
        if self._writer:
            self._writer.cancel()
            self._writer = None

    def _commit_index(self) -> None:
        self._written.clear()
        self._tried.clear()
        writer, self._writer = self._writer, None
        if writer:
            writer.commit()

    def _settle(self, article_id: str, contents: dict[str, Article]) -> None:
        captures = self._ledger.captures_of(article_id)
        held = self._engine.editions(article_id)
        digests = {edition.digest for edition in held}.union(self._tried.get(article_id, ()))
        if not captures:
            self._summary.left += bool(digests)
            self._replace(article_id, [])
            return
        if self._trial:
            self._count({capture.digest for capture in captures}, digests)
            return
        known = {edition.digest: edition.article for edition in held} | contents
        shown = [capture for capture in captures if capture.digest in known]
        editions = editions_of(shown, known) if shown else []
        self._count({edition.digest for edition in editions}, digests)
        for capture in captures:
            if capture.digest not in known:  # the index has lost it: its file must be read again
                self._ledger.forget_file(capture.path)
                self._ledger.drop_capture(capture)
        if sorted(map(repr, editions)) != sorted(map(repr, held)):
            self._replace(article_id, editions)

    def _count(self, contents: set[str], before: set[str]) -> None:
        if contents == before:
            self._summary.unchanged += 1
        else:
            self._summary.changed += 1

    def _replace(self, article_id: str, editions: Sequence[Edition]) -> None:
        if self._trial:
            return
        self._writer = self._writer or self._engine.writer()
        self._writer.delete(article_id)
        self._write(editions)

    def _write(self, editions: Sequence[Edition]) -> None:
        for edition in editions:
            article_id = edition.article.id
            self._written.add(article_id)
            if self._trial:
                self._tried.setdefault(article_id, set()).add(edition.digest)
            else:
                self._writer = self._writer or self._engine.writer()
                self._writer.add(edition)
