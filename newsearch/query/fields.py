"""The fields of a query."""

from newsearch.errors import QueryError
from newsearch.query.tree import TextField, ValueField

TEXT_FIELDS: tuple[TextField, ...] = ("title", "body", "lead")
VALUE_FIELDS: tuple[ValueField, ...] = ("source", "section", "lang", "site", "by", "dateline", "file")
DATE_FIELDS = ("date", "updated", "since", "until", "after", "before")
FIELDS = (*TEXT_FIELDS, *VALUE_FIELDS, *DATE_FIELDS, "words", "no", "saved")
NAMES = {name: name for name in FIELDS} | {"author": "by"}
"""What may be typed, in lower case, and the field it means."""
_MEANT = {"published": "date", "pubdate": "date", "headline": "title", "text": "body", "byline": "by", "authors": "by"}
_MEANT |= {"language": "lang", "url": "site", "host": "site", "domain": "site", "path": "file", "length": "words"}
_MEANT |= {"on": "date", "place": "dateline", "outlet": "source", "publisher": "source"}
"""Names of other tools for what is meant."""


def no_such_field(name: str, *, query: str, position: int, known: tuple[str, ...] = FIELDS) -> QueryError:
    """Return the error about a name that is no field's."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when a name is wrong

    near = [_MEANT[name.lower()]] if name.lower() in _MEANT else get_close_matches(name.lower(), known, 1, cutoff=0.5)
    suggestion = f"did you mean {near[0]}: ?" if near else f"the fields are {', '.join(known)}."
    hint = f'{suggestion} To search the text itself, quote it: "{name}:…"'
    return QueryError(f"there is no field '{name}'", hint, query=query, position=position)
