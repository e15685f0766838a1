"""Random archives, transactions and queries over a few words that are chosen to be mistaken for each other."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from small_archives import article, edition

from newsearch.engines.base import Engine, Page
from newsearch.model import Article, Edition, Interval, Moment, Origin
from newsearch.query import Query, parse_query
from newsearch.query.canonical import canonical
from newsearch.query.tree import (
    AtLeast,
    Between,
    Boost,
    Everything,
    Keyword,
    Near,
    Node,
    Not,
    Operand,
    Phrase,
    Present,
    Term,
    ValueField,
    Words,
    conjunction,
    disjunction,
    ranked_leaves,
)
from newsearch.query.values import normal

EXAMPLES = int(os.environ.get("NEWSEARCH_EXAMPLES", "120"))
"""How many archives an ordinary run tries; a campaign sets more."""
many = settings(max_examples=EXAMPLES, deadline=None)

WORDS = (
    *("export", "exports", "Exported", "exporting", "expert", "US", "U.S.", "us", "café", "cafe", "cafe\u0301", "CAFÉ"),
    *(
        "AT&T",
        "at",
        "T",
        "F-16",
        "F16",
        "16",
        "东盟",
        "盟",
        "山东",
        "1,000",
        "1000",
        "3.5%",
        "not",
        "the",
        "C++",
        "Nvidia’s",
    ),
    *("Haus", "Häuser", "hauses", "Preis", "preise", "achetée", "ACHETER", "achetee", "national", "Nationaux"),
)
TOKENS = (*(word for word in WORDS if word not in ("F-16", "东盟", "山东", "cafe\u0301")), "F", "东", "山")
"""What queries look for: words of one token, composed as the parser composes them."""
PATTERNS = (
    *(
        "ex*",
        "*port",
        "exp?rt*",
        "*xp*",
        "E*O*T",
        "*s",
        "?s",
        "U.*",
        "ca?é",
        "c*",
        "at*",
        "*&t",
        "F*",
        "1*",
        "1?00",
        "1,000*",
    ),
    *("$*1", "#*t", "3.5*", "??t", "*e*", "C*+", "*'s", "t?*"),
)
"""Words with wildcards that match several of the words, some in unexpected ways, or none."""
GUESSED = ("exprot", "export", "exports", "eport", "cafe", "acfe", "nvidias", "Exporting", "not", "the", "AT&T")
"""Words typed with a mistake or none."""
SEPARATORS = (" ", " ", " ", ", ", ". ", "\n\n", " – ")
_DRAWN = Random(1789)
PASSAGES = tuple(" ".join(_DRAWN.choice(WORDS) for _ in range(words)) for words in (19, 24, 60, 60, 260))
"""Bodies that articles have copies of; the first is too short for that, in the last many words may be others."""
SOURCES = ("", "Bastille Post", "bastille  post", "Wire", "wire.example")
URLS = (
    "",
    "https://www.wire.example/a?b=c",
    "http://wire.example:80/",
    "//WIRE.example",
    "https://post.example/a",
    "a b",
)
AUTHORS: tuple[tuple[str, ...], ...] = ((), ("Zoë Smith",), ("Zoe  Smith-Jones", "王小明"), ("…",))
DATELINES = ("", "HONG KONG, March 30 (Wire) –", "Hong Kong", "LONDON")
PATHS = ("wire/2025/a.txt", "Wire/b.HTML", "a.txt", "dump [1].jsonl", "-")
VALUES: tuple[tuple[ValueField, str], ...] = (
    *(("source", value) for value in ("", "bastille post", "wire")),
    *(("lang", value) for value in ("en", "zh", "de")),
    *(("site", value) for value in ("", "wire.example", "www.wire.example", "example", "http://post.example/x")),
    *(("by", value) for value in ("", "smith", "zoe smith", "Smith Zoe", "小明", "jones 王")),
    *(("dateline", value) for value in ("hong kong", "HONG", "30 wire", "london")),
    *(("file", value) for value in ("a.txt", "wire/", "2025/a.txt", "*.html", "d*[1].jsonl", "?.txt", "-")),
)
LANGS = ("", "en", "EN", "zh", "de", "de-AT", "fr", "fra")
"""Three stemmers, which take different words for the same."""
ZONES = (UTC, ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York"), timezone(timedelta(hours=-11)))
SIZES = st.integers(0, 40)
PRESENT = (
    *("title", "body", "lead", "source", "section", "lang", "site", "by", "dateline", "file", "published", "updated"),
)
START = datetime(2025, 3, 29, tzinfo=UTC)  # around a change of clocks in Europe
LAST_TURN = 24
"""The hour after `START` from which the last edition of an article is the newest known."""


def text(longest: int) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.sampled_from(WORDS), st.sampled_from(SEPARATORS))
    return st.lists(pairs, max_size=longest).map(lambda made: "".join(word + space for word, space in made).strip())


def moment(hours: int, precision: str, offset: int) -> Moment:
    if precision == "day":
        return Moment(START + timedelta(days=hours // 12), precision="day")
    return Moment(START + timedelta(hours=hours), offset)


moments = st.builds(moment, st.integers(0, 48), st.sampled_from(["day", "minute"]), st.sampled_from([0, 480, -240]))
bounds = st.builds(
    lambda hours, zone: (START + timedelta(hours=hours)).astimezone(zone), st.integers(-12, 60), st.sampled_from(ZONES)
)


def turned(shown: Sequence[Article], turns: Sequence[tuple[int | None, int]]) -> list[Edition]:
    """Return articles as the editions of one, of which one after the other was the newest known, and the last one is.

    Args:
        shown: what each edition shows.
        turns: hours since `START` at which a turn begins, None for all time before, and which edition's turn it is;
            they are sorted and the last one's is added here.
    """
    if not shown:
        return []
    chosen = {hours: nth % len(shown) for hours, nth in turns} | {LAST_TURN: len(shown) - 1}
    order = sorted(chosen, key=lambda hours: -LAST_TURN if hours is None else hours)
    instants = [None if hours is None else START + timedelta(hours=hours) for hours in order]
    known: list[tuple[Interval, ...]] = [()] * len(shown)
    for hours, start, end in zip(order, instants, [*instants[1:], None], strict=True):
        known[chosen[hours]] += ((start, end),)
    return [
        edition(
            replace(one, captured=known[nth][0][0] if known[nth] else START),
            superseded=nth < len(shown) - 1,
            known=known[nth],
        )
        for nth, one in enumerate(shown)
    ]


def _copied(passage: str, changes: list[tuple[int, str]]) -> str:
    words = passage.split()
    for place, word in changes:
        words[place % len(words)] = word
    return " ".join(words)


copies = st.builds(
    _copied,
    st.sampled_from(PASSAGES),
    st.lists(st.tuples(st.integers(0, 300), st.sampled_from(("", *WORDS))), max_size=40),
)
"""Near-copies of each other, or not quite."""


def articles(name: str) -> st.SearchStrategy[Article]:
    return st.builds(
        article,
        st.just(name),
        text(4),
        text(14) | text(5).map(lambda once: f"{once} " * 17) | copies,
        published=st.none() | moments,
        updated=st.none() | moments,
        source=st.sampled_from(SOURCES),
        lang=st.sampled_from(LANGS),
        url=st.sampled_from(URLS),
        authors=st.sampled_from(AUTHORS),
        dateline=st.sampled_from(DATELINES),
        origin=st.sampled_from(PATHS).map(Origin),
    )


archives = st.integers(1, 12).flatmap(lambda count: st.tuples(*(articles(f"x{number}") for number in range(count))))


@dataclass(frozen=True)
class Transaction:
    """Some articles' new editions, the last of them current; an article without any is taken out."""

    changes: dict[str, list[Edition]]
    cancelled: bool

    def run(self, engine: Engine) -> None:
        writer = engine.writer()
        for name, editions in self.changes.items():
            writer.delete(name)
            for one in editions:
                writer.add(one)
        if self.cancelled:
            writer.cancel()
        else:
            writer.commit()


