"""Ids, one a line, to be given to other commands."""

from typing import TextIO

from newsearch.model import Results
from newsearch.outputs.safe import safe_line
from newsearch.outputs.view import View


def write(results: Results, _view: View, stream: TextIO) -> None:
    """Write the id of each hit."""
    stream.writelines(safe_line(hit.article.id) + "\n" for hit in results.hits)
