"""The archives that are indexed: real articles, and larger made ones."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from .contenders.base import Story

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
POLITICS = DATA / "politics-2012-2020.jsonl.gz"

FIRST_MINUTE = datetime(2015, 1, 1, tzinfo=UTC)
MINUTES = 10 * 365 * 24 * 60
SHORTEST, LONGEST = 120, 330
"""Words after which an article ends; with the paragraph that passes them, articles have about 250."""
PARAGRAPH_WORDS = range(5, 121)
"""Paragraphs to draw from: no bylines, no articles whose paragraph breaks were lost."""
_SEED = 20_151_124


@dataclass(frozen=True, slots=True)
class Pool:
    """What made articles are put together from."""

    titles: list[str]
    paragraphs: list[tuple[str, int]]
    """With their numbers of words."""
    outlets: list[tuple[str, str]]
    """Sources with sections, as frequent as in the real archive."""


def read_stories(archive: Path) -> Iterator[Story]:
    """Yield the articles of a JSON Lines file, plain or gzipped."""
    with _opened(archive) as lines:
        for line in lines:
            record = json.loads(line)
            yield Story(
                record["id"],
                record.get("title", ""),
                record.get("body", ""),
                record.get("published") or "",
                record.get("source", ""),
                record.get("section", ""),
            )


def sample(archive: Path, articles: int, folder: Path) -> Path:
    """Write the first articles of an archive to a file of their own, unless it is there, and return its path."""
    target = folder / f"{archive.name.partition('.')[0]}-first-{articles}.jsonl"
    if not target.exists():
        with _opened(archive) as lines:
            _write(target, islice(lines, articles))
    return target


def synthesize(archive: Path, articles: int, folder: Path) -> Path:
    """Write made articles to a file, unless it is there, and return its path.

    The same real archive gives the same file, and a larger one begins with the articles of a smaller one.
    """
    target = folder / f"{archive.name.partition('.')[0]}-made-{articles}.jsonl"
    if not target.exists():
        made = make_stories(read_pool(archive), articles)
        _write(target, (json.dumps(asdict(story), ensure_ascii=False) + "\n" for story in made))
    return target


def read_pool(archive: Path) -> Pool:
    """Take real articles apart."""
    pool = Pool([], [], [])
    for story in read_stories(archive):
        pool.titles.append(story.title)
        pool.outlets.append((story.source, story.section))
        for paragraph in story.body.split("\n\n"):
            length = len(paragraph.split())
            if length in PARAGRAPH_WORDS:
                pool.paragraphs.append((paragraph, length))
    return pool


def make_stories(pool: Pool, articles: int) -> Iterator[Story]:
    """Yield articles of a real title and real paragraphs, from random minutes of ten years."""
    draw = random.Random(_SEED)
    for number in range(articles):
        wanted = draw.randint(SHORTEST, LONGEST)
        paragraphs: list[str] = []
        while wanted > 0:
            paragraph, length = draw.choice(pool.paragraphs)
            paragraphs.append(paragraph)
            wanted -= length
        source, section = draw.choice(pool.outlets)
        published = FIRST_MINUTE + timedelta(minutes=draw.randrange(MINUTES))
        title = draw.choice(pool.titles)
        yield Story(f"made-{number:07}", title, "\n\n".join(paragraphs), published.isoformat(), source, section)


def _opened(archive: Path) -> IO[str]:
    return gzip.open(archive, "rt", encoding="utf-8") if archive.suffix == ".gz" else archive.open(encoding="utf-8")


def _write(target: Path, lines: Iterator[str]) -> None:
    """Write a file that has its name only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as stream:
        stream.writelines(lines)
    draft.replace(target)