def _editions(name: str) -> st.SearchStrategy[list[Edition]]:
    turns = st.lists(st.tuples(st.none() | st.integers(0, LAST_TURN), st.integers(0, 2)), max_size=4)
    return st.builds(turned, st.lists(articles(name), min_size=0, max_size=3), turns)


names = st.sampled_from([f"x{number}" for number in range(12)])
changes = st.dictionaries(names, st.none(), min_size=1, max_size=8).flatmap(
    lambda chosen: st.fixed_dictionaries({name: _editions(name) for name in chosen})
)
transactions = st.lists(
    st.builds(Transaction, changes, st.sampled_from([False, False, False, True])), min_size=1, max_size=5
)

text_fields: st.SearchStrategy[Any] = st.sampled_from([None, None, None, "title", "body", "lead"])
written: st.SearchStrategy[Any] = st.builds(
    Term, st.sampled_from(TOKENS), st.sampled_from(["stem", "stem", "form", "case"]), text_fields
)
guessed: st.SearchStrategy[Any] = st.builds(
    Term, st.sampled_from(GUESSED), st.sampled_from(["fuzzy", "fuzzier"]), text_fields
)
terms = written | written | guessed


def _phrase(words: list[str], *, quoted: bool, field: str | None) -> Phrase:
    parts = [Term(word, "form") for word in words[:-1]]
    return Phrase((*parts, Term(words[-1], "form" if quoted else "stem")), field)  # type: ignore[arg-type]


