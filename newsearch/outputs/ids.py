"""Ids, one a line, to be given to other commands."""

from typing import TextIO

from newsearch.model import Results
from newsearch.outputs.safe import safe_line
from newsearch.outputs.view import View


def write(results: Results, _view: View, stream: TextIO) -> None:
    """Write the id of each hit, without reading the articles where the ranking has it."""
    ids = (name for name, _ in results.ranking) if results.ranking else (hit.article.id for hit in results.hits)
    stream.writelines(safe_line(name) + "\n" for name in ids)
