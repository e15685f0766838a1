"""A page's elements."""

import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html

Element = Any
"""An element of lxml, which has no types."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8})(?![0-9]));?", re.IGNORECASE)
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
        root = lxml_html.document_fromstring(_speakable(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return Tree(root, whole=not any(_TOO_DEEP in entry.message for entry in parser.error_log))


def _speakable(text: str) -> str:
    """Return a page without characters that XML cannot have, written out or referred to; one would cost the body."""
    return _REFERENCE.sub(lambda found: "" if _NO_XML.match(_referred(found)) else found[0], _NO_XML.sub("", text))


def _referred(found: re.Match[str]) -> str:
    """Return the character that a numeric reference stands for; nothing when there is none."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if number <= sys.maxunicode else ""


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
