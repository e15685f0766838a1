"""The text of Markdown without its marks, paragraph by paragraph."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsearch.analysis.references import unescaped

_LIMIT = 1 << 20
_BRACKETS = 10_000
"""Characters of a text, and brackets in it, that are taken apart in sensible time; others are kept as written."""
_NESTING = 24
"""Quotes and lists in each other; what is deeper is dropped by the library, so that such a text is kept as written."""
_HIDDEN = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class Text(NamedTuple):
    """What a Markdown document says."""

    title: str
    body: str


def text_of(markdown: str, title: str = "") -> Text:
    """Return the text without headings' marks, emphasis, addresses of links, fences and tags.

    Args:
        markdown: the document.
        title: its title, if known; else it is the first heading of the first level. A heading that is the title is no
            part of the body.
    """
    if len(markdown) > _LIMIT or markdown.count("[") > _BRACKETS:
        return Text(title, markdown)
    tokens = _parser().parse(markdown)
    if any(token.level >= _NESTING - 2 for token in tokens):
        return Text(title, markdown)
    heading = next((number for number, token in enumerate(tokens) if token.tag == "h1"), None)
    first = _inline(tokens[heading + 1]) if heading is not None else ""
    if heading is not None and title in ("", first):
        del tokens[heading : heading + 3]
    return Text(title or first, "".join(_pieces(tokens)).strip())


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"])


def _pieces(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _inline(token)
        elif token.type in ("fence", "code_block"):
            yield f"{token.content}\n"
        elif token.type == "html_block":
            yield f"{unescaped(_TAG.sub(' ', _HIDDEN.sub('', token.content)))}\n"
        elif token.type in ("th_close", "td_close"):
            yield "\t"
        elif token.type == "tr_close" or token.hidden:
            yield "\n" * (token.nesting < 0)
        elif token.nesting < 0 and token.type != "list_item_close":
            yield "\n\n"


def _inline(token: Token) -> str:
    return "".join(map(_run, token.children or []))


def _run(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return "" if token.type == "html_inline" else token.content
