"""Text for people, drawn with Rich: in colour on a terminal, plain elsewhere."""

import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TextIO, cast

from rich.console import Console
from rich.style import Style
from rich.text import Text

from newsearch.model import STDIN_NAME, Article, Highlighted, Hit, Moment, Results
from newsearch.outputs.differences import Mark, Marked
from newsearch.outputs.fields import cell, copies
from newsearch.outputs.safe import safe, safe_highlighted, safe_line, safe_url
from newsearch.outputs.view import View

MATCH = "bold yellow"
_INDENT = 4
_DIM = "dim"
_COLOURS: dict[Mark, str] = {"": "", "removed": "red strike", "added": "green"}
_BRACKETS: dict[Mark, tuple[str, str]] = {"": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_LINK = re.compile(r"\x1b\]8;id=[\d.-]+;([^\x1b]+)")


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write each hit: its number and title, a line about it, and its snippets; or its body whole."""
    console = console_for(stream, view)
    for nth, hit in enumerate(results.hits):
        if nth:
            console.print()
        number = f"{results.offset + nth + 1}." if results.receipt else ""
        _write_hit(console, hit, number, view)


def console_for(stream: TextIO, view: View) -> Console:
    """Return a console that prints text as it is: no markup, no emoji codes, no colours for numbers."""
    return Console(
        file=cast("TextIO", _Linked(stream)) if view.hyperlinks else stream,
        width=view.width,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        no_color=not view.color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


class _Linked:
    """A stream in which the parts of a link are known by its address: rich knows them by a random number."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(
            _LINK.sub(lambda match: f"\x1b]8;id={zlib.crc32(match[1].encode())};{match[1]}", text)
        )

    def flush(self) -> None:
        self._stream.flush()


def write_marked(lines: Iterable[Sequence[Marked]], view: View, stream: TextIO) -> None:
    """Write lines of which parts are marked as removed or added: in colour, else in brackets as git's word diff."""
    console = console_for(stream, view)
    for line in lines:
        text = Text()
        for part, mark in line:
            before, after = ("", "") if view.color else _BRACKETS[mark]
            text.append(f"{before}{safe(part)}{after}", _COLOURS[mark])
        _print(console, text, Text())


def when(moment: Moment | None, zone: tzinfo) -> str:
    """Return a moment as a reader in `zone` would write it; a day stays the day it was stated as."""
    if moment is None:
        return "date unknown"
    if moment.precision == "day":
        return moment.isoformat()
    local = moment.local(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname() if zone_is_named(local.tzname()) else f'{local:%z}'}"


def zone_is_named(name: str | None) -> bool:
    """Tell whether a zone's abbreviation is a name and not an offset."""
    return bool(name) and str(name).isalpha()


def _update(published: Moment | None, updated: Moment, zone: tzinfo) -> str:
    """Return an update's clock time alone when its day is said already."""
    shown = when(updated, zone)
    same_day = (
        published
        and {published.precision, updated.precision} == {"minute"}
        and shown[:10] == when(published, zone)[:10]
    )
    return f"{updated.local(zone):%H:%M}" if same_day else shown


def _write_hit(console: Console, hit: Hit, number: str, view: View) -> None:
    article = hit.article
    title = _text(safe_highlighted(hit.title)) if safe_line(article.title) else Text("(no title)", _DIM)
    if safe_line(article.title):
        title.stylize("bold")
    if view.hyperlinks and (target := safe_url(article.url) or _capture_url(article, view.base)):
        title.stylize(Style(link=target))
    if hit.copies:
        title.append(f" {copies(hit)}", _DIM)
    if view.fields:
        names = [name for name in view.fields if name != "body" or not view.full]
        lines = [Text(f"{name}: {safe_line(cell(hit, name))}") for name in names]
    else:
        lines = [Text(" · ".join(about(article, view.zone)), _DIM)]
    if view.full and article.body:
        lines += [Text(""), *body_lines(article)]
    elif not view.fields and not view.full:
        lines += [_text(safe_highlighted(snippet)) for snippet in hit.snippets]
    indent = _INDENT if number else 0
    lead = f"{number} ".ljust(indent) if number else ""
    _print(console, title, Text().append(lead, _DIM))
    for line in lines:
        _print(console, line, Text(" " * indent))


def _capture_url(article: Article, base: str) -> str:
    location = Path(base, article.origin.path)
    return location.as_uri() if location.is_absolute() and not article.origin.path.startswith(STDIN_NAME) else ""


def _print(console: Console, text: Text, lead: Text) -> None:
    """Print a text wrapped behind a lead; the lines after the first are indented as far."""
    for line in text.wrap(console, max(1, console.width - len(lead)), overflow="fold") or [Text()]:
        line.rstrip()
        console.print(lead + line if line else "", soft_wrap=True)
        lead = Text(" " * len(lead))


def about(article: Article, zone: tzinfo) -> list[str]:
    """Return what is known of an article besides its text, part by part."""
    parts = [when(article.published, zone)]
    if article.updated:
        parts.append(f"updated {_update(article.published, article.updated, zone)}")
    parts += [safe_line(part) for part in (article.source, article.section, ", ".join(article.authors)) if part]
    return [*parts, safe_line(str(article.origin)), safe_line(article.id)]


def body_lines(article: Article) -> list[Text]:
    """Return the body's paragraphs, an empty line between two."""
    lines: list[Text] = []
    for paragraph in article.body.split("\n\n"):
        lines += [Text(safe(paragraph).replace("\n", " ")), Text("")]
    return lines[:-1]


def _text(highlighted: Highlighted) -> Text:
    text = Text(highlighted.text.replace("\n", " ").replace("\t", " "))
    for start, end in highlighted.spans:
        text.stylize(MATCH, start, end)
    return text
