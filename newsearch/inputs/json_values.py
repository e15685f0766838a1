"""JSON from strangers."""

import json


class BrokenJSONError(Exception):
    """It is no JSON, or none that can be held; the message is a phrase for people."""


def parsed(text: str) -> object:
    """Return the value that a text is in JSON.

    Raises:
        BrokenJSONError: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenJSONError(why_broken(error)) from error


def why_broken(error: ValueError | RecursionError) -> str:
    """Return in words what `json` found wrong."""
    if isinstance(error, RecursionError):
        return "it nests too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at line {error.lineno}, column {error.colno} ({error.msg.lower()})"
    return "a number out of range"
