"""`newsearch index`."""

import os
import sys
from math import inf
from typing import TYPE_CHECKING, Annotated, cast

from typer import Argument, Option

from newsearch.cli import options
from newsearch.cli.context import Call, check_stdin, complain, wants_color, write_data
from newsearch.cli.reading import reading_settings
from newsearch.cli.wording import articles, number_of
from newsearch.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from newsearch.ingest.plan import Plan, Summary
    from newsearch.inputs.files import Roots

DEFAULT_ROOT = "corpus"
_SHOWN = 20
_MISSING, _SKIPPED, _INTERRUPTED = 2, 5, 130


def index(
    paths: Annotated[list[str] | None, Argument(help="Files, folders, globs, or - for stdin.", metavar="PATH…")] = None,
    map: Annotated[
        list[str] | None, Option("--map", help="A field's name in the records.", metavar="FIELD=NAME")
    ] = None,
    input_format: Annotated[str | None, Option("--as", help="Take every file for this.", metavar="FORMAT")] = None,
    assume_tz: Annotated[str | None, Option(help="Zone of times that state none.", metavar="ZONE")] = None,
    exclude: Annotated[list[str] | None, Option(help="Leave these files out.", metavar="GLOB")] = None,
    keep_missing: Annotated[bool, Option("--keep-missing", help="Keep articles whose files are gone.")] = False,
    watch: Annotated[bool, Option("--watch", help="Go on, and take in what changes, until Ctrl-C.")] = False,
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
    """Take in captures. Incremental: only what changed is read again; safe to interrupt and to repeat."""
    from newsearch.ingest.plan import Plan
    from newsearch.inputs import INPUTS

    flags = {"index": index, "format": format, "color": color, "tz": tz, "assume_tz": assume_tz}
    call = Call.of(flags, quiet=quiet, no_pager=no_pager)
    call.structured()  # a format that reports do not have is told before anything is done
    if input_format:
        INPUTS.load(input_format)
    roots = _roots(paths or [DEFAULT_ROOT])
    if not roots.present and not roots.stdin:
        return _MISSING
    if watch and (roots.stdin or dry_run):
        message = (
            "--watch cannot follow standard input" if roots.stdin else "--watch and --dry-run contradict each other"
        )
        raise UsageError(message, "leave one of the two out")
    plan = Plan(roots, reading_settings(call, map or ()), input_format, tuple(exclude or ()), keep_missing)
    if watch:
        return _follow(call, plan, wait=wait)
    summary, finished = _run(call, plan, wait=wait, trial=dry_run)
    if not finished:
        return _INTERRUPTED
    return _MISSING if roots.missing else _SKIPPED if summary.failed else 0


def _roots(paths: list[str]) -> "Roots":
    """Return what the arguments stand for, having told what stands for nothing."""
    from newsearch.inputs.files import resolve_roots

    roots = resolve_roots(paths)
    if roots.stdin:
        check_stdin()
    for name in roots.missing:
        complain(f"newsearch: there is no {name}")
        complain("  check the path; nothing was removed for it")
    return roots


def _follow(call: Call, plan: "Plan", *, wait: float) -> int:
    """Run the plan again and again, whenever something has changed, until the user has had enough."""
    from newsearch.ingest.watching import occasions

    waiting = False
    try:
        for _ in occasions(plan.roots.present, call.folder):
            waiting = False
            if not _run(call, plan, wait=wait, trial=False)[1]:
                return _INTERRUPTED
            wait = inf  # another writer must not end the watch
            call.say("waiting for changes; end with Ctrl-C")
            waiting = True
    except KeyboardInterrupt:
        if not waiting:
            raise
        call.say("newsearch: no longer waiting for changes")
    return _INTERRUPTED


def _run(call: Call, plan: "Plan", *, wait: float, trial: bool) -> "tuple[Summary, bool]":
    """Run the plan and tell what it did; the second value is False when it was interrupted."""
    from newsearch.cli.progress import meter
    from newsearch.ingest.archive import open_for_trial, open_for_writing
    from newsearch.ingest.pipeline import Ingest

    opened = open_for_trial(call.folder) if trial else open_for_writing(call.folder, create=True, wait=wait)
    color = wants_color(sys.stderr, call.settings["color"], os.environ)
    with opened as archive, meter(quiet=call.quiet, color=color) as progress:
        ingest = Ingest(archive, plan, progress, trial=trial)
        try:
            ingest.run()
            finished = True
        except KeyboardInterrupt:
            finished = False
    _tell(call, ingest.summary, call.folder, trial=trial, finished=finished)
    if call.structured():
        _write_json(ingest.summary)
    return ingest.summary, finished


def _tell(call: Call, summary: "Summary", folder: "Path", *, trial: bool, finished: bool) -> None:
    """Say what was done, and what was not, on stderr."""
    from newsearch.outputs.safe import safe_line

    harmful = [skipped for skipped in summary.skipped if not skipped.harmless]
    for skipped in harmful[:_SHOWN]:
        complain(f"newsearch: {safe_line(str(skipped.origin))}: {skipped.reason}: {safe_line(skipped.detail)}")
    if len(harmful) > _SHOWN:
        complain(f"newsearch: and {len(harmful) - _SHOWN:,} more: newsearch status --skipped")
    if harmless := len(summary.skipped) - len(harmful):
        call.say(f"no article in {number_of(harmless, 'place')}, which is no fault: newsearch status --skipped")
    for name, count in summary.unread.most_common(_SHOWN):
        call.say(f"not a field here: {name} ({number_of(count, 'record')}); --map gives a field another name")
    if not finished:
        safe = f"safe in {folder}: {articles(summary.committed)} of this run"
        call.say(f"newsearch: interrupted; {safe}; run it again to go on")
        return
    read = number_of(summary.files_read, "file")
    files = f"{read} read, {summary.files_unchanged:,} unchanged, {summary.files_vanished:,} gone"
    would = "would be " if trial else ""
    if summary.nothing_changed:
        verb = "would change" if trial else "changed"
        call.say(f"nothing {verb}: {number_of(summary.unchanged, 'capture')} as before; {files}")
    else:
        done = f"{articles(summary.added)} {would}added, {summary.changed:,} changed, {summary.left:,} taken out"
        call.say(f"{done}, {summary.unchanged:,} unchanged; {files}")
    if summary.files_reread:
        reread = number_of(summary.files_reread, "file")
        call.say(f"{reread} read anew, since --map, --assume-tz or --as were others before")
    if summary.kept_out:
        call.say(f"{number_of(summary.kept_out, 'capture')} of removed articles kept out")
    if summary.skipped_before:
        call.say(f"{number_of(summary.skipped_before, 'place')} skipped as before: newsearch status --skipped")
    call.say(f"index: {folder}")


def _write_json(summary: "Summary") -> None:
    from newsearch.outputs.json_lines import to_json

    names = ("files_read", "files_unchanged", "files_vanished", "added", "changed", "left", "unchanged", "kept_out")
    report: dict[str, object] = {"schema_version": 1} | {name: getattr(summary, name) for name in names}
    report["skipped"] = [
        {"origin": str(one.origin), "reason": one.reason, "detail": one.detail} for one in summary.skipped
    ]
    write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
