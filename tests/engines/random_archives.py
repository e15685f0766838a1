"""Random archives, transactions and queries over a few words that are chosen to be mistaken for each other."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from small_archives import article, edition

from newsearch.engines.base import Engine, Page
from newsearch.model import Article, Edition, Moment
from newsearch.query import Query, parse_query
from newsearch.query.canonical import canonical
from newsearch.query.tree import (
    Between,
    Everything,
    Keyword,
    KeywordField,
    Node,
    Not,
    Phrase,
    Term,
    conjunction,
    disjunction,
)

EXAMPLES = int(os.environ.get("NEWSEARCH_EXAMPLES", "200"))
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
)
TOKENS = (*(word for word in WORDS if word not in ("F-16", "东盟", "山东")), "F", "东", "山")
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
SEPARATORS = (" ", " ", " ", ", ", ". ", "\n\n", " – ")
SOURCES = ("", "Bastille Post", "bastille  post", "Wire")
LANGS = ("", "en", "EN", "zh")
ZONES = (UTC, ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York"), timezone(timedelta(hours=-11)))
START = datetime(2025, 3, 29, tzinfo=UTC)  # around a change of clocks in Europe


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


def articles(name: str) -> st.SearchStrategy[Article]:
    return st.builds(
        article,
        st.just(name),
        text(4),
        text(14) | text(5).map(lambda once: f"{once} " * 17),
        published=st.none() | moments,
        updated=st.none() | moments,
        source=st.sampled_from(SOURCES),
        lang=st.sampled_from(LANGS),
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
    versions = st.lists(articles(name), min_size=0, max_size=3)
    return versions.map(
        lambda shown: [edition(one, superseded=number < len(shown) - 1) for number, one in enumerate(shown)]
    )


names = st.sampled_from([f"x{number}" for number in range(12)])
changes = st.dictionaries(names, st.none(), min_size=1, max_size=8).flatmap(
    lambda chosen: st.fixed_dictionaries({name: _editions(name) for name in chosen})
)
transactions = st.lists(
    st.builds(Transaction, changes, st.sampled_from([False, False, False, True])), min_size=1, max_size=5
)

terms = st.builds(
    Term,
    st.sampled_from(TOKENS),
    st.sampled_from(["stem", "stem", "form"]),
    st.sampled_from([None, None, "title", "body"]),
)


def _phrase(words: list[str], *, quoted: bool, field: str | None) -> Phrase:
    parts = [Term(word, "form") for word in words[:-1]]
    return Phrase((*parts, Term(words[-1], "form" if quoted else "stem")), field)  # type: ignore[arg-type]


phrases = st.builds(
    _phrase,
    st.lists(st.sampled_from(TOKENS), min_size=2, max_size=3),
    quoted=st.booleans(),
    field=st.sampled_from([None, None, "title", "body"]),
)
wildcards = st.builds(
    Term, st.sampled_from(PATTERNS), st.just("wildcard"), st.sampled_from([None, None, "title", "body"])
)


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
    st.sampled_from([None, "title", "body"]),
)
keyword_fields: st.SearchStrategy[KeywordField] = st.sampled_from(["source", "lang"])
keywords = st.builds(Keyword, keyword_fields, st.sampled_from(["", "bastille post", "wire", "en", "zh"]))
ranges = st.builds(lambda bound: Between("published", bound, None), bounds) | st.builds(
    lambda bound: Between("published", None, bound), bounds
)
leaves: st.SearchStrategy[Node] = terms | terms | phrases | wildcards | compounds | keywords | ranges


def negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


conditions: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(conjunction),
        st.lists(nodes, min_size=2, max_size=3).map(disjunction),
        nodes.map(negation),
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
)


def query_for(tree: Node, zone: tzinfo = UTC) -> Query:
    """Return what a user gets who types a tree's canonical form."""
    return parse_query(canonical(tree), zone=zone)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for an index, in memory where that can be had."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder is made in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "index"
