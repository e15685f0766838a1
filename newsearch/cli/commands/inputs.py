"""`newsearch inputs`."""

from typing import Any, cast

from newsearch.cli import options
from newsearch.cli.context import Call, write_data


def inputs(
    format: options.Format = None,
    color: options.Color = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """List the formats that captures come in, and which of them can be read here."""
    from newsearch.outputs.json_lines import to_json

    call = Call.of({"format": format, "color": color}, quiet=quiet, no_pager=no_pager)
    formats = _formats()
    if call.structured():
        report = {"schema_version": 1, "inputs": formats}
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    else:
        lines = [f"{one['name']:<10} {one['what']}{_remedy(one)}\n" for one in formats]
        call.write_text(lambda stream: stream.writelines(lines))
        call.say("each also compressed (.gz .bz2 .xz .zst), in an archive (.zip .tar), and on stdin; --as names one")
    return 0


def _formats() -> list[dict[str, Any]]:
    from newsearch.inputs import INPUTS

    return [
        {
            "name": name,
            "what": INPUTS[name].what,
            "extra": INPUTS[name].extra or None,
            "installed": not INPUTS.missing(name),
        }
        for name in INPUTS
    ]


def _remedy(one: dict[str, Any]) -> str:
    return "" if one["installed"] else f" (not installed: pip install 'newsearch[{one['extra']}]')"
