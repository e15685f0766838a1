"""What is worked out once and then known, up to so many values; the oldest go first."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MISSING = object()


class Remembered(Generic[Key, Value]):
    """Values by key; may be used by several threads, which may then work out the same value.

    Unlike a cached method it does not refer to its owner, so that what belongs to a generation goes with it.

    Args:
        most: values that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Key, Value] = {}
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of a key, which is made if it is not known."""
        found = self._values.get(key, _MISSING)
        if found is not _MISSING:
            return found  # type: ignore[return-value] # only values are in it
        made = make()
        with self._lock:
            while len(self._values) >= self._most:
                self._values.pop(next(iter(self._values)))
            self._values[key] = made
        return made
