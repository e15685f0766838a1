"""The stories of a generation: which of its current documents are near-copies of each other.

They are kept in a file of their own beside the table of contents, since a commit may change them in any segment. Most
articles are alone in their story and not mentioned there.

| array | what |
|---|---|
| `members` | the documents of each story of several, ascending; stories in the order of their first documents |
| `starts` | where each story begins, and their end |
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter, DamagedFileError
from newsearch.engines.whoosh.masks import nonzero, run_heads
from newsearch.engines.whoosh.toc import NAME

EXTENSION = ".stories"


def path_of(folder: Path, generation: int) -> Path:
    """Return the place of a generation's stories."""
    return folder / f"_{NAME}_{generation}{EXTENSION}"


def write(folder: Path, generation: int, segments: Sequence[str], roots: Array) -> None:
    """Write the stories of a generation that is about to be.

    Args:
        folder: of the index.
        generation: of the table of contents that will be written.
        segments: the names of its segments, whose documents are numbered through.
        roots: of each document the first one of its story.
    """
    with BlockWriter(path_of(folder, generation)) as writer:
        for name, numbers in zip(("members", "starts"), grouped(roots), strict=True):
            writer.add(name, numbers)
        writer.finish({"segments": list(segments), "documents": len(roots)})


def grouped(roots: Array) -> tuple[Array, Array]:
    """Return the documents of each story of several, and where each begins, from the first ones of all documents."""
    members = nonzero(np.bincount(roots).take(roots) > 1)
    firsts = roots.take(members)
    order = np.argsort(firsts, kind="stable")
    starts = np.append(run_heads(firsts.take(order)), len(members))
    return members.take(order).astype(np.uint32), starts.astype(np.uint32)


class Stories:
    """Which documents of an index are near-copies of each other.

    Args:
        documents: how many there are.
    """

    def __init__(self, documents: int) -> None:
        self.documents = documents

    def _all(self) -> tuple[Array, Array]:
        """Return the members and the starts, as in the file."""
        raise NotImplementedError

    def __len__(self) -> int:
        """How many stories of several documents there are."""
        return len(self._all()[1]) - 1

    @property
    def repeated(self) -> int:
        """How many documents there are more than stories."""
        return len(self._all()[0]) - len(self)

    @cached_property
    def numbers(self) -> Array:
        """The number of each document's story, from 1 on; 0 for those that are alone."""
        members, starts = self._all()
        numbers = np.zeros(self.documents, np.uint32)
        numbers[members] = np.arange(1, len(starts)).repeat(np.diff(starts).astype(np.intp))
        return numbers

    def members(self, story: int) -> Array:
        """Return the documents of a story, ascending."""
        members, starts = self._all()
        return members[int(starts[story - 1]) : int(starts[story])]

    def roots(self) -> Array:
        """Return of each document the first one of its story.

        Raises:
            ValueError: a story does not begin with its first one, or shares it with another.
        """
        members, starts = self._all()
        firsts = members.take(starts[:-1])
        roots = np.arange(self.documents)
        told = nonzero(self.numbers)
        roots[told] = firsts.take(self.numbers.take(told) - 1)
        # What is linked by roots that go round in circles would be looked for without an end.
        if (roots < 0).any() or (roots > np.arange(self.documents)).any() or (roots.take(roots) != roots).any():
            message = "stories are said to go round in circles"
            raise ValueError(message)
        return roots


class EarlierStories(Stories):
    """The stories as of an earlier time, found when they are asked for.

    Args:
        roots: gives of each document the first one of its story.
        documents: how many there are, of any time.
    """

    def __init__(self, roots: Callable[[], Array], documents: int) -> None:
        super().__init__(documents)
        self._find = roots

    def _all(self) -> tuple[Array, Array]:
        return self._found

    @cached_property
    def _found(self) -> tuple[Array, Array]:
        return grouped(self._find())


class KeptStories(Stories):
    """Reads the stories of a generation.

    Args:
        folder: of the index.
        generation: of the table of contents.
        segments: the names of its segments.
        documents: in all of them.

    Raises:
        DamagedFileError: the file is not there, or not whole; any reading of it may raise this later.
    """

    def __init__(self, folder: Path, generation: int, segments: Sequence[str], documents: int) -> None:
        path = path_of(folder, generation)
        try:
            self.file = BlockFile(path)
        except FileNotFoundError as error:
            raise DamagedFileError(path, "it is missing") from error
        if (self.file.facts.get("segments"), self.file.facts.get("documents")) != (list(segments), documents):
            raise DamagedFileError(path, "it is of another generation than the table of contents says")
        super().__init__(documents)

    def _all(self) -> tuple[Array, Array]:
        return self._read

    @cached_property
    def _read(self) -> tuple[Array, Array]:
        members, starts = self.file["members"].read(), self.file["starts"].read()
        # A file may be made so that its stories take all memory when they are numbered.
        if starts[0] != 0 or starts[-1] != len(members) or (starts[1:] < starts[:-1]).any():
            raise DamagedFileError(self.file.path, "its stories do not fit together")
        return members, starts
