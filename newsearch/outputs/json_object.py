"""JSON: one object for the whole answer, its hits written as they are made."""

from typing import TextIO

from newsearch.model import Results
from newsearch.outputs.json_lines import hit_object, to_json
from newsearch.outputs.view import View

SCHEMA_VERSION = 1


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write the answer; its list is called `hits` for a query, and `articles` when they were asked for by id."""
    receipt = results.receipt
    head: dict[str, object] = {"schema_version": SCHEMA_VERSION}
    if receipt:
        head["query"] = {
            "text": receipt.text,
            "canonical": receipt.canonical,
            "range": {"since": receipt.since, "until": receipt.until},
            "notes": receipt.notes,
            "as_of": receipt.as_of,
        }
        head["total"] = results.total
        head["total_is_exact"] = results.total_is_exact
        head["total_stories"] = results.total_stories
        head["undated_left_out"] = results.undated
        head["offset"] = results.offset
        head["took_ms"] = round(results.took_ms, 3)
    stream.write(f'{to_json(head)[:-1]}, "{"hits" if receipt else "articles"}": [')
    stream.writelines(("," if nth else "") + "\n" + hit_object(hit, view) for nth, hit in enumerate(results.hits))
    stream.write("\n]}\n" if len(results.hits) else "]}\n")
