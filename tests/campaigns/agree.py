"""Does the Whoosh engine agree with the reference engine?

A case is one random query to what a history of random transactions has led to (articles added, updated, superseded,
taken out; some transactions are cancelled). Ten cases share a history, which one seed makes: the first is given with
`--seed`, and the others follow. In three of ten histories segments and blocks are tiny, so that a few articles are
spread over many; half of them are asked of the engine that wrote, the others of one that opens the folder anew.

Totals, hits, scores, marks, snippets, stored editions and statistics must be those of the reference, and a deep
verification must find no fault. A seed that fails is tried again with `--seed` and `--cases 1`; what is tried of it is
made as small as it can be while something still differs.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple
from unittest import mock

from agreement import assert_same_answers, assert_same_content, make, tiny_segments
from random_archives import query_for, scratch_folder

from newsearch.engines.memory import MemoryEngine
from newsearch.model import Edition
from newsearch.query.canonical import canonical

from .cases import ARTICLES, QUESTIONS, Case, case, smaller

TRIES = 3_000
"""Smaller cases tried of one that fails."""
_NAMES = [f"x{number}" for number in range(ARTICLES)]
_TOGETHER = 10
"""Histories that a process takes at once."""
_EVERY = 10
"""Seconds from one report of progress to the next."""
_NAMED = 10
"""Seeds that are named where more fail."""


class Tried(NamedTuple):
    """Some histories that were tried."""

    histories: int
    failed: list[int]
    """Seeds."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, default=2_000, help="how many to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first case")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if something differed in one of them."""
    started = reported = time.monotonic()
    cases, failed = 0, []
    seeds = range(options.seed, options.seed + -(-options.cases // QUESTIONS))
    for tried in _tried(seeds, options.processes):
        cases += tried.histories * QUESTIONS
        failed += tried.failed
        if time.monotonic() - reported > _EVERY:
            reported = time.monotonic()
            _say(f"{cases:,} of {options.cases:,} cases, {cases / (reported - started):.0f} a second, {_found(failed)}")
    seconds = time.monotonic() - started
    about = f"{cases:,} cases, {len(seeds):,} histories, seeds {seeds[0]} to {seeds[-1]}"
    sys.stdout.write(f"agree: {about}, {seconds:.0f} s, {_found(failed)}\n")
    sys.stdout.flush()
    if failed:
        _say(f"seeds that fail: {', '.join(map(str, sorted(failed)[:_NAMED]))}{' …' if len(failed) > _NAMED else ''}")
        _say(shown(*smallest(case(min(failed)))))
    return 1 if failed else 0


def difference(given: Case) -> str | None:
    """Return what differs between the engines in a case, or what went wrong in it; None when they agree."""
    try:
        _try(given)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - also pytest's own failures, which are no Exception
        return f"{type(error).__name__}: {error}"
    return None


def smallest(given: Case) -> tuple[Case, str]:
    """Return a case as small as it can be made with something still different, and what."""
    reason = difference(given) or "it agrees now"
    left = TRIES
    steps = smaller(given)
    while left and (less := next(steps, None)):
        left -= 1
        if found := difference(less):
            given, reason, steps = less, found, smaller(less)
    return given, reason


def shown(given: Case, reason: str) -> str:
    """Return a case and what is wrong with it for people to read."""
    lines = [f"the smallest case found{', segments and blocks tiny' if given.tiny else ''}:"]
    for transaction in given.history:
        lines.append("  transaction, cancelled" if transaction.cancelled else "  transaction")
        for name, editions in transaction.changes.items():
            lines += [f"    {name}: {_plainly(one)}" for one in editions] or [f"    {name}: taken out"]
    for tree, zone, page, as_of in given.questions:
        lines.append(f"  query {canonical(tree)} in {zone}{f' as of {as_of}' if as_of else ''}: {page}")
    return "\n".join([*lines, reason])


def _plainly(shown: Edition) -> str:
    names = ("title", "body", "published", "updated", "source", "lang", "captured")
    stated = [f"{name}={getattr(shown.article, name)!r}" for name in names if getattr(shown.article, name)]
    known = (f"{start or 'ever'} to {end or 'now'}" for start, end in shown.known)
    return ", ".join([*stated, f"known from {', '.join(known) or 'never'}"])


def _tried(seeds: range, processes: int) -> Iterator[Tried]:
    parts = [seeds[start : start + _TOGETHER] for start in range(0, len(seeds), _TOGETHER)]
    if processes == 1:
        yield from map(_try_all, parts)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(_try_all, parts)


def _try_all(seeds: Sequence[int]) -> Tried:
    return Tried(len(seeds), [seed for seed in seeds if difference(case(seed))])


def _try(given: Case) -> None:
    reference = MemoryEngine()
    with ExitStack() as stack:
        stack.enter_context(mock.patch("os.fsync", _nothing))  # nothing of it is to last
        folder = stack.enter_context(scratch_folder())
        if given.tiny:
            stack.enter_context(tiny_segments())
        engine = make("whoosh", folder)
        for transaction in given.history:
            transaction.run(engine)
            transaction.run(reference)
        asked = make("whoosh", folder) if given.reopened else engine
        for tree, zone, page, as_of in given.questions:
            assert_same_answers(asked, reference, query_for(tree, zone, as_of), page)
        assert_same_content(asked, reference, _NAMES)


def _nothing(_: int) -> None:
    """Stand in for the system call."""


def _found(failed: Sequence[int]) -> str:
    return f"{len(failed):,} disagreement{'' if len(failed) == 1 else 's'}"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
