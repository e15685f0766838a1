"""What a repair has found so far, kept in a file until it has ended, so that one that is cut off loses none of it."""

import json
import re
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from newsearch import private
from newsearch.ingest.archive import FINDINGS
from newsearch.ingest.durable import replace
from newsearch.ingest.ledger import ENTRY, CaptureEntry

_LARGEST = 1 << 28
"""Bytes of the file; a million captures fit."""
_ASIDE = re.compile(r"damaged-[0-9]{8}T[0-9]{6}Z(#[0-9]+)?")


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
    whole: bool = True
    """Whether the ledger knew of all that belongs into the index when the repair began."""
    read_otherwise: dict[str, str] = field(default_factory=dict)
    """Sources that had been read with other settings than the repair's, with the fingerprints of these."""

    @classmethod
    def of(cls, folder: Path) -> "Findings":
        """Return what a repair that was cut off has found; nothing where none was."""
        try:
            return _read(private.read(folder / FINDINGS, _LARGEST))
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls([FINDINGS], ["what an earlier repair had found is not known"], whole=False)

    def note(self, folder: Path) -> None:
        """Keep them.

        Raises:
            OSError: they cannot be written.
        """
        replace(folder / FINDINGS, json.dumps(asdict(self)))


def _read(text: bytes) -> Findings:
    """Return what a file says was found.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, RecursionError: it is not as it was written.
    """
    kept = json.loads(text)
    json.dumps(kept, ensure_ascii=False).encode()  # JSON can spell half a pair of surrogates, and UTF-8 cannot
    found = Findings(**kept | {"missing": [CaptureEntry(**one) for one in kept["missing"]]})
    kinds = [type(one) for one in (found.damaged, found.unknown, found.whole, found.read_otherwise)]
    words = (*found.damaged, *found.unknown, *found.read_otherwise, *found.read_otherwise.values())
    told = kinds == [list, list, bool, dict] and all(type(one) is str for one in words)
    known = all(tuple(map(type, astuple(capture))) == ENTRY for capture in found.missing)
    if not (told and known and _ASIDE.fullmatch(found.aside)):
        raise ValueError(kept)
    return found
