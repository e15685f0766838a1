"""Random cases: an archive's history, and questions about what it has become.

They are drawn from the words that the tests of the engines choose theirs from, without Hypothesis, whose drawing takes
several times as long as what is tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from random import Random
from typing import Any, NamedTuple
from unicodedata import normalize

from random_archives import (
    AUTHORS,
    DATELINES,
    GUESSED,
    LANGS,
    LAST_TURN,
    PASSAGES,
    PATHS,
    PATTERNS,
    PRESENT,
    SEPARATORS,
    SOURCES,
    START,
    TOKENS,
    URLS,
    VALUES,
    WORDS,
    ZONES,
    Transaction,
    boosted,
    moment,
    negation,
    turned,
)
from small_archives import article, edition

from newsearch.analysis import matches, tokenize
from newsearch.engines.base import Page
from newsearch.model import Article, Edition, Moment, Origin
from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Everything,
    Keyword,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Present,
    Term,
    Words,
    conjunction,
    disjunction,
)
from newsearch.query.values import normal as normal_value

ARTICLES = 12
"""Different ones in a history."""
QUESTIONS = 10
"""About what a history has led to."""
_FIELDS: tuple[Any, ...] = (None, None, None, "title", "body", "lead")
_LEADS: tuple[Any, ...] = ("best", "best", "earliest", "longest")
_SORTS: tuple[Any, ...] = ("relevance", "relevance", "newest", "oldest", "updated")


class Question(NamedTuple):
    """A query and the page wanted of its answer."""

    tree: Node
    zone: tzinfo
    page: Page
    as_of: datetime | None = None


@dataclass(frozen=True)
class Case:
    """A history and what is tried of it."""

    history: tuple[Transaction, ...]
    questions: tuple[Question, ...]
    tiny: bool
    """Whether segments and blocks are."""
    reopened: bool
    """Whether the engine asked is another than the one that wrote."""


def case(seed: int) -> Case:
    """Return the case of a seed."""
    return _Draw(Random(seed)).case()


def _again(editions: Sequence[Edition]) -> list[Edition]:
    """Return the editions that are left of an article, the last of them current, each known when it was."""
    last = len(editions) - 1
    return [edition(one.article, superseded=nth < last, known=one.known) for nth, one in enumerate(editions)]


class _Draw:
    """Draws a case; its texts and queries share a few words, so that they have to do with each other."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.words = random.sample(WORDS, random.randint(4, 12))
        self.tokens = [token.text for word in self.words for token in tokenize(normalize("NFC", word))]
        self.patterns = [one for one in PATTERNS if any(matches(one, form, "wildcard") for form in self.tokens)]

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def case(self) -> Case:
        history = tuple(self.transaction() for _ in range(self.random.randint(1, 4)))
        questions = tuple(self.question() for _ in range(QUESTIONS))
        return Case(history, questions, tiny=self.likely(0.3), reopened=self.likely(0.5))

    def transaction(self) -> Transaction:
        numbers = self.random.sample(range(ARTICLES), self.random.randint(1, 6))
        return Transaction({f"x{number}": self.editions(f"x{number}") for number in numbers}, self.likely(0.15))

    def editions(self, name: str) -> list[Edition]:
        shown = [self.article(name) for _ in range(self.random.choice((0, 1, 1, 1, 2, 3)))]
        turns = [(self.hour(), self.random.randint(0, 2)) for _ in range(self.random.choice((0, 0, 1, 2, 4)))]
        return turned(shown, turns)

    def hour(self) -> int | None:
        return None if self.likely(0.2) else self.random.randint(0, LAST_TURN)

    def article(self, name: str) -> Article:
        body = f"{self.text(5)} " * 17 if self.likely(0.1) else self.text(14)
        body = self.copy() if self.likely(0.3) else body
        times = {time: self.moment() for time in ("published", "updated") if self.likely(0.7)}
        source, lang = self.random.choice(SOURCES), self.random.choice(LANGS)
        choose = self.random.choice
        facts = {"url": choose(URLS), "authors": choose(AUTHORS), "dateline": choose(DATELINES)}
        origin = Origin(choose(PATHS))
        return article(name, self.text(4), body.strip(), source=source, lang=lang, origin=origin, **facts, **times)

    def text(self, longest: int) -> str:
        choose = self.random.choice
        words = (choose(self.words) + choose(SEPARATORS) for _ in range(self.random.randint(0, longest)))
        return "".join(words).strip()

    def copy(self) -> str:
        words = self.random.choice(PASSAGES).split()
        for _ in range(self.random.choice((0, 1, 2, 5, 20, 40))):
            words[self.random.randrange(len(words))] = self.random.choice(("", *WORDS))
        return " ".join(words)

    def moment(self) -> Moment:
        choose = self.random.choice
        return moment(self.random.randint(0, 48), choose(("day", "minute")), choose((0, 480, -240)))

    def question(self) -> Question:
        tree = Everything() if self.likely(0.03) else self.tree(3)
        offset = 0 if self.likely(0.7) else self.random.randint(0, 9)
        limit = None if self.likely(0.6) else self.random.randint(0, 9)
        page = Page(self.random.choice(_SORTS), offset, limit, shares=self.likely(0.5))
        grouped = {"stories": self.likely(0.5), "lead": self.random.choice(_LEADS), "count_stories": self.likely(0.3)}
        as_of = START + timedelta(hours=self.random.randint(-1, LAST_TURN + 1)) if self.likely(0.4) else None
        return Question(tree, self.random.choice(ZONES), replace(page, **grouped), as_of)

    def tree(self, depth: int) -> Node:
        if not depth or self.likely(0.5):
            return self.leaf()
        if self.likely(0.2):
            return negation(self.tree(depth - 1))
        if self.likely(0.15):
            return boosted(self.tree(depth - 1), self.random.choice((0.001, 0.5, 2.0, 1000.0)))
        join = self.random.choice((conjunction, disjunction))
        return join([self.tree(depth - 1) for _ in range(self.random.choice((2, 2, 3)))])

    def leaf(self) -> Node:
        field = self.random.choice(_FIELDS)
        match self.random.randint(0, 11):
            case 0 | 1 | 2:
                return replace(self.plain(), field=field)
            case 3 | 4 | 5:
                return replace(self.near(2), field=field)
            case 6:
                return AtLeast(self.random.randint(1, 4), self.operand(2), field)
            case 7 | 8:
                return Keyword((pair := self.random.choice(VALUES))[0], normal_value(*pair))
            case 9:
                least = self.random.randint(0, 20)
                return Words(least, self.random.choice((None, least, least + 9)))
            case 10:
                return Present(self.random.choice(PRESENT))  # type: ignore[arg-type]
        hours = timedelta(hours=self.random.randint(-12, 60))
        bound = (START + hours).astimezone(self.random.choice(ZONES))
        field = "updated" if self.likely(0.4) else "published"
        return Between(field, bound, None) if self.likely(0.5) else Between(field, None, bound)

    def operand(self, depth: int) -> Any:
        if not depth or self.likely(0.6):
            return self.plain()
        if self.likely(0.5):
            return disjunction([self.operand(depth - 1) for _ in range(self.random.choice((2, 2, 3)))])
        return self.near(depth)

    def near(self, depth: int) -> Near:
        sides = self.operand(depth - 1), self.operand(depth - 1)
        return Near(*sides, self.random.choice((1, 1, 2, 3, 5, 8)), ordered=self.likely(0.4))

    def plain(self) -> Any:
        match self.random.randint(0, 7):
            case 0 | 1 | 2:
                return Term(self.word(), self.random.choice(("stem", "stem", "form", "case")))
            case 3:
                return Term(self.random.choice(GUESSED), self.random.choice(("fuzzy", "fuzzier")))
            case 4:
                return self.phrase(quoted=self.likely(0.5))
            case 5:
                return self.loose()
            case 6:
                return Term(self.pattern(), "wildcard")
        return self.compound()

    def word(self) -> str:
        return self.random.choice(self.tokens if self.likely(0.9) else TOKENS)

    def pattern(self) -> str:
        return self.random.choice(self.patterns if self.patterns and self.likely(0.9) else PATTERNS)

    def phrase(self, *, quoted: bool) -> Phrase:
        *before, last = (Term(self.word(), "form") for _ in range(self.random.choice((2, 2, 2, 3))))
        return Phrase((*before, last if quoted else Term(last.text)))

    def loose(self) -> Phrase:
        level: Any = self.random.choice(("form", "form", "case"))
        terms = tuple(Term(self.word(), level) for _ in range(self.random.choice((2, 2, 3, 4))))
        return Phrase(terms, None, len(terms) - 1 + self.random.randint(0, 6))

    def compound(self) -> Phrase:
        terms = list(self.phrase(quoted=False).terms)
        terms[self.random.randrange(len(terms))] = Term(self.pattern(), "wildcard")
        return Phrase(tuple(terms))


