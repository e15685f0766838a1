"""`newsearch repair`."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.context import Call, wants_color, write_data
from newsearch.cli.reading import reading_settings
from newsearch.cli.wording import number_of

if TYPE_CHECKING:
    from newsearch.ingest.repair import Repaired

_LOST = 3


def repair(
    map: Annotated[
        list[str] | None, Option("--map", help="As when the sources were indexed.", metavar="FIELD=NAME")
    ] = None,
    input_format: Annotated[str | None, Option("--as", help="Take every source for this.", metavar="FORMAT")] = None,
    assume_tz: Annotated[str | None, Option(help="Zone of times that state none.", metavar="ZONE")] = None,
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
    """Make a damaged index usable again, from what is undamaged of it and from its sources."""
    from newsearch.cli.progress import meter
    from newsearch.ingest.repair import conclude, examine
    from newsearch.ingest.repair import repair as repair_index
    from newsearch.inputs import INPUTS

    flags = {"index": index, "format": format, "color": color, "tz": tz, "assume_tz": assume_tz}
    call = Call.of(flags, quiet=quiet, no_pager=no_pager)
    as_json = call.structured()
    settings = reading_settings(call, map or ())
    if input_format:
        INPUTS.load(input_format)
    with meter(quiet=quiet, color=wants_color(sys.stderr, call.settings["color"], os.environ)) as progress:
        done = (
            examine(call.folder, settings, input_format)
            if dry_run
            else repair_index(call.folder, settings, progress, wait, input_format)
        )
    if as_json:
        _write_json(done)
    else:
        _list_lost(call, done)
    _tell(call, done, trial=dry_run)
    if not dry_run:
        conclude(call.folder)
    return _LOST if done.lost or done.unknown or done.left_alone else 0


def _list_lost(call: Call, done: "Repaired") -> None:
    from newsearch.outputs.safe import safe_line

    lines = [f"lost: {safe_line(one.id)}, read from {safe_line(str(one.origin))}\n" for one in done.lost]
    call.write_text(lambda stream: stream.writelines(lines))


def _tell(call: Call, done: "Repaired", *, trial: bool) -> None:
    """Say what was found and done, on stderr."""
    if not done.damaged:
        call.say("nothing is damaged")
        return
    would = "would be " if trial else ""
    call.say(f"damaged: {', '.join(done.damaged)}")
    rescued, reread = number_of(done.rescued, "edition"), number_of(done.reread, "source")
    call.say(f"{rescued} {would}taken from damaged files, {reread} {would}read again")
    for sentence in done.unknown:
        call.say(sentence)
    if done.lost:
        call.say(f"{number_of(len(done.lost), 'capture')} {would}lost, which no file that can be read holds")
    for path in done.left_alone:
        call.say(f"not read again, since it was read with other settings before (--map, --as, …): {path}")
    if done.left_alone:
        call.say("what is lost of these comes back when newsearch index takes them in with the settings they need")
    if done.aside:
        call.say(f"the damaged files are in {done.aside}; delete them when you need them no more")
    if not trial:
        call.say("the index can be used again; to make sure: newsearch verify --deep")


def _write_json(done: "Repaired") -> None:
    from newsearch.outputs.json_lines import to_json

    report: dict[str, object] = {
        "schema_version": 1,
        "damaged": done.damaged,
        "aside": str(done.aside) if done.aside else None,
        "editions_rescued": done.rescued,
        "sources_read_again": done.reread,
        "left_alone": done.left_alone,
        "unknown": done.unknown,
        "lost": [{"id": one.id, "origin": str(one.origin)} for one in done.lost],
    }
    write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
