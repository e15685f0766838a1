"""The reference engine: it keeps nothing on disk and looks at every article, so that it is easy to believe."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations
from typing import cast
from unicodedata import normalize

import numpy as np

from newsearch.analysis import language_of, lead, matches, tokenize
from newsearch.analysis.signatures import signature
from newsearch.analysis.similarity import near_copies
from newsearch.engines.base import Holding, Page, content_mark, named, undated_query
from newsearch.engines.bm25f import FIELD_WEIGHTS, WEIGHTS, inverse_document_frequency, length_norm, term_score
from newsearch.engines.highlight import Highlighter
from newsearch.engines.places import frequency
from newsearch.model import (
    EPOCH,
    Article,
    Edition,
    Hit,
    LazySequence,
    Moment,
    Results,
    Statistics,
    WrittenForms,
    microseconds,
)
from newsearch.query import Query
from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Everything,
    Filter,
    Keyword,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Present,
    Term,
    ValueField,
    Words,
    ranked_leaves,
)
from newsearch.query.values import answers, normal, stated


@dataclass(frozen=True, slots=True)
class _Document:
    article: Article
    forms: dict[str, list[str]]
    """Surface forms by field."""

    @classmethod
    def of(cls, article: Article) -> "_Document":
        texts = {"title": article.title, "body": article.body, "lead": lead(article.body)}
        return cls(article, {field: [token.text for token in tokenize(text)] for field, text in texts.items()})

    def length(self, leaf: Leaf) -> float:
        return sum(WEIGHTS[field] * len(self.forms[field]) for field in _fields(leaf))

    def written(self, word: Term) -> set[str]:
        """Return the forms in which a word stands here, composed."""
        forms = {normalize("NFC", form) for field in _fields(word) for form in self.forms[field]}
        language = language_of(self.article.lang)
        return {form for form in forms if matches(word.text, form, word.level, language)}

    def frequency(self, leaf: Leaf) -> float:
        operand = leaf.operand if isinstance(leaf, AtLeast) else leaf
        language = language_of(self.article.lang)
        counts = {field: frequency(operand, self.forms[field], language) for field in _fields(leaf)}
        if isinstance(leaf, AtLeast) and sum(counts.values()) < leaf.count:
            return 0.0
        return sum(WEIGHTS[field] * count for field, count in counts.items())


class MemoryEngine:
    """An index in memory."""

    def __init__(self) -> None:
        self.generation = 0
        self._editions: dict[str, list[Edition]] = {}

    def search(self, query: Query, page: Page) -> Results:
        """As in the protocol."""
        started = time.perf_counter()
        scan = self._scan(query.as_of)
        scored = scan.scored(query.tree)
        scored.sort(key=lambda pair: _order(pair, query, page))
        rest = undated_query(query.tree)
        undated = sum(article.published is None for _, article in scan.scored(rest)) if rest else 0
        stories = _Stories(scan.articles) if page.stories or page.count_stories else None
        rows = stories.rows(scored, query, page) if stories and page.stories else [(pair, 0) for pair in scored]
        stop = None if page.limit is None else page.offset + page.limit
        chosen = rows[page.offset : stop]
        highlighter = Highlighter({leaf: scan.figures(leaf)[0] for leaf in ranked_leaves(query.tree)})

        def hit(nth: int) -> Hit:
            (score, article), copies = chosen[nth]
            shown = highlighter.hit(score, article, snippets=page.snippets)
            if stories and page.stories:
                shown = replace(shown, copies=copies, story=stories.name_of(article))
            return replace(shown, shares=named(scan.shares(query.tree, article) or ())) if page.shares else shown

        hits = LazySequence(len(chosen), hit)
        took_ms = (time.perf_counter() - started) * 1000
        ranking = [(article.id, score) for (score, article), _ in chosen]
        count = stories.count(article for _, article in scored) if stories else None
        return Results(
            query.receipt,
            len(scored),
            hits,
            ranking,
            undated,
            total_stories=count,
            offset=page.offset,
            took_ms=took_ms,
        )

    def forms(self, word: Term, most: int, as_of: datetime | None = None) -> WrittenForms:
        """As in the protocol."""
        scan = self._scan(as_of)
        counts = Counter(form for document in scan.documents for form in document.written(word))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return WrittenForms(len(ordered), tuple(ordered[:most]))

    def _scan(self, as_of: datetime | None) -> "_Scan":
        return _Scan([edition.article for edition in self.scan() if edition.is_searched(as_of)])

    def get(self, article_id: str) -> Article | None:
        """As in the protocol."""
        current = (edition.article for edition in self.editions(article_id) if not edition.superseded)
        return next(current, None)

    def editions(self, article_id: str) -> list[Edition]:
        """As in the protocol."""
        return list(self._editions.get(article_id, ()))

    def scan(self) -> Iterator[Edition]:
        """As in the protocol."""
        for editions in self._editions.values():
            yield from editions

    def holdings(self) -> Iterator[Holding]:
        """As in the protocol."""
        return (Holding(one.article.id, content_mark(one.digest), one.superseded) for one in self.scan())

    def statistics(self) -> Statistics:
        """As in the protocol."""
        articles = [edition.article for edition in self.scan() if not edition.superseded]
        dated = sorted(
            (article.published for article in articles if article.published), key=lambda moment: moment.instant
        )
        names = [article.source for article in articles]
        sources = {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}
        first, last = (dated[0], dated[-1]) if dated else (None, None)
        editions, undated, stories = sum(1 for _ in self.scan()), len(articles) - len(dated), _Stories(articles)
        return Statistics(len(articles), editions, undated, first, last, sources, stories=stories.count(iter(articles)))

    def faults(self, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:  # noqa: ARG002 - see below
        """Yield nothing: what is kept as it came has no structure that could be wrong."""
        advance(sum(1 for _ in self.scan()))
        yield from ()

    def tidy(self) -> None:
        """As in the protocol; there is no disk."""

    def writer(self) -> "MemoryWriter":
        """As in the protocol."""
        return MemoryWriter(self)

    def replace_all(self, editions: dict[str, list[Edition]]) -> None:
        """Take a new state, by article id."""
        self._editions = editions
        self.generation += 1


class MemoryWriter:
    """A transaction: a copy that takes the place of the original."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self._added: list[Edition] = []
        self._deleted: set[str] = set()
        self._ended = False

    def add(self, edition: Edition) -> None:
        """As in the protocol."""
        self._check()
        self._added.append(edition)

    def delete(self, article_id: str) -> None:
        """As in the protocol."""
        self._check()
        self._deleted.add(article_id)

    def commit(self, *, purge: bool = False) -> int:  # noqa: ARG002 - nothing deleted is kept
        """As in the protocol."""
        self._check()
        self._ended = True
        editions: dict[str, list[Edition]] = {}
        kept = (edition for edition in self._engine.scan() if edition.article.id not in self._deleted)
        for edition in (*kept, *self._added):
            editions.setdefault(edition.article.id, []).append(edition)
        self._engine.replace_all(editions)
        return self._engine.generation

    def cancel(self) -> None:
        """As in the protocol."""
        self._ended = True

    def _check(self) -> None:
        if self._ended:
            message = "this transaction has ended"
            raise RuntimeError(message)


