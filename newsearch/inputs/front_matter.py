"""Front matter: fields before a text, between lines of `---` in YAML or of `+++` in TOML."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import yaml

LIMIT = 1 << 16
"""Characters."""
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
"""Lines that begin front matter, and those that end it."""
_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt]|[ \t]+)(\d{1,2}):(\d\d)(:\d\d)?(?:\.\d*)?[ \t]*(?:([Zz])|([+-])(\d\d?):?(\d\d)?)?"
)
"""YAML 1.1's, with the offsets that site generators write."""
_NOTHING = ("", "~", "null", "Null", "NULL")


class FrontMatterError(Exception):
    """Front matter cannot be read.

    Args:
        what: why, for people.
        text: what follows it.
    """

    def __init__(self, what: str, text: str) -> None:
        super().__init__(what)
        self.text = text


class _Loader(yaml.BaseLoader):  # type: ignore[misc]
    """YAML in which every value is as it is written, and none stands for another, since those grow without end."""

    def compose_node(self, parent: object, index: object) -> object:
        if self.check_event(yaml.AliasEvent):
            message = "aliases are not read here"
            raise yaml.YAMLError(message)
        return super().compose_node(parent, index)


def split(lines: Sequence[str]) -> tuple[Mapping[str, object], str]:
    """Return the fields in front of a text, and the text.

    Fields are strings, lists or objects of strings; times are in ISO 8601, with an offset where one is stated.

    Raises:
        FrontMatterError: there is front matter, and it cannot be read.
    """
    opening = lines[0].rstrip() if lines else ""
    end = _end(lines, _FENCES.get(opening, ()))
    if not end:
        return {}, "\n".join(lines)
    matter, text = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])
    try:
        fields = tomllib.loads(matter) if opening == "+++" else yaml.load(matter, _Loader)  # noqa: S506 - makes strings
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = "it nests too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]
        message = f"front matter that is not {'TOML' if opening == '+++' else 'YAML'} ({what})"
        raise FrontMatterError(message, text) from error
    if not isinstance(fields, dict):
        message = "front matter without fields"
        raise FrontMatterError(message, text)
    return {str(name): _plain(value) for name, value in fields.items()}, text


def _end(lines: Sequence[str], closing: Sequence[str]) -> int:
    """Return the number of the line that ends front matter; 0 when none does."""
    size = 0
    for number, line in enumerate(lines[1:] if closing else [], 1):
        size += len(line) + 1
        if size > LIMIT:
            break
        if line.rstrip() in closing:
            return number
    return 0


def _plain(value: object) -> object:
    if isinstance(value, str):
        return "" if value in _NOTHING else _TIMESTAMP.sub(_iso, value) if _TIMESTAMP.fullmatch(value) else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return "" if value is None or isinstance(value, bool) else str(value)


def _iso(match: re.Match[str]) -> str:
    day, hour, minute, second, zulu, sign, hours, minutes = match.groups()
    offset = "+00:00" if zulu else f"{sign}{int(hours):02}:{minutes or '00'}" if sign else ""
    return f"{day}T{int(hour):02}:{minute}{second or ''}{offset}"
