"""The fields of a hit, by the names they have in every structured format."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from newsearch.errors import UsageError
from newsearch.model import Hit, Moment
from newsearch.outputs.view import View

FIELDS: dict[str, Callable[[Hit], Any]] = {
    "id": lambda hit: hit.article.id,
    "score": lambda hit: round(hit.score, 4),
    "title": lambda hit: hit.article.title,
    "title_spans": lambda hit: hit.title.spans,
    "published": lambda hit: _iso(hit.article.published),
    "published_precision": lambda hit: _precision(hit.article.published),
    "updated": lambda hit: _iso(hit.article.updated),
    "updated_precision": lambda hit: _precision(hit.article.updated),
    "source": lambda hit: hit.article.source,
    "section": lambda hit: hit.article.section,
    "url": lambda hit: hit.article.url,
    "authors": lambda hit: hit.article.authors,
    "lang": lambda hit: hit.article.lang,
    "dateline": lambda hit: hit.article.dateline,
    "origin": lambda hit: {
        "path": hit.article.origin.path,
        "lines": _lines(hit),
        "member": hit.article.origin.member,
    },
    "path": lambda hit: hit.article.origin.path,
    "lines": lambda hit: _lines(hit),  # noqa: PLW0108 - defined below
    "snippets": lambda hit: [{"text": snippet.text, "spans": snippet.spans} for snippet in hit.snippets],
    "times": lambda hit: {
        name: moment and {"evidence": moment.evidence, "flags": moment.flags, "utc": moment.instant.isoformat()}
        for name, moment in (("published", hit.article.published), ("updated", hit.article.updated))
    },
    "body": lambda hit: hit.article.body,
    "copies": lambda hit: hit.copies if hit.story else None,
    "story": lambda hit: hit.story or None,
}
_OBJECT_FIELDS = (
    *("id", "score", "title", "title_spans", "published", "published_precision", "updated", "updated_precision"),
    *("source", "section", "url", "authors", "lang", "origin", "snippets"),
)
_STORY_FIELDS = ("copies", "story")
_TABLE_FIELDS = ("id", "score", "title", "published", "updated", "source", "section", "url", "path", "lines")


def check_fields(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names.

    Raises:
        UsageError: one of them is no field.
    """
    checked = tuple(names)
    for name in checked:
        if name not in FIELDS:
            message = f"there is no field '{name}' to show"
            raise UsageError(message, f"use some of: {', '.join(FIELDS)}")
    return checked


def table_fields(view: View) -> tuple[str, ...]:
    """Return the columns of CSV and TSV: snippets, or the bodies whole."""
    return _chosen(view, (*_TABLE_FIELDS, "body" if view.full else "snippets"))


def object_fields(view: View) -> tuple[str, ...]:
    """Return the fields of JSON."""
    return _chosen(view, _OBJECT_FIELDS)


def _chosen(view: View, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields to show: those named, else the usual ones; and the body when wanted whole."""
    fields = view.fields or (*usual, *(_STORY_FIELDS if view.stories else ()))
    return (*fields, "body") if view.full and "body" not in fields else fields


def shows_snippets(format_name: str, names: tuple[str, ...], *, full: bool) -> bool:
    """Tell whether a format shows the snippets of hits, given the fields named and whether bodies are wanted whole."""
    if format_name == "ids":
        return False
    if names:
        return "snippets" in names
    return format_name in ("json", "jsonl") or not full


def copies(hit: Hit) -> str:
    """Return how many copies of a hit match as well, for people; empty when there is none."""
    return f"+{hit.copies:,} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies else ""


def cell(hit: Hit, name: str) -> str:
    """Return a field as the text of a table's cell."""
    if name == "snippets":
        return " … ".join(snippet.text for snippet in hit.snippets)
    value = FIELDS[name](hit)
    match value:
        case None:
            return ""
        case dict() if name == "origin":
            return str(hit.article.origin)
        case list() | tuple() if name in ("authors", "lines"):
            return ("-" if name == "lines" else "; ").join(map(str, value))
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _iso(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment else None


def _precision(moment: Moment | None) -> str | None:
    return moment.precision if moment else None


def _lines(hit: Hit) -> list[int]:
    return [hit.article.origin.first_line, hit.article.origin.last_line]
