"""XML from strangers: read as a stream, item by item, without entities, and never deeper or larger than is sane.

A DOCTYPE is allowed, since NITF and NewsML documents have one; what it refers to is not fetched.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from html.entities import entitydefs
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, iterparse

from newsearch.inputs.items import no_item
from newsearch.model import Origin, Skipped

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LIMIT = 64 << 20
"""Bytes from the end of one item to the end of the next, with what each element takes in memory."""
DEPTH = 200
"""Elements in each other."""
_ELEMENT = 256
"""Bytes in memory, about."""
_CHUNK = 1 << 17
_DECLARED = re.compile(rb"""<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_WIDE = re.compile(r"utf[_-]?(?:16|32)|ucs|iso-10646", re.IGNORECASE)


class _RefusedError(Exception):
    """It would not be safe to read on."""

    reason = "refused"


class _TooLargeError(_RefusedError):
    """It would take too much memory."""

    reason = "too-large"


def items_in(stream: BinaryIO, origin: Origin, kinds: Collection[str]) -> Iterator[Element | Skipped]:
    """Yield the outermost elements of some kinds, each whole and forgotten when the next is asked for.

    Args:
        stream: the document.
        origin: where it is.
        kinds: local names; such elements in one are part of it.

    Returns:
        Last perhaps why the rest cannot be read, or that there is no such element.
    """
    place, empty = origin, True
    try:
        for item in _outermost(_Text(stream), kinds):
            empty = False
            yield item
    except DefusedXmlException:
        reason, detail = "refused", "it declares entities, or refers to other files; give it without them"
    except ParseError as error:
        line, column = error.position
        place = origin.at(line)
        reason, detail = "broken-xml", f"{str(error).partition(':')[0]} at column {column + 1}; get it whole again"
    except (UnicodeError, LookupError):
        reason, detail = "broken-xml", "not in the encoding it declares, or that is unknown; convert it to UTF-8"
    except _RefusedError as error:
        reason, detail = error.reason, str(error)
    else:
        if empty:
            yield no_item(origin)
        return
    yield Skipped(place, reason, f"{detail}; what came before it is kept", fatal=True)


def local(element: Element) -> str:
    """Return an element's name without its namespace: documents differ in it, or have none."""
    return element.tag.rpartition("}")[2]


def within(element: Element, *path: str) -> Iterator[Element]:
    """Yield the elements at the end of a path of local names, in the order of the document."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in parent if local(child) == name]
    yield from found


def below(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a local name at any depth, in the order of the document."""
    return (one for one in element.iter() if local(one) == name)


def words(element: Element) -> str:
    """Return all text in an element as one line."""
    return " ".join("".join(element.itertext()).split())


class _Text:
    """A document as text, decoded as it declares.

    One that declares two or four bytes a character cannot have been read so far if it were so: it was converted, as one
    with a byte order mark was.

    Args:
        stream: its bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head = stream.read(_CHUNK)
        declared = _DECLARED.match(self._head)
        name = declared[1].decode("ascii") if declared else "utf-8-sig"
        name = "utf-8" if _WIDE.match(name) else name
        b" ".decode(name)  # refuses what the next line would take, though it is no encoding of text
        self._decoder = codecs.getincrementaldecoder(name)()
        self.left = LIMIT

    def read(self, size: int) -> str:
        """Return some of it; nothing at its end."""
        while True:
            data, self._head = self._head or self._stream.read(size), b""
            self.spend(len(data))
            if (text := self._decoder.decode(data, final=not data)) or not data:
                return text

    def spend(self, size: int) -> None:
        """Take note of bytes in memory.

        Raises:
            _TooLargeError: they are too many for an item.
        """
        self.left -= size
        if self.left < 0:
            message = f"an item of more than {LIMIT >> 20} MiB; leave it out with --exclude"
            raise _TooLargeError(message)


def _outermost(text: _Text, kinds: Collection[str]) -> Iterator[Element]:
    path: list[Element] = []
    within_item = 0  # how deep in an item
    parser = DefusedXMLParser(target=TreeBuilder())
    parser.entity.update(entitydefs)  # those of XHTML, which a DTD that is not fetched would declare
    for event, element in iterparse(text, events=("start", "end"), parser=parser):
        if event == "start":
            path.append(element)
            text.spend(_ELEMENT)
            if len(path) > DEPTH:
                message = f"more than {DEPTH} elements in each other; no article is so deep"
                raise _RefusedError(message)
            if within_item or local(element) in kinds:
                within_item += 1
            continue
        path.pop()
        if within_item:
            within_item -= 1
            if within_item == 0:
                yield element
                text.left = LIMIT
        if not within_item:
            element.clear()
            if path:
                path[-1].remove(element)