_Shares = list[tuple[Leaf, float]]
_Scored = tuple[float, Article]


class _Scan:
    """One look at every article."""

    def __init__(self, articles: list[Article]) -> None:
        self.articles = articles
        self.documents = list(map(_Document.of, articles))
        self._figures: dict[Leaf, tuple[float, float]] = {}

    def scored(self, tree: Node) -> list[tuple[float, Article]]:
        found = ((self._shares(tree, document), document.article) for document in self.documents)
        return [(sum(share for _, share in shares), article) for shares, article in found if shares is not None]

    def shares(self, tree: Node, article: Article) -> _Shares | None:
        """Return what each leaf adds to an article's score."""
        return self._shares(tree, _Document.of(article))

    def _shares(self, node: Node, document: _Document) -> _Shares | None:
        """Return what each leaf adds to the document's score, or None when it does not match."""
        match node:
            case Term() | Phrase() | Near() | AtLeast():
                share = self._leaf_score(node, document)
                return None if share is None else [(node, share)]
            case And(children):
                found = [self._shares(child, document) for child in children]
                return None if None in found else [pair for shares in found for pair in shares or ()]
            case Or(children):
                some = [shares for child in children if (shares := self._shares(child, document)) is not None]
                return [pair for shares in some for pair in shares] if some else None
            case Boost(child, factor):
                shares = self._shares(child, document)
                return None if shares is None else [(leaf, factor * share) for leaf, share in shares]
            case Not(child):
                return [] if self._shares(child, document) is None else None
            case _:
                return [] if self._holds(node, document) else None

    @staticmethod
    def _holds(node: Filter, document: _Document) -> bool:
        """Tell whether a document meets a condition that earns no score."""
        match node:
            case Keyword(field, value):
                return answers(field, normal(field, stated(document.article, field)), value)
            case Between(field, start, end):
                return _lies_between(getattr(document.article, field), start, end)
            case Words(least, most):
                words = len(document.forms["body"])
                return least <= words and (most is None or words <= most)
            case Present(field):
                return _has(document, field)
            case Everything():
                return True

    def figures(self, leaf: Leaf) -> tuple[float, float]:
        """Return a leaf's inverse document frequency and the average length of what it searches."""
        if leaf not in self._figures:
            containing = sum(document.frequency(leaf) > 0 for document in self.documents)
            idf = inverse_document_frequency(len(self.documents), containing)
            lengths = [document.length(leaf) for document in self.documents]
            self._figures[leaf] = idf, sum(lengths) / max(1, len(lengths))
        return self._figures[leaf]

    def _leaf_score(self, leaf: Leaf, document: _Document) -> float | None:
        frequency = document.frequency(leaf)
        if not frequency:
            return None
        idf, average = self.figures(leaf)
        return term_score(idf, frequency, length_norm(document.length(leaf), average))


