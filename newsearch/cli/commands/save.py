"""`newsearch save`."""

from typing import Annotated

from typer import Argument

from newsearch.cli import options
from newsearch.cli.completion import saved_names
from newsearch.cli.context import Call
from newsearch.errors import QueryError


def save(
    name: Annotated[
        str, Argument(help="What to call it; an existing one is replaced.", autocompletion=saved_names, metavar="NAME")
    ],
    text: Annotated[list[str], Argument(help="The query.", metavar="QUERY…")],
    wait: options.Wait = 10.0,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Keep a query under a name, to be used in others as saved:NAME."""
    from newsearch.cli.commands.saved import say_what_broke
    from newsearch.ingest.saved import changing, name_to_keep
    from newsearch.outputs.safe import safe_line
    from newsearch.query import parse_query
    from newsearch.query.tree import Everything

    call = Call.of({"index": index, "format": format, "color": color, "tz": tz}, quiet=quiet, no_pager=no_pager)
    call.plain()
    kept, typed = name_to_keep(name), " ".join(text)
    with changing(call.folder, wait) as queries:
        before = dict(queries)
        parsed = parse_query(typed, zone=call.zone, saved=before, saving=kept)
        if isinstance(parsed.tree, Everything):
            message = "this query matches everything, so there is nothing to save"
            raise QueryError(message, "for example: newsearch save chips nvidia OR amd")
        queries[kept] = parsed.receipt.text
    for note in parsed.receipt.notes:
        call.say(note)
    was = f"; it was: {safe_line(before[kept])}" if kept in before else ""
    call.say(f"saved as {kept}{was}")
    call.say(f"find what it finds: newsearch query saved:{kept}")
    say_what_broke(call, before, queries)
    return 0
