"""`newsearch query`."""

import sys
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, cast

from typer import Argument, Option

from newsearch.cli import options
from newsearch.cli.context import Call
from newsearch.cli.wording import articles, number_of, shortened, stories
from newsearch.cli.wording import as_of as in_words
from newsearch.errors import UsageError

if TYPE_CHECKING:
    from newsearch.engines.base import Engine
    from newsearch.model import Lead, Results, Sort
    from newsearch.query import Query


NOTES = 20
"""Remarks on how a query was read that are told one by one."""
_LEADS = ("earliest", "longest")


def query(
    text: Annotated[list[str] | None, Argument(help="What to find.", metavar="TEXT…")] = None,
    since: Annotated[str | None, Option(help="Published on this day or later.", metavar="DATE")] = None,
    until: Annotated[str | None, Option(help="Published on this day or earlier.", metavar="DATE")] = None,
    source: Annotated[list[str] | None, Option(help="Published by; may be repeated.", metavar="NAME")] = None,
    section: Annotated[list[str] | None, Option(help="In this section; may be repeated.", metavar="NAME")] = None,
    lang: Annotated[list[str] | None, Option(help="In this language; may be repeated.", metavar="CODE")] = None,
    sort: Annotated[str | None, Option(help="relevance, newest, oldest or updated.", metavar="ORDER")] = None,
    stories: Annotated[
        bool | None, Option("--stories/--no-stories", help="Near-copies in one row; usual for text.")
    ] = None,
    lead: Annotated[str | None, Option(help="Which near-copy is shown: earliest or longest.", metavar="WHICH")] = None,
    limit: Annotated[str | None, Option(help="How many articles or stories, or all.", metavar="N")] = None,
    offset: Annotated[int, Option(help="How many to pass over.", min=0, metavar="N")] = 0,
    literal: Annotated[bool, Option("--literal", help="Take the text as plain words.")] = False,
    explain: Annotated[bool, Option("--explain", help="Say how the query was read.")] = False,
    as_of: options.AsOf = None,
    now: Annotated[str | None, Option(help="What relative dates count from.", metavar="TIME")] = None,
    full: options.Full = False,
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
    """Find articles: ranked, with the matching words marked."""
    from newsearch.engines.base import Page
    from newsearch.ingest.archive import open_archive
    from newsearch.outputs.fields import shows_snippets
    from newsearch.query import Filters, parse_query

    flags = {"index": index, "format": format, "color": color, "hyperlinks": hyperlinks, "tz": tz, "width": width}
    call = Call.of(flags | {"limit": limit, "sort": sort}, quiet=quiet, no_pager=no_pager)
    filters = Filters(since, until, source or (), section or (), lang or ())
    if text is None and as_of is None and filters == Filters():
        return _help()
    grouped = _grouped(call, lead, stories=stories)
    view = replace(call.view(full=full, fields=fields), stories=grouped)
    typed = " ".join(text or ())
    saved = {} if literal else _saved(call, typed)
    clock = _instant(now, call.zone)
    parsed = parse_query(
        typed,
        filters=filters,
        literal=literal,
        zone=call.zone,
        now=clock,
        as_of=call.as_of(as_of, clock),
        saved=saved,
    )
    snippets = shows_snippets(call.settings["format"], view.fields, full=view.full)
    page = Page(
        cast("Sort", call.settings["sort"]),
        offset,
        call.settings.limit,
        snippets,
        shares=explain,
        stories=grouped,
        lead=cast("Lead", lead or "best"),
        count_stories=call.settings["format"] == "json",
    )
    with open_archive(call.folder) as archive:
        results = archive.engine.search(parsed, page)
        if explain and not quiet:
            results = replace(results, hits=list(results.hits))  # which are looked at twice
            _explain(call, archive.engine, parsed, results)
        call.write(results, view)
        _report(call, parsed, results, explained=explain, grouped=grouped)
        if not results.total and not quiet:
            _autopsy(call, archive.engine, parsed)
    return 0 if results.total else 1


def _help() -> int:
    from newsearch.cli.app import run

    return run(["query", "--help"])


def _grouped(call: Call, lead: str | None, *, stories: bool | None) -> bool:
    """Tell whether near-copies are to be shown in one row."""
    grouped = call.settings["format"] == "text" if stories is None else stories
    if lead not in (None, *_LEADS):
        message = f"--lead: '{lead}' is not known"
        raise UsageError(message, f"use {' or '.join(_LEADS)}")
    if lead and not grouped:
        message = "--lead says which near-copy stands for a story, and here each article stands for itself"
        raise UsageError(message, "give --stories as well")
    return grouped


def _saved(call: Call, text: str) -> dict[str, str]:
    """Return the saved queries if a query may name one; the others do without the time it takes to read them."""
    if "saved:" not in text.lower():
        return {}
    from newsearch.ingest.saved import load

    return load(call.folder)


def _instant(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--now: '{text}' is not a time"
        raise UsageError(message, "give ISO 8601, for example 2025-04-17T21:22+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _explain(call: Call, engine: "Engine", parsed: "Query", results: "Results") -> None:
    from newsearch.cli.explanation import explained, scored

    call.say(f"read as: {parsed.receipt.canonical}")
    if parsed.receipt.since or parsed.receipt.until:
        call.say(f"published from {parsed.receipt.since or 'any time'} to before {parsed.receipt.until or 'any time'}")
    for line in (*explained(engine, parsed), *scored(results.hits)):
        call.say(line)


def _autopsy(call: Call, engine: "Engine", parsed: "Query") -> None:
    from newsearch.cli.explanation import autopsy

    for line in autopsy(engine, parsed):
        call.say(line)


def _report(call: Call, parsed: "Query", results: "Results", *, explained: bool, grouped: bool) -> None:
    """Tell on stderr what the numbers were, and what the interpretation added."""
    if parsed.receipt.interpreted and sys.stderr.isatty() and not explained:
        call.remark(shortened(f"read as: {parsed.receipt.canonical}"))
    if parsed.as_of:
        call.say(in_words(parsed.as_of))
    notes = list(dict.fromkeys(parsed.receipt.notes))
    for note in notes[:NOTES]:
        call.say(shortened(note))
    if len(notes) > NOTES:
        call.say(f"and {number_of(len(notes) - NOTES, 'more such remark')}")
    call.say(_numbers(results, (results.total_stories or 0) if grouped else results.total))
    if results.undated:
        call.say(f"{articles(results.undated)} without a date left out, since the query asks for dates")


def _numbers(results: "Results", rows: int) -> str:
    """Say how much was found and what of it is shown.

    Args:
        results: of the query.
        rows: there are in all, articles or stories.
    """
    shown = len(results.hits)
    first, last = results.offset + 1, results.offset + shown
    found = articles(results.total) + (f" in {stories(rows)}" if rows < results.total else "")
    if not results.total:
        return "no article matches"
    if not shown:
        return f"{found}; none behind the first {results.offset}" if results.offset >= rows else found
    if shown == rows:
        return found
    return f"{first}–{last} of {found}" + (f"; more with --offset {last}" if last < rows else "")
