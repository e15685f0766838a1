"""What the tests of agencies' formats share: the whole way from bytes to articles."""

import io
from pathlib import Path

from newsearch.extract import Settings, articles_in
from newsearch.inputs import read
from newsearch.model import Article, Skipped

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"


def results(data: bytes, path: str = "wire.xml", input_format: str | None = None) -> list[Article | Skipped]:
    """All that becomes of a source, its format told from its content."""
    found: list[Article | Skipped] = []
    for capture in read(io.BytesIO(data), path, None, input_format):
        found += [capture] if isinstance(capture, Skipped) else articles_in(capture, Settings())
    return found


def article(data: bytes, path: str = "wire.xml") -> Article:
    """The only thing that becomes of a source."""
    (found,) = results(data, path)
    assert isinstance(found, Article), found
    return found


def skipped(data: bytes, path: str = "wire.xml", input_format: str | None = None) -> Skipped:
    """The only thing that becomes of a source that has no article."""
    (found,) = results(data, path, input_format)
    assert isinstance(found, Skipped), found
    return found


def times(found: Article) -> list[str | None]:
    """When an article was published and updated, and what says so."""
    return [moment and f"{moment.isoformat()} {moment.evidence}" for moment in (found.published, found.updated)]
