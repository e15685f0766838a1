"""JSON-LD: what a page states of itself in the terms of schema.org."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from newsearch.analysis.references import unescaped

Node = Mapping[str, object]
"""An object of JSON-LD."""
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "mainEntityofPage", "@list")
_MOST = 10_000
_OPENING = re.compile(r"<!--|(?://)?\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/")
_CLOSING = ("-->", "]]>", ";")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_BETWEEN = re.compile(r"[\s,;]*+")
_FIELDS = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|articleSection|inLanguage|url)"\s*:\s*'
    r'("(?:[^"\\\n]|\\.)*")'
)


def nodes(scripts: Iterable[str]) -> list[Node]:
    """Return the objects at the top of a page's JSON-LD scripts, with those of their graphs and main entities.

    Args:
        scripts: their texts. One that is no JSON is repaired where it is plain what was meant; of others, the simple
            fields that can be read count as one object.
    """
    found: list[Node] = []
    waiting: deque[object] = deque(value for script in scripts for value in _values(script))
    while waiting and len(found) < _MOST:
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft(reversed(value[:_MOST]))
        elif isinstance(value, dict):
            found.append(value)
            waiting.extendleft(value[name] for name in reversed(_NESTED) if isinstance(value.get(name), dict | list))
    return found


def types_of(node: Node) -> list[str]:
    """Return the names of an object's types, without the vocabulary they are of."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return [re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str)]


def texts(value: object, *names: str) -> Iterator[str]:
    """Yield the texts of a value: its own, those of its items, or of an object the first that has one of the names."""
    if isinstance(value, str):
        if text := " ".join(unescaped(value).split()):
            yield text
    elif isinstance(value, list):
        for item in value[:_MOST]:
            if not isinstance(item, list):
                yield from texts(item, *names)
    elif isinstance(value, dict):
        for name in names:
            if isinstance(value.get(name), str) and value[name].strip():
                yield from texts(value[name])
                return


def text(value: object, *names: str) -> str:
    """Return the first of `texts`; empty when there is none."""
    return next(texts(value, *names), "")


def _unwrapped(script: str) -> str:
    """Return a script without what hides it from old browsers, or ends a statement."""
    text = script.strip()
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    closing = next((end for end in _CLOSING if text.endswith(end)), "")
    return text.removesuffix(closing).rstrip().removesuffix("//") if closing else text


def _values(script: str) -> Iterator[object]:
    for attempt in (script, _TRAILING_COMMA.sub("", _unwrapped(_unwrapped(script))), unescaped(script)):
        values = _decoded(attempt.strip())
        if values is not None:
            yield from values
            return
    fields: dict[str, object] = {}
    for name, quoted in _FIELDS.findall(script):
        value = _decoded(quoted)
        if value and name not in fields:
            fields[name] = value[0]
    yield fields


def _decoded(script: str) -> list[object] | None:
    """Return the values of a script, of which there may be several in a row; None when it is no JSON."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    at = 0
    try:
        while at < len(script):
            value, at = decoder.raw_decode(script, at)
            values.append(value)
            at = len(script) if (gap := _BETWEEN.match(script, at)) is None else gap.end()
    except (ValueError, RecursionError):
        return None
    return values
