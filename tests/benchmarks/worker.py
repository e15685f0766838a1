"""What runs in the measured processes. Not for people: it prints one line of JSON."""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from .archives import read_stories
from .contenders import load
from .contenders.base import Contender, Question, Story
from .questions import ALL

LEAST_ROUNDS = 5
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Timed:
    """A question, asked many times."""

    name: str
    total: int
    """Matching articles, as the contender counts them."""
    p50_ms: float
    """From the parsed query to the ten ids with scores and the exact total."""
    p95_ms: float
    page_ms: float
    """The same with title and marked snippets of the ten; median."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How a contender answered everything."""

    questions: tuple[Timed, ...]
    p95_ms: float
    """Over all questions and rounds together."""
    add_ms: float
    """One more article, committed; median."""
    slowest_add_ms: float

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Answers":
        """Return what `asdict` took apart."""
        return cls(**values | {"questions": tuple(Timed(**timed) for timed in values["questions"])})


def build(contender: Contender[Any], archive: Path) -> dict[str, Any]:
    """Index an archive and return how many articles that were and how long it took."""
    counted = Counted(read_stories(archive))
    started = time.perf_counter()
    contender.build(counted)
    return {"articles": counted.count, "seconds": time.perf_counter() - started}


def ask(
    contender: Contender[Any], stories: Iterable[Story], effort: Sequence[float], questions: Sequence[Question] = ALL
) -> Answers:
    """Ask everything, then add.

    Args:
        contender: with a built index.
        stories: to add, under other ids.
        effort: rounds to warm up, rounds that count, rounds with snippets, articles to add, and the seconds after
            which rounds end.
        questions: what to ask.
    """
    *counts, budget = effort
    warmups, rounds, pages, additions = map(int, counts)
    parsed = [contender.parse(question) for question in questions]
    _rounds(contender.answer, parsed, warmups, budget / 2)
    times = _rounds(contender.answer, parsed, rounds, budget)
    shown = _rounds(contender.page, parsed, pages, budget)
    timed = [
        Timed(question.name, contender.answer(query).total, median(own), percentile(own, 95), median(page))
        for question, query, own, page in zip(questions, parsed, times, shown, strict=True)
    ]
    added = [replace(story, id=f"added-{number}") for number, story in enumerate(islice(stories, additions))]
    (adding,) = zip(*_rounds(contender.add, added, 1, budget), strict=True)
    return Answers(tuple(timed), percentile([one for own in times for one in own], 95), median(adding), max(adding))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the least value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Counted(Iterable[Item]):
    """An iterable that knows how much of it was taken."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.count += 1
            yield item


def _rounds(do: Callable[[Item], object], items: Sequence[Item], rounds: int, budget: float) -> list[list[float]]:
    """Do something with each item in turn, round after round, and return the milliseconds it took, by item."""
    times: list[list[float]] = [[] for _ in items]
    first = time.perf_counter()
    for number in range(rounds):
        if number >= LEAST_ROUNDS and time.perf_counter() - first > budget:
            break
        for item, own in zip(items, times, strict=True):
            started = time.perf_counter()
            do(item)
            own.append(1000 * (time.perf_counter() - started))
    return times


def main(task: str, name: str, archive: str, folder: str, *effort: str) -> None:
    """Do one task with one contender."""
    contender = load(name)(Path(folder))
    if task == "build":
        result = build(contender, Path(archive))
    else:
        gc.collect()
        gc.freeze()
        answers = ask(contender, read_stories(Path(archive)), [float(number) for number in effort])
        result = {"version": contender.version(), "answers": asdict(answers)}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
