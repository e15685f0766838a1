"""Markdown (CommonMark): a section a hit, to be pasted into notes."""

import re
from typing import TextIO

from newsearch.model import Highlighted, Hit, Results
from newsearch.outputs.fields import FIELDS, cell
from newsearch.outputs.safe import safe, safe_highlighted, safe_line, safe_url
from newsearch.outputs.view import View

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write each hit: its title as a heading, a line about it, its snippets as quotes or its body whole."""
    stream.writelines(
        ("\n" if nth else "") + _fields(hit, view) if view.fields else ("\n" if nth else "") + _section(hit, view)
        for nth, hit in enumerate(results.hits)
    )


def escape(text: str) -> str:
    """Return safe text in which nothing is markup."""
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", safe(text)))


def _section(hit: Hit, view: View) -> str:
    title = _marked(hit.title) or "(no title)"
    url = safe_url(hit.article.url)
    heading = f"[{title}](<{url.replace('>', '%3E').replace('<', '%3C')}>)" if url else title
    facts = [cell(hit, name) for name in ("published", "source", "section", "origin", "id")]
    about = " · ".join(escape(safe_line(fact)) for fact in facts if fact)
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
    for start, end in shown.spans:
        text += f"{escape(shown.text[place:start])}**{escape(shown.text[start:end])}**"
        place = end
    return " ".join((text + escape(shown.text[place:])).split())
