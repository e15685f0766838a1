"""The text of a page's article, by trafilatura, in paragraphs."""

from typing import Any

from trafilatura import bare_extraction

from newsearch.extract.html.statements import Statements

_BLOCKS = {"p", "head", "item", "quote", "code", "row", "list", "table", "div"}


def body_of(page: Statements, title: str) -> str:
    """Return the article's text as paragraphs separated by blank lines; empty when none is found."""
    try:
        found: Any = bare_extraction(page.root, include_comments=False, include_tables=True)
    except Exception:
        return ""
    if found is None:
        return ""
    return "\n\n".join(p for p in (found.text or "").split("\n") if p.strip())
