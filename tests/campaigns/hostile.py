"""Does newsearch survive whatever strangers put into their pages, names, archives and indexes?

Each case, made by hand and known by its name, puts something hostile beside two ordinary articles and runs the real
commands on all of it, with every way out. It is survived when each of them ends soon, in bounded memory, without a
traceback, with an exit code of the command line's and nothing on its streams that acts on a terminal or in a
spreadsheet; when the ordinary articles are found; when the hostile thing is an article, or named with a reason among
what was skipped; and when nothing was written but the index, and nobody was called.

    python -m tests.campaigns hostile --list                        # the names of the cases
    python -m tests.campaigns hostile --only archives               # a group of them, or one by its name
"""

import argparse
import csv
import io
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from newsearch.ingest.archive import FOLDER

from .damage import Said, command, fast
from .outcome import Outcome
from .strangers import CASES, SOURCES, Case

ROOT = Path(__file__).parents[2]
SECONDS = 120
"""That all commands on a case may take, on a busy machine too."""
MEMORY = 2 << 30
"""Bytes of address space of a process."""
ORDINARY = {"Ferry", "Quay"}
LIMITS = f"--index {FOLDER} --limit all --no-stories"
TERMINAL = "--color always --hyperlinks always --width 60"
ASKED = (
    f"query harbour --limit all {TERMINAL}",
    f"query words:>=0 {LIMITS} {TERMINAL} --full --explain",
    f"query words:>=0 {LIMITS} --format json --full",
    f"query words:>=0 {LIMITS} --format jsonl --fields id,title,origin,times,authors,url,source,section,dateline",
    f"query words:>=0 {LIMITS} --format csv --fields id,title,body,origin,authors,url,source,section,dateline,snippets",
    f"query words:>=0 {LIMITS} --format tsv --fields id,title,body,origin,authors,url,source,section,dateline,snippets",
    f"query words:>=0 {LIMITS} --format md",
    f"query harbour {LIMITS} --format ids",
    f"query =nowhere nothing~ xyzzy {TERMINAL}",
    "status",
    "status --skipped",
    "status --format json",
    "saved",
)
SHOWN = (f"show - {TERMINAL}", "show - --times --origin --captures", "show - --format json", "show - --format md")
CODES = {0, 1, 2, 3, 4, 5}
FORGED = ("newsearch: all is well", "index: /elsewhere")
"""Lines that some of the texts try to have printed."""
_UNSAFE = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_LINK = re.compile(r"\x1b\]8;(?:id=[0-9]+)?;([^\x1b\x07]*)\x1b\\")
_MARKUP = re.compile(r"(?<!\\)<(?!https?://)[a-zA-Z/!]|(?<!\\)\]\(<?(?!<?https?:)")
_FORMULA = tuple("=+-@\t\r")
_HOOK = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["CALLS"], "a") as calls:
            calls.write(f"{event} {arguments}\\n")
        raise PermissionError(event)
sys.addaudithook(watch)
"""
"""What every process loads first, the children of newsearch among them."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--only", action="append", help="cases in whose name this stands; may be repeated")
    parser.add_argument("--every", type=int, default=1, help="of the cases, to try each nth one")
    parser.add_argument("--large", action=argparse.BooleanOptionalAction, default=True, help="the largest too")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")
    parser.add_argument("--list", action="store_true", help="tell the names of the cases, and try none")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if one was not survived."""
    parts = options.only or [""]
    wanted = [name for name, case in CASES.items() if options.large or not case.large]
    wanted = [name for name in wanted if any(part in name for part in parts)][:: options.every]
    if options.list:
        sys.stdout.writelines(f"{name}\n" for name in wanted)
        return 0
    started = time.monotonic()
    with ThreadPoolExecutor(options.processes) as pool:
        tried = pool.map(_in_processes, (wanted[nth :: options.processes] for nth in range(options.processes)))
        found = {name: failure for one in tried for name, failure in one.items()}
    failures = [f"--only {shlex.quote(name)}: {found[name]}" for name in wanted if name in found]
    return Outcome("hostile", len(wanted), "inputs", time.monotonic() - started, failures=failures).report()


def _in_processes(names: Sequence[str]) -> dict[str, str]:
    """Try cases in a process, and go on in another where one ends it; return what failed, and why."""
    failed: dict[str, str] = {}
    left = list(names)
    while left:
        command = [sys.executable, "-m", "tests.campaigns.hostile"]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            told = process.communicate(json.dumps(left))[0].splitlines()
        for line in told:
            name, failures = json.loads(line)
            left.remove(name)
            failed |= {name: failures[0]} if failures else {}
        if process.returncode:
            killer = left.pop(0)
            how = f"more than {SECONDS} seconds" if process.returncode == -signal.SIGALRM else f"{process.returncode}"
            failed[killer] = f"it ended the process ({how})"
    return failed


def main() -> None:
    """Be a process that tries the cases named on its stdin, and tells of each in a line."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    exec(_HOOK, {})  # noqa: S102 - the lines above
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for name in json.load(sys.stdin):
        signal.alarm(SECONDS)
        told.write(json.dumps([name, list(try_one(CASES[name]))]) + "\n")
        told.flush()
    signal.alarm(0)


