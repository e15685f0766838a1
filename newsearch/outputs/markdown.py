"""Markdown (CommonMark): a section a hit, to be pasted into notes."""

import re
from collections.abc import Iterable
from typing import TextIO

from newsearch.model import Highlighted, Hit, Results
from newsearch.outputs.fields import FIELDS, cell, copies
from newsearch.outputs.safe import safe, safe_highlighted, safe_line, safe_url
from newsearch.outputs.view import View

_IN_URL = {ord(">"): "%3E", ord("<"): "%3C", ord("\\"): "%5C", ord("&"): "&amp;"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINE_START = re.compile(r"^((?:\d{1,9}(?=[.)]))?)([-+=.)])", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write each hit: its title as a heading, a line about it, its snippets as quotes or its body whole."""
    stream.writelines(
        ("\n" if nth else "") + _fields(hit, view) if view.fields else ("\n" if nth else "") + _section(hit, view)
        for nth, hit in enumerate(results.hits)
    )


def escape(text: str) -> str:
    """Return safe text in which nothing is markup."""
    return _LINE_START.sub(r"\1\\\2", _INDENT.sub("", _SPECIAL.sub(r"\\\1", safe(text))))


def _section(hit: Hit, view: View) -> str:
    title = _marked(hit.title) or "(no title)"
    url = safe_url(hit.article.url)
    heading = f"[{title}](<{url.translate(_IN_URL)}>)" if url else title
    facts = [cell(hit, name) for name in ("published", "source", "section", "origin", "id")]
    about = " · ".join([*(escape(safe_line(fact)) for fact in facts if fact), *filter(None, [copies(hit)])])
    body = [escape(hit.article.body)] if view.full else [f"> {_marked(snippet)}" for snippet in hit.snippets]
    return "\n\n".join([f"## {heading}", about, *body]) + "\n"


def _fields(hit: Hit, view: View) -> str:
    names = [*view.fields, *(["body"] if view.full and "body" not in view.fields else [])]
    return "".join(
        f"- {name.replace('_', ' ')}: {escape(safe_line(cell(hit, name)))}\n" for name in names if name in FIELDS
    )


def _marked(highlighted: Highlighted) -> str:
    shown = safe_highlighted(highlighted)
    text, place = "", 0
    for start, end in _joined(shown.spans):
        text += _inline(shown.text, place, start, before=True) + f"**{_inline(shown.text, start, end)}**"
        place = end
    return " ".join((text + _inline(shown.text, place, len(shown.text), after=place > 0)).split())


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that touch: `****` between two would not be read as the end of one and the begin of the other."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _inline(text: str, start: int, end: int, *, before: bool = False, after: bool = False) -> str:
    """Escape a part of a line.

    `**` beside punctuation is only read as bold when there is punctuation or space on its other side too; a letter
    there is written as a character reference, which begins and ends with punctuation.
    """
    part = escape(text[start:end]) if start == 0 else escape(f"x{text[start:end]}")[1:]
    if not text[start:end]:
        return ""
    if after or (before and start > 0):
        part = _reference(text[start]) + part[1:] if text[start].isalnum() and not text[start - 1].isalnum() else part
    if before and end > start and text[end - 1].isalnum() and not text[end : end + 1].isalnum():
        part = part[:-1] + _reference(text[end - 1])
    return part


def _reference(character: str) -> str:
    return f"&#{ord(character)};"
