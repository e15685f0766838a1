"""The errors a user can cause. Each says what happened and why in one line, and carries a hint: what to do next."""


class NewsearchError(Exception):
    """Base of all errors meant for the user's eyes.

    Args:
        message: what went wrong and why, one line.
        hint: the next thing to try, one line; empty when there is none.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(NewsearchError):
    """An option, a path or a setting that cannot be used as given."""


class QueryError(NewsearchError):
    """A query that cannot be read.

    Args:
        message: what was expected, one line.
        hint: an example that works.
        query: the text as typed.
        position: code point of `query` at which reading failed.
    """

    def __init__(self, message: str, hint: str = "", *, query: str = "", position: int = 0) -> None:
        super().__init__(message, hint)
        self.query = query
        self.position = position


class IndexUnusableError(NewsearchError):
    """The index is missing, unreadable or damaged."""

    exit_code = 3


class DamagedIndexError(IndexUnusableError):
    """Something of the index is not what was written, or is missing.

    Args:
        message: what, one line.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, "mend it: newsearch repair")


class LockedError(NewsearchError):
    """Another process is writing the index."""

    exit_code = 4


class OutputClosedError(NewsearchError):
    """Whoever read the output has seen enough, which is no failure."""

    exit_code = 0

    def __init__(self) -> None:
        super().__init__("the output was closed")


class InterruptedByUserError(NewsearchError):
    """Ctrl-C."""

    exit_code = 130


class MissingExtraError(NewsearchError):
    """An optional part is named whose packages are not installed."""
