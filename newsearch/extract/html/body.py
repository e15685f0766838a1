"""The text of a page's article, in paragraphs: trafilatura finds it, and what is no text of it is left out."""

import logging
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from lxml.etree import iterwalk
from trafilatura import bare_extraction

from newsearch.analysis.references import unescaped
from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statements
from newsearch.extract.html.tree import Element
from newsearch.extract.markup import looks_like_markup, text_of
from newsearch.extract.text import folded, paragraphs

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its complaints are not for our users
_BLOCKS = {
    *("body", "p", "head", "item", "list", "quote", "code", "table", "row", "fw", "div"),
    *("main", "article", "section", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("blockquote", "pre", "tr", "address", "hr", "center"),
}
_BREAKS = {"lb": "\n", "br": "\n", "cell": " ", "td": " ", "th": " "}
_ITEMS = {"item", "li"}
_HEADINGS = {"head", "h1", "h2", "h3", "h4", "h5", "h6"}
_LINKS = {"ref", "a"}
_NO_TEXT = {
    *("script", "style", "noscript", "template", "svg", "iframe", "nav", "aside", "footer", "form", "button", "select"),
    *("figure", "figcaption", "picture", "video", "audio", "object", "dialog"),
}
_SPACE = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"[.!?…。！？:»”\"]\W*$")
_FURNITURE = re.compile(
    r"(?:story continues below )?advertise?ment.*|article content|read (?:more|next|also)\b.*|sign up .*"
    r"|related (?:articles|stories)|share (?:this|on)\b.*|anzeige|lesen sie auch|auch interessant|mehr zum thema"
    r"|lire aussi\b.*|lee también\b.*|leggi anche\b.*|©.*|foto:.*|photo:.*",
    re.IGNORECASE,
)
_ONLY_A_DATE = re.compile(
    r"(?=.*\d)(?:[\d\s.,:/|•–—-]|uhr|updated|published|stand:|[ap]\.?m\b\.?|(?-i:[A-Z]{2,4})\b)*+", re.IGNORECASE
)
_BY = re.compile(r"(?:by|von|par|por|di|door)\s", re.IGNORECASE)
_LONGEST_HEADLINE, _SHORT, _END = 1000, 100, 20
_MOSTLY = 0.8
_ENOUGH = 1500
_MUCH_MORE = 1.5


class _Block(NamedTuple):
    kind: str
    """The name of its element."""
    text: str
    linked: int
    """Characters that are links."""

    @property
    def is_link(self) -> bool:
        """Whether it does little more than to lead elsewhere."""
        if self.linked <= _MOSTLY * len(self.text):
            return False
        return self.kind in _ITEMS or not _SENTENCE_END.search(self.text[-_END:])


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
    stated = _stated(page)
    return stated if len(stated) > 2 * len(text) else text


def _stated(page: Statements) -> str:
    """Return the text that the JSON-LD states as such, where it is no mere beginning of one."""
    stated = page.article.get("articleBody")
    text = unescaped(stated) if isinstance(stated, str) else json_ld.text(stated)
    text = text_of(text) if looks_like_markup(text) else paragraphs(text)
    return text if len(text) > _SHORT else ""


def _extracted(page: Statements, *, precise: bool) -> list[_Block]:
    try:
        found: Any = bare_extraction(
            page.root, include_comments=False, include_links=True, favor_precision=precise, fast=precise
        )
    except Exception:  # noqa: BLE001 - a page from a stranger may break the library anywhere, even by its depth
        return []
    if found is None or found.body is None:
        return []
    blocks = [block for block in _blocks(found.body) if block.text]
    if len(blocks) == 1:  # where it finds next to nothing, it gives all the text there is as one block
        return [block for block in _blocks(_region(page.root)) if block.text] or blocks
    return blocks


def _region(root: Element) -> Element:
    """Return the element that should hold the article: the only one of its name."""
    for name in ("article", "main", "body"):
        found = root.findall(f".//{name}")
        if len(found) == 1:
            return found[0]
    return root


def _blocks(body: Element) -> Iterator[_Block]:
    """Yield the blocks in an element of HTML, or of trafilatura's own kind of document, which is much like TEI."""
    kind, pieces, linked, in_link = "body", [""], 0, False
    walk = iterwalk(body, ("start", "end"))
    for event, element in walk:
        begins = event == "start"
        if element.tag in _BLOCKS:
            yield _Block(kind, paragraphs(_BLANKS.sub(" ", "".join(pieces))), linked)
            kind, pieces, linked = element.tag if begins else "body", [], 0
        elif element.tag in _LINKS:
            in_link = begins
        if begins and element.tag in _NO_TEXT:
            walk.skip_subtree()
            continue
        text = element.text if begins else element.tail if element is not body else ""
        pieces += _BREAKS.get(element.tag, "") if begins else "", _SPACE.sub(" ", text or "")
        linked += len(pieces[-1]) if in_link else 0
    yield _Block(kind, paragraphs(_BLANKS.sub(" ", "".join(pieces))), linked)


def _of_article(blocks: list[_Block], headlines: set[str], names: set[str]) -> Iterator[str]:
    """Yield the paragraphs that are text of the article."""
    begun = False
    for block in blocks:
        key = folded(block.text) if len(block.text) <= _LONGEST_HEADLINE else block.text
        short = len(block.text) <= _SHORT
        if not key or block.is_link or (short and _FURNITURE.fullmatch(block.text)):
            continue
        if not begun and (key in headlines or (short and _is_byline(block.text, names))):
            continue
        begun = begun or not (short or block.kind in _HEADINGS)
        yield block.text


def _is_byline(text: str, names: set[str]) -> bool:
    return folded(_BY.sub("", text)) in names or _ONLY_A_DATE.fullmatch(text) is not None
