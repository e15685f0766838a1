"""What `show` tells about an article besides its text, as lines for people."""

from collections import Counter
from datetime import datetime, tzinfo
from pathlib import Path

from newsearch.errors import NewsearchError
from newsearch.extract import Settings
from newsearch.extract.pages import read_page
from newsearch.ingest.archive import Archive
from newsearch.ingest.contents import digest_of_file
from newsearch.ingest.versions import Version, versions_of
from newsearch.inputs import read
from newsearch.inputs.files import location_of, open_regular
from newsearch.model import STDIN_NAME, Article, Moment, PageCapture, on_clocks_of
from newsearch.outputs.terminal import when


def times(article: Article, archive: Archive, zone: tzinfo) -> list[str]:
    """Say where each time comes from and what is doubtful about it."""
    named = (("published", article.published), ("updated", article.updated))
    lines = [_time(name, moment, zone) for name, moment in named]
    saved = [capture.instant for capture in archive.ledger.captures_of(article.id) if capture.instant]
    first, last = (_saved(min(saved), zone), _saved(max(saved), zone)) if saved else ("unknown", "unknown")
    return [*lines, f"first captured: {first} (from the file)", f"last captured: {last} (from the file)"]


def origin(article: Article, archive: Archive) -> list[str]:
    """Say what each line of the article's capture is, from the file as it is now."""
    base = archive.base
    lines = [f"origin: {article.origin}"]
    if article.origin.path.startswith(STDIN_NAME):
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
    """List the versions of an article, the one captured last first, and all captures of each."""
    versions = sorted(versions_of(archive, article_id), key=lambda version: version.captures[-1:], reverse=True)
    return [line for version in versions for line in _version(version, zone)]


def _version(version: Version, zone: tzinfo) -> list[str]:
    article = version.edition.article
    stand = "superseded" if version.edition.superseded else "current"
    saved = [_saved(capture.instant, zone) for capture in version.captures]
    shown = saved[0] if len(saved) == 1 else f"{saved[0]} to {saved[-1]}"
    line = f"version {version.number}  {stand:<10}  stated {when(article.updated or article.published, zone)}"
    line += f"  captured {shown}  {version.edition.digest[:8]}"
    if len(saved) == 1:
        return [f"{line}  {article.origin}"]
    places = [f"    {time}  {capture.origin}" for time, capture in zip(saved, version.captures, strict=True)]
    return [line, *reversed(places)]


def _saved(captured: datetime | None, zone: tzinfo) -> str:
    return on_clocks_of(zone, captured).isoformat(timespec="seconds") if captured else "unknown"


def _time(name: str, moment: Moment | None, zone: tzinfo) -> str:
    if moment is None:
        return f"{name}: not stated"
    doubts = f"; {', '.join(moment.flags)}" if moment.flags else ""
    utc = moment.isoformat() if moment.precision == "day" else moment.instant.isoformat()
    return f"{name}: {when(moment, zone)} (UTC {utc}; stated {moment.isoformat()}; from the {moment.evidence}{doubts})"


def _lines_of(article: Article, base: Path) -> tuple[list[str], list[str]]:
    with open_regular(location_of(article.origin.path, base)) as stream:
        for capture in read(stream, article.origin.path, None):
            if not article.origin.covers(capture.origin):
                continue
            if isinstance(capture, PageCapture):
                return list(read_page(capture, Settings()).kinds), list(capture.lines)
            break
    return [], []
