"""newsearch: captures of news pages in, ranked answers out.

The public names below load their module when they are first used, so that importing the package costs nothing.
"""

__version__ = "0.1.0"

_HOMES = {
    "Article": "newsearch.model",
    "Highlighted": "newsearch.model",
    "Hit": "newsearch.model",
    "Moment": "newsearch.model",
    "NewsearchError": "newsearch.errors",
    "Origin": "newsearch.model",
    "Results": "newsearch.model",
    "Skipped": "newsearch.model",
    "open_archive": "newsearch.ingest.archive",
    "parse_query": "newsearch.query",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the keys of the table are strings


def __getattr__(name: str) -> object:
    """Load a public name from its home module (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'newsearch' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - importing the package must load nothing else

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names for completion."""
    return sorted(__all__)
