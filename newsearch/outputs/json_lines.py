"""JSON Lines: one hit a line."""

import json
from typing import TextIO

from newsearch.model import Hit, Results
from newsearch.outputs.fields import FIELDS, object_fields
from newsearch.outputs.safe import safe_json
from newsearch.outputs.view import View


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write each hit as an object on a line of its own."""
    stream.writelines(hit_object(hit, view) + "\n" for hit in results.hits)


def hit_object(hit: Hit, view: View) -> str:
    """Return a hit as a JSON object on one line."""
    return to_json({name: FIELDS[name](hit) for name in object_fields(view)})


def to_json(value: object) -> str:
    """Return a value as JSON on one line, readable in any script and harmless on a terminal."""
    return safe_json(json.dumps(value, ensure_ascii=False))
