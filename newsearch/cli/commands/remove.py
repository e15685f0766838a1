"""`newsearch remove`."""

import sys
from typing import Annotated

from typer import Argument, Option

from newsearch.cli import options
from newsearch.cli.context import Call, complain
from newsearch.errors import UsageError

_NOT_FOUND = 1


def remove(
    ids: Annotated[list[str], Argument(help="Ids of articles.", metavar="ID…")],
    yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    wait: options.Wait = 0.0,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Take articles out for good: indexing their files again does not bring them back."""
    from newsearch.ingest.archive import open_archive, open_for_writing
    from newsearch.ingest.removal import remove_articles
    from newsearch.outputs.safe import safe_line

    call = Call.of({"index": index, "format": format, "color": color, "tz": tz}, quiet=quiet, no_pager=no_pager)
    call.plain()
    with open_archive(call.folder) as archive:
        found = {name: article for name in ids if (article := archive.engine.get(name))}
    for name in (name for name in dict.fromkeys(ids) if name not in found):
        complain(f"newsearch: there is no article '{name}'")
        complain("  ids are at the end of each answer's second line: newsearch query WORDS")
    for name, article in found.items():
        call.say(f"{'would remove' if dry_run else 'to remove'}: {name}  {safe_line(article.title)}")
    status = 0 if len(found) == len(set(ids)) else _NOT_FOUND
    if dry_run or not found:
        return status
    _agreed(len(found), yes=yes)
    with open_for_writing(call.folder, create=False, wait=wait) as archive:
        remove_articles(archive, list(found))
    call.say(f"removed: {len(found):,}")
    return status


def _agreed(count: int, *, yes: bool) -> None:
    """Make sure that it is wanted.

    Raises:
        UsageError: it is not, or nobody can be asked.
        KeyboardInterrupt: the question was not answered.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        message = "removing cannot be undone, and there is no terminal to ask on"
        raise UsageError(message, "give --yes")
    sys.stderr.write(f"Remove {count:,} for good? [y/N] ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    if answer.strip().lower() not in ("y", "yes"):
        message = "nothing was removed"
        raise UsageError(message)
