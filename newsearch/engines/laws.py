"""Laws that the answers of every engine keep, whatever is in the index: those of sets, of order, and of what is typed.

Each law is one attempt with what a trial thinks of, and yields what breaks it. That articles may be taken in in any
order is a law too, but a finished index cannot show it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

from newsearch.analysis import fold
from newsearch.engines.base import Page
from newsearch.engines.trial import Trial
from newsearch.errors import QueryError
from newsearch.model import Results, Sort
from newsearch.query import parse_query
from newsearch.query.canonical import canonical
from newsearch.query.fields import TEXT_FIELDS, VALUE_FIELDS
from newsearch.query.parser import SHORTEST_FUZZY
from newsearch.query.tree import (
    AtLeast,
    Between,
    Boost,
    Everything,
    Near,
    Node,
    Not,
    Phrase,
    Present,
    Term,
    TimeField,
    conjunction,
    disjunction,
)

_SHOWN = 3
"""Ids that a line names."""
_PAGES = 3
_TIME_FIELDS: tuple[TimeField, ...] = get_args(TimeField)
_PRESENT = (*TEXT_FIELDS, *VALUE_FIELDS, *_TIME_FIELDS)
Law = Callable[[Trial], Iterator[str]]


def violations(trial: Trial, law: str) -> list[str]:
    """Try a law by its name, and return how it is broken, one line each."""
    lines = (line for _ in range(trial.rounds) for line in LAWS[law](trial))
    return [f"law '{law}': {line}" for line in dict.fromkeys(lines)]


def _narrowing(trial: Trial) -> Iterator[str]:
    one, other = trial.condition(), trial.condition()
    expected = trial.found(one) & trial.found(other)
    yield from _equal(trial, conjunction([one, other]), expected, f"{canonical(one)} and {canonical(other)} share")


def _widening(trial: Trial) -> Iterator[str]:
    one, other = trial.condition(), trial.condition()
    expected = trial.found(one) | trial.found(other)
    yield from _equal(
        trial, disjunction([one, other]), expected, f"{canonical(one)} and {canonical(other)} together find"
    )


def _exclusion(trial: Trial) -> Iterator[str]:
    yield from _parted(trial, trial.condition())


def _presence(trial: Trial) -> Iterator[str]:
    for field in trial.random.sample(_PRESENT, 3):
        yield from _parted(trial, Present(field))


def _nearness(trial: Trial) -> Iterator[str]:
    words, field = trial.pair(), trial.field()
    left, right = (Term(word, "form") for word in words)
    less, more = sorted(trial.random.sample(range(1, 20), 2))
    ordered = [Near(left, right, distance, ordered=True, field=field) for distance in (1, less)]
    loose = [Near(left, right, distance, field=field) for distance in (less, more)]
    both = conjunction([Term(word, "form", field) for word in words])
    yield from _nested(trial, Phrase((left, right), field), *ordered, *loose, both)
    stems = Near(Term(words[0]), Term(words[1]), less, field=field)
    yield from _nested(trial, loose[0], stems)


def _loose_phrase(trial: Trial) -> Iterator[str]:
    field, distance = trial.field(), trial.random.randint(1, 20)
    left, right = (Term(word, "form") for word in trial.pair())
    near = Near(left, right, distance, field=field)
    yield from _equal(trial, Phrase((left, right), field, distance), trial.found(near), f"{canonical(near)} finds")


def _exactness(trial: Trial) -> Iterator[str]:
    word, field = trial.word(), trial.field()
    yield from _nested(trial, Term(word, "case", field), Term(word, "form", field), Term(word, "stem", field))


def _patterns(trial: Trial) -> Iterator[str]:
    word, field = trial.word(), trial.field()
    folded = fold(word)
    if folded.isalnum() and len(folded) >= SHORTEST_FUZZY:
        # Shorter pieces would stand for half of the archive.
        kept = trial.random.randrange((len(folded) + 1) // 2, len(folded))
        for pattern in (f"{folded[:kept]}*", f"*{folded[-kept:]}", f"{folded[0]}?{folded[2:]}"):
            yield from _nested(trial, Term(word, "form", field), Term(pattern, "wildcard", field))


def _guesses(trial: Trial) -> Iterator[str]:
    word, field = trial.word(), trial.field()
    if word.isalpha() and len(fold(word)) >= SHORTEST_FUZZY:
        yield from _nested(trial, *(Term(word, level, field) for level in ("form", "fuzzy", "fuzzier")))


def _fields(trial: Trial) -> Iterator[str]:
    for node in _placed(trial):
        title, body = replace(node, field="title"), replace(node, field="body")
        expected = trial.found(title) | trial.found(body)
        yield from _equal(trial, node, expected, f"{canonical(title)} and {canonical(body)} together find")


def _leads(trial: Trial) -> Iterator[str]:
    for node in _placed(trial):
        yield from _nested(trial, replace(node, field="lead"), replace(node, field="body"))


def _adjacent_ranges(trial: Trial) -> Iterator[str]:
    start, middle, end = trial.bounds()
    frame = trial.frame()
    early, late, whole = (
        conjunction([*frame, Between("published", since, None), Between("published", None, before)])
        for since, before in ((start, middle), (middle, end), (start, end))
    )
    yield from _parts(trial, early, late, whole)


def _longer_ranges(trial: Trial) -> Iterator[str]:
    start, middle, end = trial.bounds()
    frame = trial.frame()
    since, before = Between("published", start, None), Between("published", None, end)
    short, long = ([*frame, since, Between("published", None, close)] for close in (middle, end))
    yield from _nested(trial, *map(conjunction, (short, long, [*frame, since], frame)))
    late = [*frame, Between("published", middle, None), before]
    yield from _nested(trial, *map(conjunction, (late, long, [*frame, before], frame)))


def _repeats(trial: Trial) -> Iterator[str]:
    tree, size = _searched(trial), trial.random.randint(1, 10)
    for sort in get_args(Sort):
        first, second = (trial.listed(tree, Page(sort, offset, size, snippets=False)) for offset in (0, size))
        if repeated := set(first) & set(second):
            yield f"{canonical(tree)} by {sort}, {size} a page: {_named(repeated)} on both"


def _slices(trial: Trial) -> Iterator[str]:
    tree, size = _searched(trial), trial.random.randint(1, 10)
    for sort in get_args(Sort):
        whole = trial.listed(tree, Page(sort, 0, _PAGES * size, snippets=False))
        for offset in range(0, _PAGES * size, size):
            page, slice_of_it = trial.listed(tree, Page(sort, offset, size, snippets=False)), whole[offset:][:size]
            if page != slice_of_it:
                other = _named(set(page) ^ set(slice_of_it)) or "another order"
                yield f"{canonical(tree)} by {sort}: {size} from {offset} on are not those of a longer page: {other}"


def _sameness(trial: Trial) -> Iterator[str]:
    tree = _searched(trial)
    for sort in get_args(Sort):
        page = Page(sort, 0, 100, snippets=False)
        if _plain(trial.ask(tree, page)) != _plain(trial.ask(tree, page)):
            yield f"{canonical(tree)} by {sort}: two answers differ"


def _totals(trial: Trial) -> Iterator[str]:
    tree = _composed(trial)
    listed, total = trial.listed(tree), trial.total(tree)
    if not total == len(listed) == len(set(listed)):
        yield f"{canonical(tree)}: total {total:,}, ids {len(listed):,}, of which different {len(set(listed)):,}"


def _canonical_form(trial: Trial) -> Iterator[str]:
    tree = _composed(trial)
    text = canonical(tree)
    try:
        query = parse_query(text)
    except QueryError as error:
        yield f"{text} cannot be read: {error}"
        return
    if query.tree != tree:
        yield f"{text} is read as {query.receipt.canonical}"
    page = Page("relevance", 0, 100, snippets=False)
    if _plain(trial.ask(query, page)) != _plain(trial.ask(tree, page)):
        yield f"{text} is answered otherwise when it is read again"


LAWS: dict[str, Law] = {
    "narrowing never adds": _narrowing,
    "OR never loses": _widening,
    "a query and its exclusion part the archive": _exclusion,
    "what has a field and what lacks it part the archive": _presence,
    "phrase, PRE, NEAR and AND each find what the one before does": _nearness,
    "a loose phrase is NEAR": _loose_phrase,
    "less exact words find no less": _exactness,
    "a pattern finds the words it covers": _patterns,
    "a guess finds the word itself": _guesses,
    "title and body are all there is": _fields,
    "the lead is part of the body": _leads,
    "adjacent ranges part their union": _adjacent_ranges,
    "a longer range contains the shorter": _longer_ranges,
    "page 2 never repeats page 1": _repeats,
    "pages are slices of one order": _slices,
    "the same query has the same answer": _sameness,
    "the total is the number of ids": _totals,
    "the canonical form is the same query": _canonical_form,
}
"""Each by the name it is reported under."""


def _equal(trial: Trial, tree: Node, expected: set[str], should: str) -> Iterator[str]:
    found = trial.found(tree)
    for fault, names in (("missing", expected - found), ("too many", found - expected)):
        if names:
            yield f"{canonical(tree)} finds {len(found):,}, {should} {len(expected):,}; {fault}: {_named(names)}"


def _nested(trial: Trial, *trees: Node) -> Iterator[str]:
    """Compare queries of which each finds what the one before does, and maybe more."""
    narrow, *wider = trees
    fewer = trial.found(narrow)
    for wide in wider:
        more = trial.found(wide)
        if lost := fewer - more:
            counts = f"{canonical(narrow)} finds {len(fewer):,}, {canonical(wide)} {len(more):,}"
            yield f"{counts}; only the former: {_named(lost)}"
        narrow, fewer = wide, more


def _parts(trial: Trial, one: Node, other: Node, whole: Node) -> Iterator[str]:
    """Compare two queries with the one that finds what either does, when nothing may be found by both."""
    some, rest = trial.found(one), trial.found(other)
    yield from _equal(trial, whole, some | rest, f"{canonical(one)} and {canonical(other)} together find")
    if shared := some & rest:
        yield f"{canonical(one)} finds {len(some):,}, {canonical(other)} {len(rest):,}; both: {_named(shared)}"


def _parted(trial: Trial, node: Node) -> Iterator[str]:
    """Compare a condition and its exclusion with the archive: by numbers, and by ids as far as those can be read."""
    frame = trial.frame()
    yield from _parts(trial, conjunction([*frame, node]), conjunction([*frame, Not(node)]), conjunction(frame))
    inside, outside, everything = map(trial.total, (node, Not(node), Everything()))
    if inside + outside != everything:
        yield f"{canonical(node)} finds {inside:,}, {canonical(Not(node))} {outside:,}, of {everything:,} in all"


def _placed(trial: Trial) -> tuple[Term | Phrase | Near, ...]:
    """Return what stands in some text, in whichever field."""
    left, right = (Term(word, "form") for word in trial.pair())
    near = Near(left, right, trial.random.randint(1, 9))
    return Term(trial.word()), Term(trial.word(), "form"), Phrase((left, right)), near


def _searched(trial: Trial) -> Node:
    """Return a query whose first hits are looked at, however many there are."""
    return trial.random.choice((Everything(), Term(trial.word()), trial.condition()))


def _composed(trial: Trial) -> Node:
    """Return a query with operators, which finds no more than some conditions do together."""
    one, other, third = (trial.condition() for _ in range(3))
    word = Term(trial.word(), field=trial.field())
    return trial.random.choice(
        (
            one,
            conjunction([one, Not(other)]),
            disjunction([one, conjunction([other, third])]),
            conjunction([one, disjunction([other, third])]),
            conjunction([one, Not(disjunction([other, third]))]),
            disjunction([Boost(word, 2.5), one]),
            AtLeast(2, Term(word.text), word.field),
        )
    )


def _plain(results: Results) -> tuple[int, int, list[tuple[str, float]]]:
    return results.total, results.undated, list(results.ranking)


def _named(names: set[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(sorted(names)[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
