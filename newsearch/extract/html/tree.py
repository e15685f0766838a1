"""A page's elements."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html

Element = Any
"""An element of lxml, which has no types."""
_TOO_DEEP = "Excessive depth"


class Tree(NamedTuple):
    """A parsed page."""

    root: Element
    whole: bool
    """Whether all of it was parsed; elements in elements beyond any sense end the parse (2,048 deep, in libxml2)."""


def parsed(text: str) -> Tree | None:
    """Return the elements of a page; None when there is none.

    External entities are not read: HTML has none, and libxml2's parser of HTML knows none.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return Tree(root, whole=not any(_TOO_DEEP in entry.message for entry in parser.error_log))


def elements(root: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of some names, in the order of the page; all elements when none is named."""
    for element in root.iter(*names):
        if isinstance(element.tag, str):
            yield element


def is_linked(element: Element) -> bool:
    """Tell whether an element has a link in it or is in one."""
    return element.find(".//a") is not None or any(True for _ in element.iterancestors("a"))


def text_in(element: Element) -> str:
    """Return the text in an element, scripts and styles left out, white space folded."""
    pieces = element.xpath(".//text()[not(parent::script) and not(parent::style)]")
    return " ".join("".join(pieces).split())
