"""A walk over the sorted terms of a field, as Whoosh wants it."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any, Protocol

from whoosh.codec import base
from whoosh.reading import TermInfo


class Texts(Protocol):
    """Sorted terms, all of them in memory or not."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> bytes: ...


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """A walk over sorted terms.

    Args:
        texts: the terms.
        field: of the schema.
        info: returns what is known of a term.
    """

    def __init__(self, texts: Texts, field: Any, info: Callable[[bytes], TermInfo]) -> None:  # noqa: ANN401 - of Whoosh
        self._texts = texts
        self._field = field
        self._info = info
        self._place = 0

    def first(self) -> Any:  # noqa: ANN401 - as the field has it
        """Go to the first term."""
        self._place = 0
        return self.text()

    def find(self, string: Any) -> Any:  # noqa: ANN401
        """Go to the first term that is not before this one."""
        wanted = string if isinstance(string, bytes) else self._field.to_bytes(string)
        self._place = bisect_left(range(len(self._texts)), wanted, key=self._texts.__getitem__)
        return self.text()

    def next(self) -> Any:  # noqa: ANN401
        """Go on by one."""
        self._place += 1
        return self.text()

    def text(self) -> Any:  # noqa: ANN401
        """Return the term; None behind the last."""
        return self._field.from_bytes(self._texts[self._place]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        """Return what is known of the term; None behind the last."""
        return self._info(self._texts[self._place]) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Tell whether it stands on a term."""
        return self._place < len(self._texts)
