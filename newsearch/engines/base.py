"""What every engine does, whatever keeps its postings."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from newsearch.model import Article, Edition, Lead, Results, Sort, Statistics, WrittenForms
from newsearch.query import Query
from newsearch.query.canonical import canonical
from newsearch.query.tree import Between, Leaf, Node, Term, conjunction, conjuncts


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the matching articles to return, and in which order."""

    sort: Sort = "relevance"
    """Ties, and everything when nothing is ranked: newest first, then by id. Unknown times come last either way."""
    offset: int = 0
    limit: int | None = 10
    """None: all that follow."""
    snippets: bool = True
    """Whether the hits are to have snippets; a large result set is read much faster without."""
    shares: bool = False
    """Whether the hits are to tell what their scores are made of."""
    stories: bool = False
    """Whether near-copies share a row, in the place of the first of them; offset and limit count these rows."""
    lead: Lead = "best"
    """Which of the matching near-copies stands for all; ties as above. Unknown times come last."""
    count_stories: bool = False
    """Whether the matching stories are to be counted; they are when rows are stories."""


class Holding(NamedTuple):
    """An edition that an index holds, as far as it is to be compared with what others know of it."""

    id: str
    """Of its article."""
    content: int
    """As `content_mark` gives it."""
    superseded: bool


class Roll(Protocol):
    """What is known of the editions that belong into an index."""

    @property
    def whole(self) -> bool:
        """Whether nothing else belongs into it."""
        ...

    def has(self, holding: Holding) -> bool:
        """Tell whether an edition belongs into it."""
        ...

    def bears(self, article: Article) -> None:
        """Learn that an article keeps its id, which no other is to be given then."""
        ...

    def named(self, edition: Edition) -> Edition | None:
        """Return an edition that lost its article's id with that id; None when it does not belong into the index."""
        ...


class Rescue(NamedTuple):
    """What was had back of a damaged index."""

    editions: int
    """How many could be taken from damaged files."""
    held: set[tuple[str, int]]
    """All that the index has now, by id and content, as in `Holding`."""
    paths: Callable[[], set[str]]
    """Finds out, before files are moved, which sources all of that was read from."""


class Writer(Protocol):
    """One transaction on an index: nothing is seen by readers before the commit, and all of it after.

    It ends with the commit, even one that fails, or when it is cancelled. What else is asked of it raises
    `RuntimeError` from then on.
    """

    def add(self, edition: Edition) -> None:
        """Add an edition whose text fields hold no lone surrogates and whose id is not empty."""
        ...

    def delete(self, article_id: str) -> None:
        """Take all committed editions of an article out; to replace an article, delete it and add what it now is."""
        ...

    def commit(self, *, purge: bool = False) -> int:
        """Make it last, and return the new generation.

        Args:
            purge: leave nothing of deleted articles in the files; that this failed is raised after the commit.
        """
        ...

    def cancel(self) -> None:
        """Leave the index as it was; after its end there is nothing to cancel."""
        ...


class Engine(Protocol):
    """An index of editions.

    Every method raises `IndexUnusableError` when the index cannot be read.
    """

    @property
    def generation(self) -> int:
        """Grows with each commit."""
        ...

    def search(self, query: Query, page: Page) -> Results:
        """Answer a query over the current editions, or those that were current as of the query's time."""
        ...

    def forms(self, word: Term, most: int, as_of: datetime | None = None) -> WrittenForms:
        """Return how a word is written, in its field, in the editions to search; so many of the forms at most."""
        ...

    def get(self, article_id: str) -> Article | None:
        """Return the current edition of an article."""
        ...

    def editions(self, article_id: str) -> list[Edition]:
        """Return all editions of an article."""
        ...

    def scan(self) -> Iterator[Edition]:
        """Yield all editions."""
        ...

    def holdings(self) -> Iterator[Holding]:
        """Yield what all editions are, without their texts."""
        ...

    def statistics(self) -> Statistics:
        """Count what is there."""
        ...

    def faults(self, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
        """Read everything back and yield what is wrong, one line each.

        Args:
            advance: called with the number of documents' worth of work done since the last call.
            deep: analyse every text again and compare.
        """
        ...

    def tidy(self) -> None:
        """Delete what writers that were killed left on the disk; what was removed may be in it.

        Raises:
            LockedError: one is at work.
        """
        ...

    def writer(self) -> Writer:
        """Begin a transaction.

        Raises:
            LockedError: another one is under way.
        """
        ...


def content_mark(digest: str) -> int:
    """Return a number of 64 bits that stands for the digest of an edition's content where many are compared."""
    return int.from_bytes(hashlib.blake2b(digest.encode(), digest_size=8).digest(), "little", signed=True)


def undated_query(tree: Node) -> Node | None:
    """Return the tree without the published ranges that must hold; None when it has none.

    Undated articles that match the rest are what the ranges leave out.
    """
    nodes = conjuncts(tree)
    rest = [node for node in nodes if not (isinstance(node, Between) and node.field == "published")]
    return conjunction(rest) if len(rest) < len(nodes) else None


def named(shares: Iterable[tuple[Leaf, float]]) -> tuple[tuple[str, float], ...]:
    """Return what leaves add to a score by their canonical forms; what stands twice in a query is added up."""
    sums: dict[Leaf, float] = {}
    for leaf, share in shares:
        sums[leaf] = sums.get(leaf, 0.0) + share
    return tuple((canonical(leaf), share) for leaf, share in sums.items() if share)
