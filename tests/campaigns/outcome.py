"""What a campaign that breaks things found, in the words all of them report in."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

_NAMED = 10
"""Failures that are told where there are more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the cases of a campaign."""

    campaign: str
    cases: int
    what: str
    """The cases, in the plural."""
    seconds: float
    lost: int = 0
    """Articles that had been committed and are gone without a word."""
    failures: Sequence[str] = field(default=())
    """What was not survived: the case, how to try it again, and what went wrong; one line each."""

    untried: int = 0
    """Cases that cannot be tried on this machine."""

    @property
    def survived(self) -> int:
        """Return how many cases ended as they should."""
        return self.cases - self.untried - len(self.failures)

    def report(self) -> int:
        """Print the result as one line on stdout and failures on stderr, and return the exit code."""
        counts = f"{self.cases:,} {self.what}, {self.survived:,} survived, {self.lost:,} articles lost"
        counts += f", {self.untried:,} not tried" if self.untried else ""
        sys.stdout.write(f"{self.campaign}: {counts}, {self.seconds:.0f} s\n")
        sys.stdout.flush()
        for failure in self.failures[:_NAMED]:
            sys.stderr.write(f"{failure}\n")
        if len(self.failures) > _NAMED:
            sys.stderr.write(f"and {len(self.failures) - _NAMED:,} more\n")
        return 1 if self.failures or self.lost else 0