phrases = st.builds(
    _phrase,
    st.lists(st.sampled_from(TOKENS), min_size=2, max_size=3),
    quoted=st.booleans(),
    field=text_fields,
)
wildcards: st.SearchStrategy[Any] = st.builds(Term, st.sampled_from(PATTERNS), st.just("wildcard"), text_fields)


def _compound(words: list[str], pattern: str, place: int, field: str | None) -> Phrase:
    parts = [Term(word, "form") for word in words]
    parts.insert(place, Term(pattern, "wildcard"))
    last = parts[-1] if parts[-1].level == "wildcard" else Term(parts[-1].text)
    return Phrase((*parts[:-1], last), field)  # type: ignore[arg-type]


compounds = st.builds(
    _compound,
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=2),
    st.sampled_from(PATTERNS),
    st.integers(0, 2),
    text_fields,
)
keywords = st.sampled_from(VALUES).map(lambda pair: Keyword(pair[0], normal(*pair)))
ranges = st.builds(lambda bound: Between("published", bound, None), bounds) | st.builds(
    lambda bound: Between("published", None, bound), bounds
)
updates = st.builds(lambda bound: Between("updated", bound, None), bounds) | st.builds(
    lambda bound: Between("updated", None, bound), bounds
)
lengths = st.builds(lambda least, more: Words(least, None if more is None else least + more), SIZES, st.none() | SIZES)
presences: st.SearchStrategy[Any] = st.sampled_from(PRESENT).map(Present)


def _loose(words: list[str], level: str, more: int, field: str | None) -> Phrase:
    return Phrase(tuple(Term(word, level) for word in words), field, len(words) - 1 + more)  # type: ignore[arg-type]


loose_phrases = st.builds(
    _loose,
    st.lists(st.sampled_from(TOKENS), min_size=2, max_size=4),
    st.sampled_from(["form", "form", "case"]),
    st.integers(0, 6),
    text_fields,
)


def _without_field(node: Any) -> Any:
    return replace(node, field=None)


operands: st.SearchStrategy[Operand] = st.recursive(
    (terms | terms | phrases | wildcards | compounds | loose_phrases).map(_without_field),
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=3).map(disjunction),
        st.builds(Near, below, below, st.integers(1, 6), st.booleans()),
    ),
    max_leaves=4,
)
nears = st.builds(Near, operands, operands, st.integers(1, 8), st.booleans(), text_fields)
counts = st.builds(AtLeast, st.integers(1, 5), operands, text_fields)
leaves: st.SearchStrategy[Node] = st.one_of(
    *(terms, terms, phrases, loose_phrases, wildcards, compounds, nears, nears, counts),
    *(keywords, ranges, updates, lengths, presences),
)


def negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def boosted(node: Node, factor: float) -> Node:
    """Return a node with a weight, as far as one can be typed behind it."""
    return Boost(node, factor) if any(True for _ in ranked_leaves(node)) else node


conditions: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(conjunction),
        st.lists(nodes, min_size=2, max_size=3).map(disjunction),
        nodes.map(negation),
        st.builds(boosted, nodes, st.sampled_from([0.001, 0.5, 2.0, 1000.0])),
    ),
    max_leaves=6,
)
trees = st.just(Everything()) | conditions
zones = st.sampled_from(ZONES)
pages = st.builds(
    Page,
    st.sampled_from(["relevance", "newest", "oldest", "updated"]),
    st.integers(0, 14),
    st.none() | st.integers(0, 14),
    shares=st.booleans(),
    stories=st.booleans(),
    lead=st.sampled_from(["best", "best", "earliest", "longest"]),
    count_stories=st.booleans(),
)


times = st.none() | st.integers(-1, LAST_TURN + 1).map(lambda hours: START + timedelta(hours=hours))
"""As of which to search."""


def query_for(tree: Node, zone: tzinfo = UTC, as_of: datetime | None = None) -> Query:
    """Return what a user gets who types a tree's canonical form."""
    query = parse_query(canonical(tree), zone=zone, as_of=as_of)
    assert query.tree == tree
    return query


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for an index, in memory where that can be had."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder is made in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "index"
