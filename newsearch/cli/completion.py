"""Shell completion at the speed of a key press."""

import typer

from newsearch.errors import NewsearchError


def complete_without_rich() -> None:
    """Keep the library from loading rich, all of it, to strip markup from help texts; ours have none."""
    from typer import _completion_classes

    _completion_classes._sanitize_help_text = str  # type: ignore[assignment]  # noqa: SLF001 - there is no other way in


def saved_names(context: typer.Context) -> list[str]:
    """Return the names of the saved queries; none where they cannot be read, for nobody could be told why."""
    from newsearch.cli.context import Call
    from newsearch.ingest.saved import load

    try:
        return list(load(Call.of({"index": context.params.get("index")}).folder))
    except NewsearchError:
        return []
