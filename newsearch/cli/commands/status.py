"""`newsearch status`."""

from typing import TYPE_CHECKING, Annotated, Any, cast

from typer import Option

from newsearch.cli import options
from newsearch.cli.context import Call, write_data
from newsearch.cli.wording import number_of

if TYPE_CHECKING:
    from newsearch.ingest.archive import Archive

_SOURCES = 10


def status(
    skipped: Annotated[bool, Option("--skipped", help="What could not be taken in, and why.")] = False,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Say how much there is, from when to when, and from whom."""
    from newsearch.ingest.archive import open_archive
    from newsearch.outputs.json_lines import to_json

    call = Call.of({"index": index, "format": format, "color": color, "tz": tz}, quiet=quiet, no_pager=no_pager)
    as_json = call.structured()
    with open_archive(call.folder) as archive:
        report = _skipped(archive) if skipped else _figures(archive)
    if as_json:
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    else:
        lines = _skipped_lines(report) if skipped else _figure_lines(report)
        call.write_text(lambda stream: stream.writelines(f"{line}\n" for line in lines))
    return 0


def _figures(archive: "Archive") -> dict[str, Any]:
    from newsearch.ingest.archive import FORMAT, last_commit, size_on_disk

    statistics = archive.engine.statistics()
    first, last = statistics.first_published, statistics.last_published
    return {
        "schema_version": 1,
        "index": str(archive.folder),
        "articles": statistics.articles,
        "editions": statistics.editions,
        "stories": statistics.stories,
        "undated": statistics.undated,
        "first_published": first.isoformat() if first else None,
        "last_published": last.isoformat() if last else None,
        "sources": dict(statistics.sources),
        **archive.ledger.counts(),
        "bytes": size_on_disk(archive.folder),
        "last_commit": last_commit(archive.folder),
        "generation": archive.engine.generation,
        "format": FORMAT,
    }


def _figure_lines(report: dict[str, Any]) -> list[str]:
    from newsearch.outputs.safe import safe_line

    span = f"{report['first_published']} to {report['last_published']}" if report["first_published"] else "none"
    sources = [f"{safe_line(name) or '(unknown)'} {count:,}" for name, count in report["sources"].items()]
    more = f", and {len(sources) - _SOURCES:,} more" if len(sources) > _SOURCES else ""
    editions, captures = number_of(report["editions"], "edition"), number_of(report["captures"], "capture")
    return [
        f"index        {safe_line(report['index'])}",
        f"articles     {report['articles']:,} ({editions}, {report['undated']:,} undated)",
        f"stories      {report['stories']:,}",
        f"published    {span}",
        f"sources      {', '.join(sources[:_SOURCES])}{more}",
        f"files        {report['files']:,} ({captures}, {number_of(report['skipped'], 'place')} skipped)",
        f"removed      {report['removed']:,}",
        f"size         {report['bytes'] / 1e6:,.1f} MB",
        f"last commit  {report['last_commit']} (generation {report['generation']})",
        f"format       {report['format']}",
    ]


def _skipped(archive: "Archive") -> dict[str, Any]:
    places = [
        {
            "path": one.origin.path,
            "lines": [one.origin.first_line, one.origin.last_line],
            "reason": one.reason,
            "detail": one.detail,
            "member": one.origin.member,
        }
        for one in archive.ledger.skipped()
    ]
    return {"schema_version": 1, "skipped": places}


def _skipped_lines(report: dict[str, Any]) -> list[str]:
    from newsearch.model import Origin
    from newsearch.outputs.safe import safe_line

    def line(place: dict[str, Any]) -> str:
        first, last = place["lines"]
        where = Origin(place["path"], first, last, place["member"])
        return safe_line(f"{where}: {place['reason']}: {place['detail']}")

    return [line(place) for place in report["skipped"]] or ["nothing is skipped"]
