"""An archive of an article in three versions, of which the first came back, and of one that came later."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cli_support import Outcome

Cli = Callable[..., Outcome]
FIRST = "Two ferries sail to the islands each day, at nine and at noon.\n\nTickets are sold on board."
SECOND = (
    "Two ferries sail to the islands each day, at nine and at four.\n\nTickets are sold on board.\n\nDogs travel free."
)
THIRD = "Three ferries sail to the islands each day, at nine and at four.\n\nTickets are sold on board."
DAYS = ("2025-05-01T10:00:00+08:00", "2025-05-03T10:00:00+08:00", "2025-05-05T10:00:00+08:00", "2025-05-07T10:00+08:00")


def capture(base: Path, name: str, saved: str, own_id: str, body: str, **fields: object) -> None:
    """Write a source file of one record, saved at a time."""
    file = base / "sources" / f"{name}.jsonl"
    stated = {"id": own_id, "title": "Ferries", "source": "Wire", "published": "2025-04-30", "body": body, **fields}
    file.write_text(json.dumps(stated))
    instant = datetime.fromisoformat(saved).timestamp()
    os.utime(file, (instant, instant))


def take_in(base: Path, cli: Cli) -> None:
    """Index the versions of `ferry`, and `tram`, which has one."""
    for nth, body in enumerate((FIRST, SECOND, FIRST)):
        capture(base, f"ferry{nth}", DAYS[nth], "ferry", body)
    capture(base, "ferry3", DAYS[3], "ferry", THIRD, title="More ferries", updated="2025-05-07T09:00:00+08:00")
    capture(base, "tram", DAYS[3], "tram", "Trams run to the islands now.", title="Trams", published=None)
    assert cli("index", "sources").code == 0