def smaller(given: Case) -> Iterator[Case]:
    """Yield cases with a little less in them, those with much less first."""
    if len(given.questions) > 1:
        yield from (replace(given, questions=(question,)) for question in given.questions)
    for nth, transaction in enumerate(given.history):
        for less in ((), *((one,) for one in _smaller_transactions(transaction))):
            yield replace(given, history=(*given.history[:nth], *less, *given.history[nth + 1 :]))
    for nth, question in enumerate(given.questions):
        for one in _smaller_questions(question):
            yield replace(given, questions=(*given.questions[:nth], one, *given.questions[nth + 1 :]))
    if given.tiny:
        yield replace(given, tiny=False)
    if given.reopened:
        yield replace(given, reopened=False)


def _smaller_transactions(given: Transaction) -> Iterator[Transaction]:
    for name, editions in given.changes.items():
        rest = {other: kept for other, kept in given.changes.items() if other != name}
        if rest:
            yield replace(given, changes=rest)
        for nth, shown in enumerate(editions):
            for less in ((), *((replace(shown, article=one),) for one in _smaller_articles(shown.article))):
                left = _again([*editions[:nth], *less, *editions[nth + 1 :]])
                yield replace(given, changes=given.changes | {name: left})
    if given.cancelled:
        yield replace(given, cancelled=False)


