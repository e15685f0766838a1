"""How well copies are found, and what it costs: copies are planted in a real archive, and looked for.

Of one article in twenty a copy is added of which 0 to 15 of 100 words are others: replaced, left out, or put in, at
random places and with words of the archive itself. What costs is measured in one process, in turn with and without
signatures and clusters. Whether what is found are copies only a reader can tell, so pairs can be printed to be read:
those that nobody planted first.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import Any
from unittest import mock

import numpy as np

from newsearch.analysis.changes import changes
from newsearch.analysis.signatures import SIZE
from newsearch.engines.whoosh.engine import WhooshEngine

from .archives import read_stories
from .contenders.base import Story
from .contenders.newsearch_engine import edition

RATE = 0.15
"""The most words of a copy that are others."""
SHARE = 20
"""One article of so many has a copy."""
BANDS = ((0.0, 0.05), (0.05, 0.1), (0.1, RATE))
ROUNDS = 3
_SHOWN = 8
_EXCERPT, _EXCERPTS = 240, 3
_SEED = 1_997


@dataclass(frozen=True, slots=True)
class Planted:
    """A copy that was planted."""

    original: str
    copy: str
    rate: float
    """The share of its words that are others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an archive with copies in it."""

    recall: dict[tuple[float, float], float]
    """The share of planted pairs in one story, by how many words are others."""
    sizes: list[int]
    """Articles of each story of several, the largest first."""
    others: int
    """Stories that hold more than an article and its copy."""
    seconds: dict[str, float]
    """Of processor time to index it, `with` and `without` stories; the least of several rounds."""
    articles: int


def plant(stories: Sequence[Story], seed: int = _SEED) -> tuple[list[Story], list[Planted]]:
    """Return articles with copies of some of them, in random order, and which these are."""
    draw = random.Random(seed)
    words = [word for story in stories[:: max(1, len(stories) // 500)] for word in story.body.split()]
    planted: list[Planted] = []
    copies: list[Story] = []
    for story in draw.sample(stories, len(stories) // SHARE):
        rate = draw.uniform(0, RATE)
        copies.append(replace(story, id=f"copy-of-{story.id}", body=edited(draw, story.body, rate, words)))
        planted.append(Planted(story.id, copies[-1].id, rate))
    mixed = [*stories, *copies]
    return draw.sample(mixed, len(mixed)), planted


def edited(draw: random.Random, text: str, rate: float, words: Sequence[str]) -> str:
    """Return a text of which so many words were replaced, left out or put in; its paragraphs do not matter."""
    copy = text.split()
    for _ in range(round(rate * len(copy))):
        place, kind = draw.randrange(len(copy) or 1), draw.randrange(3)
        copy[place : place + (kind != 0)] = [draw.choice(words)] if kind != 1 else []
    return " ".join(copy)


def measure_stories(archive: Path, articles: int | None, rounds: int = ROUNDS) -> Found:
    """Plant copies in the first articles of an archive, index it, and look for them."""
    stories, planted = plant(list(read_stories(archive))[:articles])
    seconds: dict[str, float] = {}
    for _ in range(rounds):
        for kind in ("without", "with"):
            with TemporaryDirectory() as folder:
                engine, spent = _indexed(stories, Path(folder), kind)
                seconds[kind] = min(spent, seconds.get(kind, spent))
                clusters = [] if kind == "without" else list(clusters_of(engine))
    of = {name: number for number, members in enumerate(clusters) for name in members}
    pairs = {frozenset((one.original, one.copy)) for one in planted}
    recall = {band: _recall([one for one in planted if band[0] <= one.rate < band[1]], of) for band in BANDS}
    others = sum(members not in pairs for members in clusters)
    sizes = sorted(map(len, clusters), reverse=True)
    return Found(recall, sizes, others, seconds, len(stories))


def pairs_to_read(archive: Path, articles: int | None, count: int) -> Iterator[str]:
    """Yield so many pairs that were taken for copies, as Markdown: titles, how much is the same, what differs most."""
    stories, planted = plant(list(read_stories(archive))[:articles])
    with TemporaryDirectory() as folder:
        engine, _ = _indexed(stories, Path(folder), "with")
        found = {frozenset(pair) for members in clusters_of(engine) for pair in combinations(members, 2)}
    known = {frozenset((one.original, one.copy)) for one in planted} & found
    draw = random.Random(_SEED)
    chosen = [*sorted(map(sorted, found - known)), *draw.sample(sorted(map(sorted, known)), len(known))][:count]
    of = {story.id: story for story in stories}
    for number, pair in enumerate(chosen, 1):
        yield _side_by_side(number, *(of[name] for name in pair))


def _side_by_side(number: int, one: Story, other: Story) -> str:
    changed = changes(one.body, other.body)
    same = sum(len(change.text.split()) for change in changed if change.operation == "equal")
    differing = sorted((change for change in changed if change.operation != "equal"), key=lambda one: -len(one.text))
    lines = [f"{number}. {story.title} ({story.published or 'no date'}; `{story.id}`)" for story in (one, other)]
    lines += [f"   {same:,} words are the same of {len(one.body.split()):,} and {len(other.body.split()):,}"]
    lines += [f"   {change.operation}: {shorten(change.text, _EXCERPT)}" for change in differing[:_EXCERPTS]]
    return "\n".join(lines) + "\n"


def clusters_of(engine: WhooshEngine) -> Iterator[frozenset[str]]:
    """Yield the ids of the articles of each story of several."""
    view = engine._view
    for story in range(1, len(view.stories) + 1):
        yield frozenset(view.article_ids(view.stories.members(story).astype(np.intp)))


def render_stories(found: Found) -> str:
    """Return the figures as Markdown."""
    lines = [f"{found.articles:,} articles, {len(found.sizes):,} stories of several of them", ""]
    lines += ["| words that are others | pairs found |", "|---|---|"]
    lines += [f"| {low:.0%} to {high:.0%} | {share:.3f} |" for (low, high), share in found.recall.items()]
    sizes = ", ".join(f"{count:,} of {size}" for size, count in sorted(Counter(found.sizes).items())[-_SHOWN:])
    speeds = {kind: found.articles / seconds for kind, seconds in found.seconds.items()}
    speed = f"{speeds['without']:,.0f} articles a second without stories and {speeds['with']:,.0f} with them"
    cost = (found.seconds["with"] - found.seconds["without"]) / found.articles
    lines += ["", f"Stories: {sizes}; {found.others:,} hold anything but an article and its planted copy."]
    lines += ["", f"Indexed in one process: {speed} ({cost * 1e6:+.0f} µs an article)."]
    return "\n".join(lines) + "\n"


def _indexed(stories: Sequence[Story], folder: Path, kind: str) -> tuple[WhooshEngine, float]:
    """Index articles in this process, and return the engine with the seconds of processor time that took."""
    engine = WhooshEngine(folder, create=True)
    with ExitStack() as stack:
        stack.enter_context(mock.patch("newsearch.engines.whoosh.writer.processors", return_value=1))
        for place, stand_in in _NOTHING.items() if kind == "without" else ():
            stack.enter_context(mock.patch(f"newsearch.engines.whoosh.{place}", stand_in))
        started = time.process_time()
        writer = engine.writer()
        for story in stories:
            writer.add(edition(story))
        writer.commit()
    return engine, time.process_time() - started


def _no_signatures(texts: Any) -> Any:
    return np.zeros((len(texts.lengths()), SIZE), np.uint8)


def _no_stories(segments: Any, _: Any) -> Any:
    return np.arange(sum(segment.size for segment in segments))


_NOTHING = {"inverter.Inverter.signatures": _no_signatures, "writer.story_roots": _no_stories}


def _recall(planted: Sequence[Planted], of: dict[str, int]) -> float:
    found = [of.get(one.original, -1) == of.get(one.copy, -2) for one in planted]
    return sum(found) / len(found) if found else 1.0
