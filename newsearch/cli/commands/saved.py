"""`newsearch saved`."""

from collections.abc import Mapping
from typing import Annotated, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.completion import saved_names
from newsearch.cli.context import Call, write_data
from newsearch.errors import UsageError

_NONE = 1


def saved(
    remove: Annotated[
        str | None, Option(help="Forget the query of this name.", autocompletion=saved_names, metavar="NAME")
    ] = None,
    wait: options.Wait = 10.0,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """List the saved queries, or forget one."""
    call = Call.of({"index": index, "format": format, "color": color, "tz": tz}, quiet=quiet, no_pager=no_pager)
    if remove is not None:
        _remove(call, remove, wait)
        return 0
    return _list(call)


def _list(call: Call) -> int:
    from newsearch.ingest.saved import load
    from newsearch.outputs.json_lines import to_json
    from newsearch.outputs.safe import safe_line

    as_json = call.structured()
    queries = load(call.folder)
    if as_json:
        report = {
            "schema_version": 1,
            "saved": [{"name": name, "query": query} for name, query in queries.items()],
        }
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    else:
        lines = [f"{name}: {safe_line(query)}\n" for name, query in queries.items()]
        call.write_text(lambda stream: stream.writelines(lines))
    if not queries:
        call.say("no query is saved yet; save one with: newsearch save NAME QUERY")
        return _NONE
    return 0


def _remove(call: Call, typed: str, wait: float) -> None:
    from newsearch.ingest.saved import changing
    from newsearch.outputs.safe import safe_line
    from newsearch.query import name_of

    with changing(call.folder, wait) as queries:
        before = dict(queries)
        name = name_of(typed)
        if name not in queries:
            message = f"there is no saved query '{typed}'"
            raise UsageError(message, _near(name, queries))
        del queries[name]
    call.say(f"removed {name}; it was: {safe_line(before[name])}")
    say_what_broke(call, before, queries)


def say_what_broke(call: Call, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Tell which saved queries a change of another has made unreadable."""
    from newsearch.ingest.saved import broken_by

    if broken := broken_by(before, after, call.zone):
        call.say(f"saved queries that cannot be read any more: {', '.join(broken)}")


def _near(name: str, queries: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, queries, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "list them with: newsearch saved"
