"""Records of structured sources to articles: the documented schema, and the user's own names for it.

| field | value |
|---|---|
| `id` | the record's own id within its source: a string or a whole number |
| `title`, `body` | strings, plain or HTML; at least one of them has text |
| `published`, `updated` | ISO 8601 (`2025-03-22`, `2025-03-22T00:48:00+08:00`) or RFC 5322, or as `read_stated` says |
| `source`, `section`, `url`, `lang` | strings |
| `authors` | a string or a list of strings |
| `dateline` | a string: the place, and perhaps day and wire, that open an agency's story |

A body without a letter or a digit, or of `blah` alone, holds the place of a text that was never written, as in wires'
one-line alerts: such an article has its title only.
"""

import re
from collections.abc import Iterator

from newsearch.extract.markup import looks_like_markup, text_of
from newsearch.extract.profiles import profile_of_source
from newsearch.extract.settings import Settings
from newsearch.extract.text import one_line, paragraphs
from newsearch.extract.times import read_stated, zone_for
from newsearch.model import Article, Moment, RecordCapture, Skipped

FIELDS = ("id", "title", "body", "published", "updated", "source", "section", "url", "authors", "lang", "dateline")
OWN = "record"
"""The evidence of records whose names of fields are their own, so that the user may say what they mean."""
_VITAL = ("id", "title", "body")
"""Without one of these as it was meant, a record is not the article it should be."""
BODY_LIMIT = 16 << 20
"""Characters."""
_PLACEHOLDER = re.compile(r"(?:[\W_]++|blah(?![^\W_]))*+", re.IGNORECASE)


def read_record(capture: RecordCapture, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the record's article, and a `Skipped` for each of its times that cannot be read; or why there is none."""
    names = settings.fields if capture.evidence == OWN else {}
    named = {name: capture.fields.get(names.get(name, name)) for name in FIELDS}
    values: dict[str, str] = {}
    authors: tuple[str, ...] = ()
    for name, value in named.items():
        try:
            if name == "authors":
                authors = _authors(value, settings)
            else:
                values[name] = _string(name, value, settings)
        except _BadFieldError as error:
            vital = name in _VITAL
            yield Skipped(capture.origin, "bad-field", f"{error}{'' if vital else '; the article is kept without it'}")
            if vital:
                return
            values[name] = ""
    title, body = one_line(_shown(values["title"])), paragraphs(_shown(values["body"]))
    if _PLACEHOLDER.fullmatch(body):
        body = ""
    if not title and not body:
        yield Skipped(
            capture.origin, "no-text", f"neither {_name('title', settings)} nor {_name('body', settings)} has text"
        )
        return
    source = one_line(values["source"])
    profile = profile_of_source(source, settings.profiles)
    zone = zone_for(profile.zone if profile else None, settings.assume_zone)
    order = profile.order if profile else None
    times: dict[str, Moment | None] = {}
    for name in ("published", "updated"):
        times[name] = read_stated(values[name], zone, capture.captured, capture.evidence, order)
        if values[name].strip() and times[name] is None:
            detail = (
                f"{_name(name, settings)} '{one_line(values[name])[:40]}' is no date; the article is kept without it"
            )
            yield Skipped(capture.origin, "date-rejected", detail)
    yield Article(
        title,
        body,
        capture.origin,
        times["published"],
        times["updated"],
        source,
        one_line(values["section"]),
        one_line(values["url"]),
        authors,
        one_line(values["lang"]),
        dateline=one_line(values["dateline"]),
        own_id=one_line(values["id"]),
        captured=capture.captured,
    )


def unread_fields(capture: RecordCapture, settings: Settings) -> list[str]:
    """Return the names in a record that mean nothing here."""
    if capture.evidence != OWN:
        return []
    read = {settings.fields.get(name, name) for name in FIELDS}
    return [name for name in capture.fields if name not in read]


class _BadFieldError(Exception):
    """A field's value is of a kind that cannot be used."""


def _string(name: str, value: object, settings: Settings) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > BODY_LIMIT:
            message = f"{_name(name, settings)} is longer than {BODY_LIMIT >> 20} million characters; split the record"
            raise _BadFieldError(message)
        return value
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = f"{_name(name, settings)} is {_kind(value)}; give a string"
    raise _BadFieldError(message)


def _shown(text: str) -> str:
    return text_of(text) if looks_like_markup(text) else text


def _authors(value: object, settings: Settings) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(name for item in names if (name := one_line(_string("authors", item, settings))))


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "of another kind")


def _name(name: str, settings: Settings) -> str:
    return settings.fields.get(name, name)
