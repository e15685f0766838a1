"""The fields of the index, as Whoosh sees them. Tables of contents hold the names of what is in this module."""

from collections.abc import Iterator

from whoosh import fields
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken

from newsearch.analysis import fold, stem, tokenize


class StemAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh's own queries the stems of the words, which is how they find what ours find.

    In articles in other languages than English ours go by other stems.
    """

    def __call__(self, value: str, *, mode: str = "", **wanted: bool) -> Iterator[WhooshToken]:
        """Yield Whoosh's reused token for each of ours."""
        token = WhooshToken(wanted.get("positions", False), wanted.get("chars", False), removestops=False, mode=mode)
        for text, position, start, end in tokenize(value):
            token.original = text
            token.text = stem(fold(text))
            token.stopped = False
            token.boost = 1.0
            token.pos = position
            token.startchar, token.endchar = start, end
            yield token


def schema() -> fields.Schema:
    """Return the schema as Whoosh sees it."""
    return fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(analyzer=StemAnalyzer(), phrase=True, stored=True),
        body=fields.TEXT(analyzer=StemAnalyzer(), phrase=True, stored=True),
        published=fields.DATETIME(sortable=True),
        updated=fields.DATETIME(sortable=True),
        source=fields.ID(sortable=True),
        section=fields.ID(sortable=True),
        lang=fields.ID(sortable=True),
        facts=fields.STORED(),
    )
