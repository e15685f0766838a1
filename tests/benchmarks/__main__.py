"""newsearch beside stock Whoosh, SQLite FTS5 and tantivy, on the same articles in the same run.

From the project's root, in an environment with the `bench` extra (`pip install -e '.[bench]'`):

    python -m tests.benchmarks                          # compare: everything on the political archive
    python -m tests.benchmarks --articles 2000          # the same on its first 2,000 articles
    python -m tests.benchmarks --without whoosh         # stock Whoosh takes most of the time
    python -m tests.benchmarks --archive mine.jsonl.gz  # on articles of your own
    python -m tests.benchmarks scale                    # made archives of 20,000, 200,000 and 1,000,000 articles
    python -m tests.benchmarks scale --sizes 20000
    python -m tests.benchmarks quality --grid           # nDCG@10 on judged collections; BM25F settings
    python -m tests.benchmarks stories                  # planted copies: how many are found, and what it costs
    python -m tests.benchmarks stories --pairs 200      # pairs taken for copies, to be read and judged
    python -m tests.benchmarks all --json figures.json  # what every goal needs, in one run

The report is Markdown on stdout; progress goes to stderr, and all figures to the file named with `--json`. Archives
that are made stay in the scratch folder (`--scratch`) for the next run; indexes are removed. A million articles want
10 GB of room.

How things are measured:

- **Indexing**: in a process of its own, from the first byte of the archive file to the last merge, JSON parsing
  included for all alike; the median of up to three builds. Peak memory is the sum of the proportional set sizes of
  that process and all it started, looked at ten times a second.
- **Queries**: warm, in one process per contender, from the parsed query to ten ids with scores and the exact total;
  30 rounds over all queries, so that none is asked twice in a row. Each contender reads the same question in its own
  way. The others return the numbers they know documents by, newsearch the ids that users see. The others keep stems
  only, so that their prefixes are those of the stems (`immigr*`); those of newsearch are of words as written
  (`immigra*`).
- **Snippets**: the same with title and marked snippet of the ten.
- **One more article**: a writer opened, the article added, committed, and visible.
- **Cold start**: the whole command in a new process, in turn with the imports it cannot do without.
- **Verifying**: `newsearch verify` beside `newsearch index` on a tenth of the articles, both as whole commands.
- **Stock Whoosh** is left out of the larger made archives, where it would take hours.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from . import archives, quality
from .contenders import CONTENDERS, TITLES, load
from .figures import SIZES, SMALL, Figures, Section, claims
from .measure import Effort, measure, measure_command
from .report import render
from .stories import ROUNDS, measure_stories, pairs_to_read, render_stories

OTHERS = [name for name in CONTENDERS if name != "newsearch"]
QUICK = Effort(builds=1, warmups=1, rounds=2, pages=1, additions=2, starts=1, verifications=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, and report."""
    options = _options(arguments)
    if options.pairs:
        for pair in pairs_to_read(options.archive, options.articles, options.pairs):
            sys.stdout.write(f"{pair}\n")
        return 0
    if options.what == "stories":
        rounds = 1 if options.quick else ROUNDS
        sys.stdout.write(render_stories(measure_stories(options.archive, options.articles, rounds)))
        return 0
    contenders = [name for name in CONTENDERS if name not in options.without]
    figures = Figures(machine(contenders))
    for _ in _measurements(figures, options, contenders):
        if options.json:
            figures.write_json(options.json, claims(figures))
    sys.stdout.write(render(figures, claims(figures)))
    return 0


def machine(contenders: Sequence[str]) -> dict[str, str]:
    """Return what the figures depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    versions = [f"Python {platform.python_version()}", f"numpy {version('numpy')}"]
    return {
        "machine": f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}",
        "load when it began": f"{os.getloadavg()[0]:.2f}",
        "versions": ", ".join([*versions, *(load(name).version() for name in contenders)]),
    }


def _measurements(figures: Figures, options: argparse.Namespace, contenders: Sequence[str]) -> Iterator[None]:
    """Fill in the figures, and yield after each part, since the whole takes long."""
    if options.what in ("compare", "all"):
        figures.compared = _compare(options, contenders)
        yield
    if options.what in ("quality", "all"):
        _say("ranking the judged collections")
        collections = quality.read_collections(options.collections)
        figures.quality = quality.measure_quality(collections, contenders)
        figures.grid = quality.measure_grid(collections) if options.grid else {}
        yield
    if options.what in ("scale", "all"):
        for size in options.sizes:
            figures.scaled.append(_scale(options, size, contenders))
            yield


def _compare(options: argparse.Namespace, contenders: Sequence[str]) -> Section:
    archive: Path = options.archive
    if options.articles:
        archive = archives.sample(archive, options.articles, options.scratch)
    return _measure(options, archive, archive.name, contenders)


def _scale(options: argparse.Namespace, size: int, contenders: Sequence[str]) -> Section:
    _say(f"making {size:,} articles")
    archive = archives.synthesize(options.archive, size, options.scratch)
    chosen = [name for name in contenders if name != "whoosh" or size <= SMALL]
    return _measure(options, archive, "made archive", chosen)


def _measure(options: argparse.Namespace, archive: Path, title: str, contenders: Sequence[str]) -> Section:
    folder = options.scratch / "indexes"
    effort = QUICK if options.quick else Effort()
    measured = {}
    for name in contenders:
        _say(f"{TITLES[name]} on {archive.name}")
        measured[name] = measure(name, archive, folder / name, effort)
    articles = measured["newsearch"].build.articles
    _say(f"the newsearch command on {archive.name}")
    tenth = archives.sample(archive, max(1, articles // 10), folder)
    command = measure_command(archive, tenth, articles, folder / "command", effort)
    shutil.rmtree(folder)
    return Section(f"{title}: {articles:,} articles", articles, measured, command)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whats = ("compare", "scale", "quality", "stories", "all")
    parser.add_argument("what", nargs="?", default="compare", choices=whats, help="what to measure")
    parser.add_argument("--archive", type=Path, default=archives.POLITICS, help="JSON Lines, plain or gzipped")
    parser.add_argument("--articles", type=int, help="compare on so many of its first articles")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="of the made archives, with commas between them")
    parser.add_argument("--collections", type=Path, default=quality.COLLECTIONS, help="judged collections, .tar.gz")
    parser.add_argument("--grid", action="store_true", help="try BM25F settings as well")
    parser.add_argument("--pairs", type=int, default=0, help="print so many pairs of stories taken for copies instead")
    parser.add_argument("--without", action="append", default=[], choices=OTHERS, help="leave a contender out")
    parser.add_argument("--quick", action="store_true", help="do everything once or twice, to see that it works")
    parser.add_argument("--json", type=Path, help="write all figures there")
    scratch = Path(tempfile.gettempdir()) / "newsearch-benchmarks"
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for archives and indexes")
    options = parser.parse_args(arguments)
    options.archive, options.scratch = options.archive.resolve(), options.scratch.resolve()
    return options


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _say(what: str) -> None:
    sys.stderr.write(f"{what} …\n")


if __name__ == "__main__":
    sys.exit(main())
