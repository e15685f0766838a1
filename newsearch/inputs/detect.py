"""Tell what a source is: from its content first, its name second."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from newsearch.inputs.streams import SAMPLE
from newsearch.model import Origin, Skipped

BOM = b"\xef\xbb\xbf"
_COMPRESSED = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)
_XML_PROLOG = re.compile(
    rb"(?:\s++|<\?.*?\?>|<!--(?>.*?-->)|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)*+", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_HTML_BEGINS = re.compile(
    rb"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|meta|title)\b", re.IGNORECASE | re.DOTALL
)
_REUTERS = re.compile(rb"\s*<(?:!doctype\s+lewis|reuters\s)", re.IGNORECASE)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_NINJS_URI = re.compile(
    rb'\s*\[?\s*\{(?:\s*"[^"]*"\s*:\s*(?:"(?:[^"\\]|\\.)*+"|[\w.+-]+)\s*,)*?\s*"uri"\s*:\s*"', re.IGNORECASE
)
"""An object with a `uri` before anything nested."""
_NINJS = re.compile(
    rb'"(?:versioncreated|pubstatus|representationtype|headlines?|headline_\w+|bodies|body_\w+)"\s*:'
    rb'|"type"\s*:\s*"(?:text|audio|video|picture|graphic|composite|component|planning|event)"',
    re.IGNORECASE,
)
"""What only an item of ninjs, or hardly another object, has besides a `uri`."""
_LIST = re.compile(rb'\s*\[\s*(?:[\[{"\]]|-?\d)')
_LIST_OF_OBJECTS = re.compile(rb'\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:')
_FRONT_MATTER = re.compile(
    rb"---[ \t]*\r?\n(?:[^\n]*\n){0,100}?[\w-]+[ \t]*:[^\n]*\n(?:[^\n]*\n){0,100}?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)"
    rb"|\+\+\+[ \t]*\r?\n(?:[^\n]*\n){0,100}?[\w-]+[ \t]*=[^\n]*\n(?:[^\n]*\n){0,100}?\+\+\+[ \t]*(?:\r?\n|$)"
)
_MAIL = re.compile(
    rb"(?:From \S+.*\r?\n"
    rb"|(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|X-[\w-]+|From|Date|Subject|To):[ \t])",
    re.IGNORECASE,
)
_MAIL_HEADERS = re.compile(
    rb"^(?:From|Date|Subject|Message-ID|Received|MIME-Version|To):", re.IGNORECASE | re.MULTILINE
)
_CELL = re.compile(rb"[\w .-]{1,40}")
_COLUMNS = {b"title", b"headline", b"body", b"text", b"content", b"published", b"date", b"author", b"authors", b"url"}
"""Names of columns of which a table of articles that is not named so has two at least."""
_ROOTS = {
    "html": "html",
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "newsitem": "newsml-g2",
    "packageitem": "newsml-g2",
    "newsmessage": "newsml-g2",
    "conceptitem": "newsml-g2",
    "knowledgeitem": "newsml-g2",
    "planningitem": "newsml-g2",
    "catalogitem": "newsml-g2",
    "newsml": "newsml",
    "nitf": "nitf",
}
"""Formats by the name of an XML document's root element, in lower case."""
_NAMES = {
    r"jsonl|ndjson|jsonlines": "jsonl",
    r"csv": "csv",
    r"tsv|tab": "csv",
    r"md|markdown": "markdown",
    r"eml|mbox": "mail",
}
_FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; unpack it, or make it a zip",
    b"Rar!\x1a\x07": "a RAR archive; unpack it, or make it a zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office document; save it as .docx or .txt",
    b"{\\rtf": "rich text; save it as .docx or .txt",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}


class _Source(NamedTuple):
    """What is looked at."""

    content: bytes
    """The start, without a byte order mark."""
    name: str
    """Without the end that tells of a compression, in lower case."""


def sniff(sample: bytes, origin: Origin, asked: str | None) -> str | Skipped:
    """Tell from its start and its name what a source is.

    Args:
        sample: its first bytes, decompressed, up to `SAMPLE`; UTF-8 where it is text.
        origin: where it is.
        asked: the format that the user says it has.

    Returns:
        The name of an input format or of a kind of archive, or why it is neither.
    """
    content = sample.removeprefix(BOM)
    for name, begins in _ARCHIVES.items():
        if begins(content):
            return name
    if asked:
        return asked
    if not content.strip() and len(sample) < SAMPLE:
        return _skipped(origin, "empty", "there is nothing in it", harmless=True)
    source = _Source(content, _COMPRESSED.sub("", origin.member or origin.path).lower())
    if foreign := next((what for magic, what in _FOREIGN.items() if content.startswith(magic)), ""):
        return _unsupported(origin, foreign)
    for name, matches in _BINARY.items():
        if matches(content):
            return name
    if b"\0" in content:
        return _skipped(
            origin, "binary", "not text; leave it out with --exclude, or give its text as .txt or JSON Lines"
        )
    found = next((name for find in _RULES if (name := find(source))), "text")
    return _unsupported(origin, "XML of an unknown kind") if found == "xml" else found


