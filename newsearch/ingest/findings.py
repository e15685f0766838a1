"""What a repair has found so far, kept in a file until it has ended, so that one that is cut off loses none of it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from newsearch.ingest.archive import FINDINGS
from newsearch.ingest.durable import replace
from newsearch.ingest.ledger import CaptureEntry


@dataclass(slots=True)
class Findings:
    """What a repair has found."""

    damaged: list[str] = field(default_factory=list)
    """The files that were not what was written, or missing, by their names."""
    unknown: list[str] = field(default_factory=list)
    """What cannot be known any more, a sentence each."""
    missing: list[CaptureEntry] = field(default_factory=list)
    """Captures whose editions were not in what was undamaged."""
    aside: str = ""
    """The name of the folder where damaged files are."""

    @classmethod
    def of(cls, folder: Path) -> "Findings":
        """Return what a repair that was cut off has found; nothing where none was."""
        try:
            kept: dict[str, Any] = json.loads((folder / FINDINGS).read_text("utf-8"))
            return cls(**kept | {"missing": [CaptureEntry(**one) for one in kept["missing"]]})
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls([FINDINGS], ["what an earlier repair had found is not known"])

    def note(self, folder: Path) -> None:
        """Keep them.

        Raises:
            OSError: they cannot be written.
        """
        replace(folder / FINDINGS, json.dumps(asdict(self)))
