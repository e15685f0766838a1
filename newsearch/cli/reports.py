"""What `show` tells about an article besides its text, as lines for people."""

from collections import Counter
from datetime import UTC, datetime, tzinfo
from math import isfinite
from pathlib import Path

from newsearch.errors import NewsearchError
from newsearch.extract import Settings
from newsearch.extract.pages import read_page
from newsearch.ingest.archive import Archive
from newsearch.ingest.pipeline import digest_of_file
from newsearch.inputs import read
from newsearch.inputs.files import location_of
from newsearch.model import Article, Moment, PageCapture
from newsearch.outputs.terminal import when


def times(article: Article, archive: Archive, zone: tzinfo) -> list[str]:
    """Say where each time comes from and what is doubtful about it."""
    named = (("published", article.published), ("updated", article.updated))
    lines = [_time(name, moment, zone) for name, moment in named]
    saved = [capture.captured for capture in archive.ledger.captures_of(article.id) if isfinite(capture.captured)]
    first, last = (_saved(min(saved), zone), _saved(max(saved), zone)) if saved else ("unknown", "unknown")
    return [*lines, f"first captured: {first} (from the file)", f"last captured: {last} (from the file)"]


def origin(article: Article, archive: Archive) -> list[str]:
    """Say what each line of the article's capture is, from the file as it is now."""
    base = archive.base
    lines = [f"origin: {article.origin}"]
    if article.origin.path.startswith("stdin:"):
        return [*lines, "it came from standard input, which is not kept"]
    entry = archive.ledger.file_entry(article.origin.path)
    try:
        if entry is None or entry.digest != digest_of_file(location_of(article.origin.path, base)):
            return [*lines, "the file has changed since; newsearch index reads it again"]
        kinds, texts = _lines_of(article, base)
    except (OSError, NewsearchError) as error:
        return [*lines, f"the file cannot be read now: {error}"]
    if not kinds:
        return [*lines, "one record of a structured file, or a document read whole"]
    first, last = article.origin.first_line, article.origin.last_line
    lines += [
        f"{number:>6} {kinds[number - 1]:<9} {texts[number - 1][:60]}"
        for number in range(first, min(last, len(kinds)) + 1)
    ]
    counts = Counter(kinds[first - 1 : last])
    return [*lines, ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))]


def captures(archive: Archive, article_id: str, zone: tzinfo) -> list[str]:
    """List the captures of an article, newest first."""
    current = {edition.digest for edition in archive.engine.editions(article_id) if not edition.superseded}
    lines: list[str] = []
    for capture in reversed(archive.ledger.captures_of(article_id)):
        saved = _saved(capture.captured, zone) if isfinite(capture.captured) else "unknown"
        stand = "current" if capture.digest in current else "superseded"
        lines.append(f"{saved}  {stand:<10}  {capture.digest[:8]}  {capture.origin}")
    return lines


def _saved(captured: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(captured, UTC).astimezone(zone).isoformat(timespec="seconds")


def _time(name: str, moment: Moment | None, zone: tzinfo) -> str:
    if moment is None:
        return f"{name}: not stated"
    doubts = f"; {', '.join(moment.flags)}" if moment.flags else ""
    utc = moment.isoformat() if moment.precision == "day" else moment.instant.isoformat()
    return f"{name}: {when(moment, zone)} (UTC {utc}; stated {moment.isoformat()}; from the {moment.evidence}{doubts})"


def _lines_of(article: Article, base: Path) -> tuple[list[str], list[str]]:
    with location_of(article.origin.path, base).open("rb", buffering=0) as stream:
        for capture in read(stream, article.origin.path, None):
            if not article.origin.covers(capture.origin):
                continue
            if isinstance(capture, PageCapture):
                return list(read_page(capture, Settings()).kinds), list(capture.lines)
            break
    return [], []
