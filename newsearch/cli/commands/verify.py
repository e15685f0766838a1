"""`newsearch verify`."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.context import Call, wants_color, write_data
from newsearch.cli.wording import number_of

if TYPE_CHECKING:
    from newsearch.cli.progress import Meter
    from newsearch.engines.base import Engine

_DAMAGED = 3


def verify(
    deep: Annotated[bool, Option("--deep", help="Analyse every text again and compare.")] = False,
    laws: Annotated[bool, Option("--laws", help="Ask many queries whose answers must agree with each other.")] = False,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Read everything back and check it."""
    from newsearch.cli.progress import meter
    from newsearch.ingest.archive import open_archive
    from newsearch.ingest.verification import faults, remark
    from newsearch.outputs.json_lines import to_json
    from newsearch.outputs.safe import safe_line

    call = Call.of({"index": index, "format": format, "color": color, "tz": tz}, quiet=quiet, no_pager=no_pager)
    as_json = call.structured()
    with_color = wants_color(sys.stderr, call.settings["color"], os.environ)
    with open_archive(call.folder) as archive:
        editions = archive.engine.statistics().editions
        with meter(quiet=quiet, color=with_color) as progress:
            progress.start(2 * editions if laws else editions)
            found = list(faults(archive, lambda done: progress.advance(done, done), deep=deep))
            behind = "" if found else remark(archive)
            # Of a damaged index nobody need be told that its answers disagree.
            tried = _try_laws(archive.engine, progress, editions) if laws and not found else _Tried()
    told = [*found, *tried.broken]
    if as_json:
        report = {"schema_version": 1, "editions": editions, "faults": told}
        report |= {"laws": tried.laws, "queries": tried.queries} if laws else {}
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    else:
        call.write_text(lambda stream: stream.writelines(f"{safe_line(fault)}\n" for fault in told))
    if behind:
        call.say(behind)
    looked_at = number_of(editions, "edition")
    if found:
        untried = " (the search laws were not tried)" if laws else ""
        call.say(f"{number_of(len(found), 'fault')} in {looked_at}{untried}; mend it: newsearch repair")
    else:
        queries = number_of(tried.queries, "query", "queries")
        asked = f", {number_of(tried.laws, 'search law')} tried with {queries}" if laws else ""
        broken = f"broken {number_of(len(tried.broken), 'time')}; to look for damage: newsearch verify --deep"
        call.say(f"{looked_at} read back{asked}; {broken if tried.broken else 'all is well'}")
    return _DAMAGED if told else 0


class _Tried(NamedTuple):
    """Search laws that were tried."""

    laws: int = 0
    queries: int = 0
    broken: Sequence[str] = ()


def _try_laws(engine: "Engine", progress: "Meter", work: int) -> _Tried:
    """Try all search laws.

    Args:
        engine: of the index.
        progress: told of each query and each law.
        work: what all laws count as.
    """
    from newsearch.engines.laws import LAWS, violations
    from newsearch.engines.trial import Trial

    trial = Trial(engine, lambda: progress.advance(0, 0))
    broken: list[str] = []
    for law in LAWS:
        broken += violations(trial, law)
        progress.advance(work // len(LAWS), 0)
    return _Tried(len(LAWS), trial.queries, broken)
