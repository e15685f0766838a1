"""`newsearch show`."""

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from newsearch.cli import options
from newsearch.cli.context import Call, complain, lines_of_stdin
from newsearch.cli.wording import as_of as in_words
from newsearch.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from newsearch.ingest.archive import Archive
    from newsearch.model import Article

_NOT_FOUND = 1


def show(
    ids: Annotated[list[str], Argument(help="Ids of articles, or - to read them from stdin.", metavar="ID…")],
    times: Annotated[bool, Option("--times", help="Where each time comes from.")] = False,
    origin: Annotated[bool, Option("--origin", help="What each line of its capture is.")] = False,
    captures: Annotated[bool, Option("--captures", help="Its versions, with every capture of each.")] = False,
    as_of: options.AsOf = None,
    fields: options.Fields = None,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    hyperlinks: options.Hyperlinks = None,
    tz: options.Zone = None,
    width: options.Width = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Show whole articles."""
    from newsearch.ingest.archive import open_archive
    from newsearch.model import Highlighted, Hit, LazySequence, Results

    flags = {"index": index, "format": format, "color": color, "hyperlinks": hyperlinks, "tz": tz, "width": width}
    call = Call.of(flags, quiet=quiet, no_pager=no_pager)
    reports = [name for name, wanted in (("times", times), ("origin", origin), ("captures", captures)) if wanted]
    if reports and call.settings["format"] != "text" and call.settings.is_flag("format"):
        message = f"--{reports[0]} is for people"
        raise UsageError(message, "leave --format out, or ask for --fields times,origin")
    view = call.view(full=not fields, fields=fields)
    wanted, instant = _wanted(ids), call.as_of(as_of)
    with open_archive(call.folder) as archive:
        found = [name for name in wanted if _searched(archive, name, instant)]
        if reports:
            for name in found:
                _report(call, archive, _article(archive, name, instant), reports)
        else:

            def hit(nth: int) -> Hit:
                article = _article(archive, found[nth], instant)
                return Hit(article, 0.0, Highlighted(article.title))

            call.write(Results(None, len(found), LazySequence(len(found), hit)), view)
    for name in dict.fromkeys(name for name in wanted if name not in found):
        then = f" {in_words(instant)}" if instant else ""
        complain(f"newsearch: there is no article '{name}'{then}")
        complain("  ids are at the end of each answer's second line: newsearch query WORDS")
    return 0 if len(found) == len(wanted) else _NOT_FOUND


def _wanted(ids: list[str]) -> list[str]:
    wanted: list[str] = []
    for name in ids:
        wanted.extend([line.strip() for line in lines_of_stdin() if line.strip()] if name == "-" else [name])
    return wanted


def _searched(archive: "Archive", article_id: str, as_of: "datetime | None") -> "list[Article]":
    """Return the article as of a time, if it was known then."""
    editions = archive.engine.editions(article_id)
    return [edition.article for edition in editions if edition.is_searched(as_of)]


def _article(archive: "Archive", article_id: str, as_of: "datetime | None") -> "Article":
    for article in _searched(archive, article_id, as_of):
        return article
    message = f"there is no article '{article_id}'"
    raise UsageError(message)


def _report(call: Call, archive: "Archive", article: "Article", reports: list[str]) -> None:
    from newsearch.cli import reports as report
    from newsearch.outputs.safe import safe

    lines = [article.title or "(no title)"]
    if "times" in reports:
        lines += report.times(article, archive, call.zone)
    if "origin" in reports:
        lines += report.origin(article, archive)
    if "captures" in reports:
        lines += report.captures(archive, article.id, call.zone)
    call.write_text(lambda stream: stream.writelines(f"{safe(line)}\n" for line in lines))