class _Stories:
    """Which articles are near-copies of each other, directly or through others: each pair is looked at."""

    def __init__(self, articles: list[Article]) -> None:
        self._members = {article.id: [article] for article in articles}
        """Of each article all that are in its story."""
        for first, second in combinations(articles, 2):
            if self._members[first.id] is not self._members[second.id] and _near_copies(first.body, second.body):
                self._members[first.id] += self._members[second.id]
                for moved in self._members[second.id]:
                    self._members[moved.id] = self._members[first.id]

    def count(self, articles: Iterator[Article]) -> int:
        return len({self.name_of(article) for article in articles})

    def name_of(self, article: Article) -> str:
        def age(member: Article) -> tuple[bool, datetime, str]:
            moment = member.published.instant if member.published else member.captured
            return moment is None, moment or EPOCH, member.id

        return min(self._members[article.id], key=age).id

    def rows(self, scored: list[_Scored], query: Query, page: Page) -> list[tuple[_Scored, int]]:
        """Return what stands for each story, in the order given, and how many others of it there are."""
        rows: dict[str, list[_Scored]] = {}
        for pair in scored:
            rows.setdefault(self.name_of(pair[1]), []).append(pair)
        return [(min(row, key=lambda pair: _precedence(pair, query, page)), len(row) - 1) for row in rows.values()]


def _near_copies(first: str, second: str) -> bool:
    words = min(_words(first), _words(second))
    left, right = (np.frombuffer(_signature(text), np.uint8)[None] for text in (first, second))
    return bool(near_copies(left, right, np.array([words]))[0])


_signature = lru_cache(maxsize=1 << 10)(signature)


@lru_cache(maxsize=1 << 10)
def _words(text: str) -> int:
    return sum(1 for _ in tokenize(text))


def _precedence(pair: _Scored, query: Query, page: Page) -> tuple[object, ...]:
    """Return by what one of a story's articles stands for it; the first one does where nothing is said."""
    if page.lead == "earliest":
        return _order(pair, query, Page("oldest"))
    return (-_words(pair[1].body), *_order(pair, query, Page("newest"))) if page.lead == "longest" else ()


def _fields(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.field,) if leaf.field else tuple(FIELD_WEIGHTS)


def _has(document: _Document, field: str) -> bool:
    match field:
        case "title" | "body" | "lead":
            return bool(document.forms[field])
        case "published" | "updated":
            return getattr(document.article, field) is not None
    return bool(stated(document.article, cast("ValueField", field)))


def _lies_between(moment: Moment | None, start: datetime | None, end: datetime | None) -> bool:
    if moment is None:
        return False
    late_enough = start is None or moment.microseconds_in(start.tzinfo or UTC) >= microseconds(start)
    return late_enough and (end is None or moment.microseconds_in(end.tzinfo or UTC) < microseconds(end))


def _order(pair: tuple[float, Article], query: Query, page: Page) -> tuple[object, ...]:
    score, article = pair
    moment = (article.updated or article.published) if page.sort == "updated" else article.published
    instant = moment.microseconds_in(query.zone) if moment else 0
    newest = (moment is None, instant if page.sort == "oldest" else -instant, article.id)
    return (-score, *newest) if page.sort == "relevance" else newest
