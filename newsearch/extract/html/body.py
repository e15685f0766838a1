"""The text of a page's article, in paragraphs: trafilatura finds it, and what is no text of it is left out."""

import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import iterwalk
from trafilatura import bare_extraction

from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statements
from newsearch.extract.html.tree import Element
from newsearch.extract.markup import text_of
from newsearch.extract.text import folded, paragraphs

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its complaints are not for our users
_BLOCKS = {"body", "p", "head", "item", "list", "quote", "code", "table", "row", "fw", "div"}
_SENTENCE_END = re.compile(r"[.!?…。！？:»”\"]\W*$")
_FURNITURE = re.compile(
    r"(?:story continues below )?advertise?ment.*|article content|read (?:more|next|also)\b.*|sign up .*"
    r"|related (?:articles|stories)|share (?:this|on)\b.*|anzeige|lesen sie auch|auch interessant|mehr zum thema"
    r"|lire aussi\b.*|lee también\b.*|leggi anche\b.*|©.*|foto:.*|photo:.*",
    re.IGNORECASE,
)
_ONLY_A_DATE = re.compile(r"(?=.*\d)(?:[\d\s.,:/|•–—-]|uhr|updated|published|stand:|[ap]\.?m\b\.?|[A-Z]{2,4}\b)*+")
_SHORT = 100
_MOSTLY = 0.8
_ENOUGH = 1500
_MUCH_MORE = 1.5


@dataclass(slots=True)
class _Block:
    kind: str
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    """Characters that are links."""

    @property
    def text(self) -> str:
        return paragraphs(re.sub(r"[^\S\n]+", " ", "".join(self.pieces)))

    @property
    def is_link(self) -> bool:
        """Whether it does little more than to lead elsewhere."""
        text = self.text
        return self.linked > _MOSTLY * len(text) and (self.kind == "item" or not _SENTENCE_END.search(text))


def body_of(page: Statements, headlines: Collection[str], names: Collection[str]) -> str:
    """Return the article's text as paragraphs separated by blank lines; empty when none is found.

    Args:
        page: what it states.
        headlines: what it calls the article, which is no text of it.
        names: of its authors, as are they.
    """
    found = _extracted(page, precise=False)
    length = sum(len(block.text) for block in found)
    if length > _MUCH_MORE * _ENOUGH:
        precise = _extracted(page, precise=True)
        if _ENOUGH < sum(len(block.text) for block in precise) < length / _MUCH_MORE:
            found = precise
    text = "\n\n".join(_of_article(found, {folded(text) for text in headlines}, {folded(name) for name in names}))
    stated = text_of(json_ld.text(page.article.get("articleBody")))
    return stated if len(stated) > max(2 * len(text), _SHORT) else text


def _extracted(page: Statements, *, precise: bool) -> list[_Block]:
    try:
        found: Any = bare_extraction(page.root, include_comments=False, include_links=True, favor_precision=precise)
    except Exception:  # noqa: BLE001 - a page from a stranger may break the library anywhere, even by its depth
        return []
    return (
        [block for block in _blocks(found.body) if block.text] if found is not None and found.body is not None else []
    )


def _blocks(body: Element) -> Iterator[_Block]:
    """Yield the blocks of trafilatura's own kind of document, which is much like TEI's."""
    block = _Block("body")
    link: Element = None
    for event, element in iterwalk(body, ("start", "end")):
        if element.tag in _BLOCKS:
            yield block
            block = _Block(element.tag if event == "start" else "body")
        elif element.tag == "ref":
            link = element if event == "start" else None
        if event == "start":
            text = {"lb": "\n", "cell": " "}.get(element.tag, "") + (element.text or "")
        else:
            text = element.tail or "" if element is not body else ""
        block.pieces.append(text)
        block.linked += len(text) if link is not None else 0
    yield block


def _of_article(blocks: list[_Block], headlines: set[str], names: set[str]) -> Iterator[str]:
    """Yield the paragraphs that are text of the article."""
    begun = False
    for block in blocks:
        text = block.text
        key = folded(text)
        if block.is_link or (len(text) <= _SHORT and _FURNITURE.fullmatch(text)) or not key:
            continue
        if not begun and (key in headlines or _is_byline(text, names)):
            continue
        begun = begun or (len(text) > _SHORT and block.kind != "head")
        yield text


def _is_byline(text: str, names: set[str]) -> bool:
    return len(text) <= _SHORT and bool(
        folded(re.sub(r"^(?:by|von|par|por|di|door)\s", "", text, flags=re.IGNORECASE)) in names
        or _ONLY_A_DATE.fullmatch(text)
    )
