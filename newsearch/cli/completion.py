"""Shell completion at the speed of a key press."""


def complete_without_rich() -> None:
    """Keep the library from loading rich, all of it, to strip markup from help texts; ours have none."""
    from typer import _completion_classes

    _completion_classes._sanitize_help_text = str  # type: ignore[assignment]  # noqa: SLF001 - there is no other way in
