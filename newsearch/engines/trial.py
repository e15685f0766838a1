"""An index on trial: what to ask it for is taken from its own articles, so that there is something to be found."""

from collections.abc import Callable, Iterable
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, timezone
from random import Random
from typing import TypeVar
from unicodedata import normalize

from newsearch.analysis import tokenize
from newsearch.engines.base import Engine, Page
from newsearch.model import EPOCH, Article, Receipt, Results, Statistics
from newsearch.query import Query
from newsearch.query.canonical import canonical
from newsearch.query.fields import TEXT_FIELDS, VALUE_FIELDS
from newsearch.query.tree import (
    Between,
    Keyword,
    Near,
    Node,
    Not,
    Phrase,
    Present,
    Term,
    TextField,
    Words,
    conjunction,
)
from newsearch.query.values import normal, stated

_SPREAD = 40
"""Places in time from which articles are read."""
_READ = 3
"""Articles read from each."""
_TEXT = 20_000
"""Characters of an article that words are taken from."""
_CANDIDATES = 150
"""Words, pairs and conditions that are thought of; those that find too much are not used."""
_MANY = 2_000
"""More articles than this are slow to compare on a large archive, so what finds fewer is preferred."""
_APART = (1, 1, 2, 4)
"""How far from each other words are that are asked for together; mostly they are a phrase."""
_ZONES = (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5)))
_EVERYTHING = Page("newest", 0, None, snippets=False)
Made = TypeVar("Made")


class Trial:
    """Asks an index, and thinks of what to ask; one generation is always asked the same.

    Args:
        engine: of the index.
        advance: called before each query.
        rounds: how often each law is tried.
    """

    def __init__(self, engine: Engine, advance: Callable[[], None] = lambda: None, rounds: int = 8) -> None:
        self.rounds = rounds
        self.queries = 0
        """How many have been asked."""
        self.random = Random(engine.generation)  # noqa: S311 - samples are drawn, not secrets
        self._engine = engine
        self._advance = advance
        figures = engine.statistics()
        self._large = figures.articles > _MANY
        self._articles = self._read(figures)
        texts = [_forms(text) for article in self._articles for text in (article.title, article.body)]
        self._texts = list(filter(None, texts)) or [["no", "words"]]
        moments = [article.published.instant for article in self._articles if article.published]
        # Those at the ends of the calendar have no neighbours.
        self._moments = [moment for moment in moments if MINYEAR < moment.year < MAXYEAR] or [EPOCH]
        self._words = self._moderate((self._neighbours()[0] for _ in range(_CANDIDATES)), Term)
        self._pairs = self._moderate((self._neighbours() for _ in range(_CANDIDATES)), _both)
        makers = (self._term, self._phrase, self._near, self._window, self._stated, self._length)
        self._conditions = self._moderate(
            (make() for make in makers for _ in range(_CANDIDATES // len(makers))), lambda node: node
        )

    def ask(self, query: Query | Node, page: Page) -> Results:
        """Answer a query, or a tree as it is."""
        if not isinstance(query, Query):
            text = canonical(query)
            query = Query(query, UTC, Receipt(text, text))
        self._advance()
        self.queries += 1
        return self._engine.search(query, page)

    def listed(self, tree: Node, page: Page = _EVERYTHING) -> list[str]:
        """Return the ids of a page in its order."""
        return [name for name, _ in self.ask(tree, page).ranking]

    def found(self, tree: Node) -> set[str]:
        """Return the ids of all articles that match."""
        return set(self.listed(tree))

    def total(self, tree: Node) -> int:
        """Return how many articles are said to match."""
        return self.ask(tree, Page("newest", 0, 0, snippets=False)).total

    def word(self) -> str:
        """Return a word of some article."""
        return self.random.choice(self._words)

    def pair(self) -> tuple[str, str]:
        """Return two words that stand near each other, or next to each other, in some article."""
        return self.random.choice(self._pairs)

    def field(self) -> TextField | None:
        """Return where to look for words."""
        return self.random.choice((None, *TEXT_FIELDS))

    def condition(self) -> Node:
        """Return what some articles meet and others do not."""
        return self.random.choice(self._conditions)

    def frame(self) -> list[Node]:
        """Return what to join to a query that may match most of the archive; on a small one nothing is needed."""
        return [Term(self.word())] if self._large else []

    def bounds(self) -> tuple[datetime, datetime, datetime]:
        """Return three times on the clocks of one zone; in the middle one that some article states."""
        zone, moment = self.random.choice(_ZONES), self.random.choice(self._moments)
        middle = moment.replace(second=0, microsecond=0, tzinfo=zone)
        before, after = (timedelta(hours=self.random.randint(1, 24 * 30)) for _ in range(2))
        return middle - before, middle, middle + after

    def _read(self, figures: Statistics) -> list[Article]:
        """Read articles from all of the archive's time, and some without a date."""
        starts: list[Node] = [Not(Present("published"))]
        if figures.first_published and figures.last_published:
            first, last = figures.first_published.instant, figures.last_published.instant
            starts += [Between("published", first + (last - first) * step / _SPREAD, None) for step in range(_SPREAD)]
        pages = [self.ask(start, Page("oldest", 0, _READ, snippets=False)) for start in starts]
        return list({hit.article.id: hit.article for page in pages for hit in page.hits}.values())

    def _moderate(self, candidates: Iterable[Made], tree_of: Callable[[Made], Node]) -> list[Made]:
        """Return those that find some articles and not too many; all when there are none such."""
        made = list(candidates)
        return [one for one in made if 0 < self.total(tree_of(one)) <= _MANY] or made

    def _neighbours(self) -> tuple[str, str]:
        text = self.random.choice(self._texts)
        place = self.random.randrange(len(text))
        return text[place], text[(place + self.random.choice(_APART)) % len(text)]

    def _term(self) -> Node:
        return Term(self.word(), "stem", self.field())

    def _phrase(self) -> Node:
        return Phrase(_exact(*self.pair()), self.field())

    def _near(self) -> Node:
        left, right = map(Term, self.pair())
        return Near(left, right, self.random.randint(1, 9), self.random.random() < 1 / 2, self.field())

    def _window(self) -> Node:
        start, _, end = self.bounds()
        return conjunction([Between("published", start, None), Between("published", None, end)])

    def _stated(self) -> Node:
        field = self.random.choice(VALUE_FIELDS)
        values = [stated(article, field).partition("\n")[0] for article in self._articles]
        return Keyword(field, normal(field, self.random.choice(values or [""])))

    def _length(self) -> Node:
        words = len(self.random.choice(self._texts))
        return Words(words, words + self.random.randint(0, 20))


def _forms(text: str) -> list[str]:
    # Queries are read in this form of Unicode.
    return [token.text for token in tokenize(normalize("NFC", text[:_TEXT]))]


def _exact(*words: str) -> tuple[Term, ...]:
    return tuple(Term(word, "form") for word in words)


def _both(words: tuple[str, str]) -> Node:
    return conjunction([*_exact(*words)])
