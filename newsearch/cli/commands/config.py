"""`newsearch config`."""

from typing import Annotated, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.context import Call, write_data
from newsearch.cli.settings import SOURCES


def config(
    origin: Annotated[bool, Option("--origin", help="Say where each value comes from.")] = False,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    hyperlinks: options.Hyperlinks = None,
    tz: options.Zone = None,
    width: options.Width = None,
    assume_tz: Annotated[str | None, Option(metavar="ZONE", help="As of index.")] = None,
    limit: Annotated[str | None, Option(metavar="N", help="As of query.")] = None,
    sort: Annotated[str | None, Option(metavar="ORDER", help="As of query.")] = None,
    pager: Annotated[str | None, Option(metavar="COMMAND", help="What long text is shown in.")] = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Show the settings: flag before environment before project file before user file."""
    from newsearch.outputs.json_lines import to_json
    from newsearch.outputs.safe import safe_line

    flags = {"index": index, "format": format, "color": color, "hyperlinks": hyperlinks, "tz": tz, "width": width}
    flags |= {"assume_tz": assume_tz, "limit": limit, "sort": sort, "pager": pager}
    call = Call.of(flags, quiet=quiet, no_pager=no_pager)
    values = call.settings.values
    if call.structured():
        report: dict[str, object] = {
            name: {"value": setting.value, "origin": setting.origin} for name, setting in values.items()
        }
        report[SOURCES] = call.settings.sources
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
        return 0
    lines = [f"{name} = {one.value}" + (f"  # {one.origin}" if origin else "") for name, one in values.items()]
    told = call.settings.sources.items()
    lines += [f"{SOURCES}.{name}.{fact} = {value}" for name, facts in told for fact, value in facts.items()]
    call.write_text(lambda stream: stream.writelines(f"{safe_line(line)}\n" for line in lines))
    return 0
