"""`newsearch diff`."""

from typing import TYPE_CHECKING, Annotated, Any, cast

from typer import Argument, Option

from newsearch.cli import options
from newsearch.cli.context import Call, complain, lines_of_stdin, write_data
from newsearch.cli.wording import as_of as in_words
from newsearch.errors import UsageError
from newsearch.model import on_clocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from newsearch.ingest.versions import Version
    from newsearch.outputs.differences import Difference, Marked

    Step = tuple[Version, Version]

_NOT_FOUND = 1


def diff(
    id: Annotated[str, Argument(help="Id of an article, or - to read it from stdin.", metavar="ID")],
    start: Annotated[int | None, Option("--from", help="The version to begin with.", min=1, metavar="N")] = None,
    end: Annotated[int | None, Option("--to", help="The version to end with.", min=1, metavar="M")] = None,
    as_of: options.AsOf = None,
    every: Annotated[bool, Option("--all", help="Each change from a version to the next.")] = False,
    index: options.IndexDir = None,
    format: options.Format = None,
    color: options.Color = None,
    tz: options.Zone = None,
    width: options.Width = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
    no_pager: options.NoPager = False,
) -> int:
    """Show what changed in words between versions of an article; the last change unless told otherwise."""
    from newsearch.ingest.archive import open_archive
    from newsearch.ingest.versions import versions_of

    flags = {"index": index, "format": format, "color": color, "tz": tz, "width": width}
    call = Call.of(flags, quiet=quiet, no_pager=no_pager)
    as_json = call.structured()
    _check(start, end, as_of, every=every)
    instant = call.as_of(as_of)
    name = _from_stdin() if id == "-" else id
    with open_archive(call.folder) as archive:
        versions = versions_of(archive, name)
    if not versions:
        complain(f"newsearch: there is no article '{name}'")
        complain("  ids are at the end of each answer's second line: newsearch query WORDS")
        return _NOT_FOUND
    if instant and not any(version.edition.is_searched(instant) for version in versions):
        complain(f"newsearch: article '{name}' was not known {in_words(instant)}")
        complain(f"  when it was captured: newsearch show {name} --captures")
        return _NOT_FOUND
    steps = _steps(versions, start, end, instant, every=every)
    _write(call, name, len(versions), steps, as_json=as_json)
    if not steps:
        call.say("only one version" if len(versions) == 1 else "nothing has changed since")
    return 0


def _from_stdin() -> str:
    names = list(filter(None, map(str.strip, lines_of_stdin())))
    if len(names) != 1:
        message = f"standard input has {len(names):,} ids, and one article is compared at a time"
        raise UsageError(message, "give one id, for example by: newsearch query WORDS --limit 1 --format ids")
    return names[0]


def _check(start: int | None, end: int | None, as_of: str | None, *, every: bool) -> None:
    """Refuse options that ask for different things."""
    asked = {"--from or --to": bool(start or end), "--as-of": as_of is not None, "--all": every}
    named = [name for name, wanted in asked.items() if wanted]
    if len(named) > 1:
        message = f"{' and '.join(named)} ask for different changes"
        raise UsageError(message, "give one of them")


def _steps(
    versions: "list[Version]", start: int | None, end: int | None, as_of: "datetime | None", *, every: bool
) -> "list[Step]":
    """Return the pairs of versions to compare."""
    from newsearch.ingest.versions import steps_of

    current = next(version for version in versions if not version.edition.superseded)
    if as_of:
        then = next(version for version in versions if version.edition.is_searched(as_of))
        return [(then, current)] if then is not current else []
    if start or end:
        last = _numbered(versions, end) if end else current
        if not start and last.number == 1:
            message = "before version 1 of this article there is none"
            raise UsageError(message, "name the version to begin with: --from N")
        return [(_numbered(versions, start or last.number - 1), last)]
    return steps_of(versions) if every else steps_of(versions)[-1:]


def _numbered(versions: "list[Version]", number: int) -> "Version":
    if not 1 <= number <= len(versions):
        message = f"there is no version {number} of this article"
        raise UsageError(message, f"its versions are 1 to {len(versions)}: newsearch show ID --captures")
    return versions[number - 1]


def _write(call: Call, name: str, count: int, steps: "Sequence[Step]", *, as_json: bool) -> None:
    from newsearch.outputs.json_lines import to_json

    if as_json:
        report = {"schema_version": 1, "id": name, "versions": count, "steps": list(map(_object, steps))}
        write_data(lambda stream: cast("None", stream.write(to_json(report) + "\n")))
    elif steps:
        from newsearch.outputs.terminal import write_marked

        lines = [line for step in steps for line in ([], *_lines(step, call.zone))]
        view = call.view()
        call.write_text(lambda stream: write_marked(lines[1:], view, stream))


def _object(step: "Step") -> dict[str, Any]:
    old, new = map(_facts, step)
    return {"from": old, "to": new, **_difference(step).to_object()}


def _facts(version: "Version") -> dict[str, Any]:
    article = version.edition.article
    return {
        "version": version.number,
        "current": not version.edition.superseded,
        "captured": article.captured.isoformat() if article.captured else None,
        "origin": str(article.origin),
    }


def _lines(step: "Step", zone: "tzinfo") -> "Iterator[Sequence[Marked]]":
    for sign, version in zip(("---", "+++"), step, strict=True):
        article = version.edition.article
        captured = on_clocks_of(zone, article.captured).isoformat(timespec="seconds") if article.captured else "unknown"
        yield [(f"{sign} version {version.number}, captured {captured}, {article.origin}", "")]
    lines = list(_difference(step).lines())
    yield from lines or [[("no word differs", "")]]


def _difference(step: "Step") -> "Difference":
    from newsearch.outputs.differences import Difference

    old, new = step
    return Difference.between(old.edition.article, new.edition.article)