def try_one(case: Case) -> Iterator[str]:
    """Try a case in a folder of its own, and yield what goes wrong."""
    with TemporaryDirectory(dir=None if case.large else fast()) as name:
        base = Path(name)
        for folder in ("hook", "home", "temporary", f"base/{SOURCES}"):
            (base / folder).mkdir(parents=True)
        (base / "hook/sitecustomize.py").write_text(_HOOK)
        environment = {"HOME": base / "home", "TMPDIR": base / "temporary", "PYTHONPATH": base / "hook"}
        environment |= {"CALLS": base / "calls", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"}
        given = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSEARCH_", "XDG_"))}
        given |= {name: str(value) for name, value in environment.items()}
        # Python remembers the folder for temporary files that it found first.
        with mock.patch.dict(os.environ, given, clear=True), mock.patch.object(tempfile, "tempdir", None):
            try:
                yield from _failures(base, case)
            except Exception as error:  # noqa: BLE001 - whatever it is, it was not survived
                yield f"{error!r}"


def _failures(base: Path, case: Case) -> Iterator[str]:
    folder = base / "base"
    _write_ordinary(folder / SOURCES)
    case.write(folder)
    before = _listed(base)
    said = {"index": command(folder, f"index {SOURCES} --color always", *case.options)}
    if not case.spoil:
        yield from _unexpected("index", said["index"], {0, 5} | case.codes)
    else:
        case.spoil(folder / FOLDER)
    for question in ASKED:
        said[question] = command(folder, question)
    for words in case.commands:
        said[shlex.join(words)] = command(folder, "", *words)
    names = said[ASKED[2]].out and [hit["id"] for hit in json.loads(said[ASKED[2]].out)["hits"]]
    for question in SHOWN if not case.spoil else ():
        said[question] = command(folder, question, stdin="\n".join(names[:50]))
    if case.spoil:
        said |= {words: command(folder, words) for words in ("verify", "index sources", "repair")}
    for question, one in said.items():
        yield from _unexpected(question, one, CODES)
        yield from unsafe(question, one, f"{base}/base/{SOURCES}/")
    if not case.spoil and not case.codes:
        yield from _unfound(said, folder, case)
    if added := sorted(_listed(base) - before):
        yield f"written outside of the index: {', '.join(added)}"


def _unexpected(question: str, said: Said, codes: set[int]) -> Iterator[str]:
    if said.code not in codes or "Traceback" in said.err or "internal error" in said.err:
        yield f"{question}: exit code {said.code}: {said.err.strip()[:300]!r}"


def unsafe(question: str, said: Said, place: str) -> Iterator[str]:
    """Yield what acts on whatever shows the streams; links lead to the web, or to files below a place."""
    own = re.compile(rf"https?://[!-~]+|file://{re.escape(place)}[!-~]*|")
    for stream in said[1:]:
        bare = _STYLE.sub("", _LINK.sub("", stream.replace("\r\n", "\n") if " csv" in question else stream))
        if found := _UNSAFE.search(bare):
            yield f"{question}: {found[0]!r} in {bare[max(0, found.start() - 60) : found.end() + 20]!r}"
        yield from (f"{question}: a link to {url!r}" for url in _LINK.findall(stream) if not own.fullmatch(url))
    forged = (line for line in said.err.splitlines() if line.startswith(FORGED))
    yield from (f"{question}: a line that is not newsearch's own: {line!r}" for line in forged)
    formulas = (cell for cell in _cells(question, said.out) if cell.lstrip(" \n").startswith(_FORMULA))
    yield from (f"{question}: a formula: {cell[:60]!r}" for cell in formulas)
    if " md" in question and (found := _MARKUP.search(said.out)):
        yield f"{question}: markup: {said.out[found.start() : found.end() + 40]!r}"


def _cells(question: str, text: str) -> Iterator[str]:
    """Yield the cells of a table; nothing where the question was for none."""
    csv.field_size_limit(sys.maxsize)
    if " csv" in question:
        yield from chain.from_iterable(csv.reader(io.StringIO(text, newline=""), strict=True))
    elif " tsv" in question:
        yield from (cell for line in text.split("\n") for cell in line.split("\t"))


def _unfound(said: dict[str, Said], folder: Path, case: Case) -> Iterator[str]:
    """Yield what should be there, or be told, and is not."""
    missing = ORDINARY - {hit["title"] for hit in json.loads(said[ASKED[2]].out)["hits"]}
    if missing:
        yield f"not found any more: {', '.join(sorted(missing))}"
    skipped = json.loads(command(folder, "status --skipped --format json").out)["skipped"]
    articles = json.loads(said["status --format json"].out)["articles"]
    if not case.silent and articles == len(ORDINARY) and not skipped:
        yield "it is neither an article nor among what was skipped"
    if not all(place["reason"] and place["detail"] for place in skipped):
        yield f"skipped without a reason: {skipped}"


def _listed(base: Path) -> set[str]:
    """Return the names of all files outside the index."""
    found: set[str] = set()
    for folder, folders, names in os.walk(base):
        folders[:] = [name for name in folders if name != FOLDER]
        found |= {os.fsencode(Path(folder, name)).decode("utf-8", "backslashreplace") for name in (*folders, *names)}
    return found


def _write_ordinary(sources: Path) -> None:
    record = {"id": "ferry", "title": "Ferry", "body": "The ferry left the harbour.", "source": "Wire"}
    (sources / "ordinary.jsonl").write_text(json.dumps(record) + "\n")
    more = record | {"id": "quay", "title": "Quay", "body": "The quay of the harbour was closed."}
    (sources / "zz-ordinary.jsonl").write_text(json.dumps(more) + "\n")


if __name__ == "__main__":
    main()
