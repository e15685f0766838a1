"""What a run over an archive is to do, and what it did."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from typing import Protocol

from newsearch.extract import Settings
from newsearch.inputs.files import Roots
from newsearch.model import Skipped


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is to do."""

    roots: Roots
    settings: Settings = field(default_factory=Settings)
    input_format: str | None = None
    """For all files of the run; None: told from each file's content."""
    exclude: Sequence[str] = ()
    keep_missing: bool = False
    """Keep the articles of files that are gone."""
    doubtful: Sequence[str] = ()
    """Articles whose editions are to be settled whether or not anything of them is read."""

    @property
    def fingerprint(self) -> str:
        """Changes when the same file might be read otherwise."""
        own = [astuple(profile) for profile in self.settings.profiles]
        settings = [str(self.settings.assume_zone), sorted(self.settings.fields.items()), self.input_format, own]
        return hashlib.blake2b(json.dumps(settings).encode(), digest_size=8).hexdigest()


@dataclass(slots=True)
class Summary:
    """What one run did."""

    files_read: int = 0
    files_unchanged: int = 0
    files_vanished: int = 0
    files_reread: int = 0
    """Files that are as they were and were read again, because they had been read with other settings."""
    added: int = 0
    """Articles that were not there."""
    changed: int = 0
    """Articles of which another content was found."""
    left: int = 0
    """Articles that are there no more, because their files are gone or show others."""
    unchanged: int = 0
    """Captures found as they were."""
    kept_out: int = 0
    """Captures of articles that were removed for good."""
    skipped: list[Skipped] = field(default_factory=list)
    """What was not taken in, or not whole, and was not known before."""
    skipped_before: int = 0
    """What is still skipped, as in an earlier run."""
    unread: Counter[str] = field(default_factory=Counter)
    """Names of record fields that mean nothing here, with the number of records."""
    committed: int = 0
    """Articles that were added or changed and are safe."""

    @property
    def nothing_changed(self) -> bool:
        """Whether the index is as it was."""
        return not (self.added or self.changed or self.left)

    @property
    def failed(self) -> bool:
        """Whether something was skipped that should not have been."""
        return any(not skipped.harmless for skipped in self.skipped)


class Progress(Protocol):
    """Who is told how far a run has come."""

    def start(self, total_bytes: int) -> None:
        """Reading begins."""
        ...

    def advance(self, read_bytes: int, articles: int) -> None:
        """Some more was done."""
        ...
