"""A small index on disk, and ways to damage its files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from small_archives import article, edition, fill, ids, search

from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError

QUERIES = ("grain", "exports OR us", '"fresh grain"', "-wheat", "source:post", "title:deal date:2025 -lang:fr", "")
TABLE, STORIES = ".toc", ".stories"


BODY = "Fresh grain, exported to the U.S." + " and wherever else bread is eaten" * 3


class Files(dict[str, bytes]):
    """The contents of an index's files, by name."""

    def __repr__(self) -> str:
        return f"Files of {sum(map(len, self.values()))} bytes"


def build(folder: Path) -> None:
    """Write an index of two segments with deleted and superseded documents."""
    engine = WhooshEngine(folder, create=True)
    fill(
        engine,
        *(article(f"x{number}", f"Deal number {number}", BODY, published="2025-03-22") for number in range(40)),
    )
    writer = engine.writer()
    writer.delete("x3")
    writer.add(edition(article("y", "Old deal", "Exports of wheat."), superseded=True))
    writer.add(edition(article("y", "New deal", "Exports of wheat and grain.", source="Post", lang="en")))
    writer.add(edition(article("z", "东盟", "Nothing.", published="2025-03-22T00:48+08:00")))
    writer.commit()


def files_of(folder: Path) -> Files:
    """Return the contents of an index's files; a lock is empty."""
    return Files((file.name, file.read_bytes()) for file in sorted(folder.iterdir()) if file.stat().st_size)


def lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write an index's files into an empty folder."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def complaints_of(action: Callable[[], Iterable[str]]) -> list[str]:
    """Return what an action says, or the complaint it ends with; what is no complaint of ours escapes."""
    said: list[str] = []
    try:
        said.extend(action())
    except IndexUnusableError as error:
        said.append(f"{error}: {error.hint}")
    return said


def complaints(folder: Path) -> list[str]:
    """Use an index in every way and return all that was said against it."""
    said: list[str] = []

    def use(action: Callable[[WhooshEngine], object]) -> list[str]:
        action(WhooshEngine(folder))
        return []

    for query in QUERIES:
        sort = "relevance" if query else "updated"
        for stories in (False, True):
            said += complaints_of(lambda: use(lambda engine: ids(search(engine, query, sort=sort, stories=stories))))  # noqa: B023 - at once
    for action in (_scan, WhooshEngine.statistics, _get):
        said += complaints_of(lambda: use(action))  # noqa: B023 - at once
    for deep in (False, True):
        said += complaints_of(lambda: WhooshEngine(folder).faults(lambda _: None, deep=deep))  # noqa: B023 - at once
    return said


def _scan(engine: WhooshEngine) -> object:
    return list(engine.scan())


def _get(engine: WhooshEngine) -> object:
    return engine.get("y"), engine.editions("x1")
