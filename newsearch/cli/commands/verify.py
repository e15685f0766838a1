"""`newsearch verify`."""

import os
import sys
from typing import Annotated, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.context import Call, wants_color, write_data

_DAMAGED = 3


def verify(
    deep: Annotated[bool, Option("--deep", help="Analyse every text again and compare.")] = False,
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
            progress.start(editions)
            behind = remark(archive)
            found = list(faults(archive, lambda done: progress.advance(done, done), deep=deep))
    if as_json:
        report = {"schema_version": 1, "editions": editions, "faults": found}
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    else:
        call.write_text(lambda stream: stream.writelines(f"{safe_line(fault)}\n" for fault in found))
    if behind:
        call.say(behind)
    if found:
        call.say(f"{len(found):,} faults in {editions:,} editions; move {call.folder} away and run: newsearch index")
        return _DAMAGED
    call.say(f"{editions:,} editions read back; all is well")
    return 0