def _smaller_articles(given: Article) -> Iterator[Article]:
    plain: dict[str, Any] = {"title": "", "body": "", "published": None, "updated": None, "source": "", "lang": ""}
    plain |= {"url": "", "authors": (), "dateline": "", "origin": Origin("a.txt")}
    yield from (replace(given, **{name: value}) for name, value in plain.items() if getattr(given, name) != value)
    for field in ("title", "body"):
        words = getattr(given, field).split()
        if len(words) > 3:
            yield replace(given, **{field: " ".join(words[: len(words) // 2])})
            yield replace(given, **{field: " ".join(words[len(words) // 2 :])})
        yield from (replace(given, **{field: " ".join(words[:nth] + words[nth + 1 :])}) for nth in range(len(words)))


def _smaller_questions(given: Question) -> Iterator[Question]:
    yield from (given._replace(tree=tree) for tree in _smaller_trees(given.tree))
    if given.as_of:
        yield given._replace(as_of=None)
    plainer: tuple[dict[str, Any], ...] = ({"offset": 0}, {"limit": None}, {"lead": "best"}, {"stories": False})
    for page in (Page("newest", 0, None), *(replace(given.page, **one) for one in plainer)):
        if page != given.page:
            yield given._replace(page=page)


def _smaller_trees(given: Node) -> Iterator[Node]:
    match given:
        case And(children) | Or(children):
            join = conjunction if isinstance(given, And) else disjunction
            yield from children
            for nth, child in enumerate(children):
                yield join([*children[:nth], *children[nth + 1 :]])
                yield from (
                    join([*children[:nth], one, *children[nth + 1 :]])
                    for one in _smaller_trees(child)
                    if not isinstance(one, Everything)
                )
        case Not(child):
            yield child
            yield from (negation(one) for one in _smaller_trees(child))
        case Boost(child, factor):
            yield child
            yield from (boosted(one, factor) for one in _smaller_trees(child))
        case Term() | Phrase() | Near() | AtLeast():
            yield from _smaller_leaves(given)


def _smaller_leaves(given: Leaf) -> Iterator[Node]:
    if given.field:
        yield replace(given, field=None)
    match given:
        case Near(left, right, distance, ordered, field):
            yield from (replace(one, field=field) if not isinstance(one, Or) else one for one in (left, right))  # type: ignore[type-var]
            yield from (Near(one, right, distance, ordered, field) for one in _smaller_operands(left))
            yield from (Near(left, one, distance, ordered, field) for one in _smaller_operands(right))
            if distance > 1:
                yield Near(left, right, distance - 1, ordered, field)
        case AtLeast(count, operand, field):
            yield operand
            yield from (AtLeast(count, one, field) for one in _smaller_operands(operand))
            if count > 1:
                yield AtLeast(count - 1, operand, field)
        case Phrase(terms, field, within) if within is not None and len(terms) > 2:
            yield from (Phrase(terms[:nth] + terms[nth + 1 :], field, within) for nth in range(len(terms)))


def _smaller_operands(given: Any) -> Iterator[Any]:
    return (one for one in _smaller_trees(given) if isinstance(one, Term | Phrase | Near | Or))