def _markup(source: _Source) -> str:
    if _REUTERS.match(source.content):
        return "reuters"
    if _HTML_BEGINS.match(source.content):
        return "html"
    prolog = _XML_PROLOG.match(source.content)
    element = _ELEMENT.match(source.content, prolog.end() if prolog else 0)
    name = _ROOTS.get(element[1].decode("latin-1").lower(), "") if element else ""
    begins = b"<" if source.name.endswith(".xml") else b"<?xml"
    return name or ("xml" if source.content.lstrip().startswith(begins) else "")


def _named(source: _Source) -> str:
    for ends, name in _NAMES.items():
        if re.search(rf"\.(?:{ends})$", source.name):
            return name
    return ""


def _json_object(source: _Source) -> str:
    content = source.content
    if not content.lstrip().startswith(b"{"):
        return ""
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    whole = lines[0].endswith(b"}") or len(lines[0]) > SAMPLE // 2
    one = len(content) < SAMPLE and _parses(content)
    if _JSON_FEED.search(content) and (one or not whole or len(lines) == 1):
        return "feed"
    if _is_ninjs(content) and not (_named(source) == "jsonl" or (len(lines) > 1 and whole)):
        return "ninjs"
    if len(lines) == 1 and _named(source) != "jsonl" and (one or source.name.endswith(".json")):
        return "json"
    if _named(source) == "jsonl" or any(map(_parses, lines[:3])):
        return "jsonl"
    if one or lines[0] == b"{" or (re.match(rb'\{\s*"[^"]*"\s*:', lines[0]) and not whole):
        return "json"
    return "jsonl" if whole else ""


def _is_ninjs(content: bytes) -> bool:
    return bool(_NINJS_URI.match(content) and _NINJS.search(content))


def _json_list(source: _Source) -> str:
    listed = _LIST_OF_OBJECTS.match(source.content)
    if listed and _is_ninjs(source.content):
        return "ninjs"
    likely = _LIST.match(source.content) and (source.name.endswith(".json") or _parses(source.content))
    return "json" if listed or likely else ""


def _front_matter(source: _Source) -> str:
    return "markdown" if _FRONT_MATTER.match(source.content) else ""


def _mail(source: _Source) -> str:
    """Tell a message by its head: at least two of the fields that every one has, before the first blank line."""
    if not _MAIL.match(source.content):
        return ""
    head = re.split(rb"\r?\n\r?\n", source.content, maxsplit=1)[0]
    names = {match[0].lower() for match in _MAIL_HEADERS.finditer(head)}
    return "mail" if len(names) > 1 and b"from:" in names else ""


def _table(source: _Source) -> str:
    """Tell a table by its first line, if that consists of names."""
    line = re.split(rb"[\r\n]", source.content.lstrip(), maxsplit=1)[0].rstrip()
    for delimiter in (b",", b";", b"\t", b"|"):
        cells = [cell.strip().strip(b'"').strip() for cell in line.split(delimiter)]
        if all(map(_CELL.fullmatch, cells)) and len(_COLUMNS.intersection(map(bytes.lower, cells))) > 1:
            return "csv"
    return ""


def _parses(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


_ARCHIVES: dict[str, Callable[[bytes], bool]] = {
    "zip": lambda content: content.startswith((b"PK\x03\x04", b"PK\x05\x06")),
    "tar": lambda content: content[257:262] == b"ustar",
}
_BINARY: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda content: content.startswith(b"%PDF-"),
    "warc": lambda content: content.startswith((b"WARC/", b"filedesc://")),
}
_RULES: tuple[Callable[[_Source], str], ...] = (
    *(_markup, _json_object, _json_list),
    *(_front_matter, _mail, _named, _table),
)


def _unsupported(origin: Origin, what: str) -> Skipped:
    return _skipped(origin, "unsupported", what if ";" in what else f"{what}; leave it out with --exclude")


def _skipped(origin: Origin, reason: str, detail: str, *, harmless: bool = False) -> Skipped:
    return Skipped(origin, reason, detail, fatal=True, harmless=harmless)
