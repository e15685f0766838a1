"""What came of it: each failure judged, and all of it as Markdown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .runs import Outcome, Run


@dataclass(frozen=True, slots=True)
class Judged:
    """A module with both codecs."""

    module: str
    stock: Run
    ours: Run

    def counts(self) -> Counter[str]:
        """Return how many tests ended in which way with our codec; `both` is a failure with either."""
        return Counter(self._kind(name, outcome) for name, outcome in self.ours.outcomes.items())

    def failures(self) -> dict[str, Outcome]:
        """Return what fails with our codec only."""
        return {name: one for name, one in self.ours.outcomes.items() if self._kind(name, one) == "failed"}

    def shared(self) -> dict[str, Outcome]:
        """Return what fails with either codec."""
        return {name: one for name, one in self.ours.outcomes.items() if self._kind(name, one) == "both"}

    def passes(self) -> list[str]:
        """Return what passes with our codec."""
        return [name for name, one in self.ours.outcomes.items() if one.kind == "passed"]

    def _kind(self, name: str, outcome: Outcome) -> str:
        stock = self.stock.outcomes.get(name)
        if outcome.kind == "failed" and stock and stock.kind == "failed":
            return "both"
        return "failed" if outcome.kind == "broken" else outcome.kind


@dataclass(frozen=True, slots=True)
class Report:
    """All modules.

    Attributes:
        title: which Whoosh it was.
        judged: the modules that were run.
        left_out: those that were not, each with the reason.
        reasons: of failures that are understood, by test.
    """

    title: str
    judged: list[Judged]
    left_out: Mapping[str, str]
    reasons: Mapping[str, str]

    def unexplained(self) -> list[str]:
        """Return the tests that fail with our codec only and for no reason that is listed."""
        return [name for one in self.judged for name in one.failures() if not self._reason(name)]

    def stale(self) -> list[str]:
        """Return the tests that are listed with a reason to fail, and pass."""
        return [name for one in self.judged for name in one.passes() if self._reason(name)]

    def segments(self) -> int:
        """Return how many segments were begun with our codec; with none, nothing was tried."""
        return sum(one.ours.segments for one in self.judged)

    def totals(self) -> Counter[str]:
        """Return the counts of all modules together."""
        return sum((one.counts() for one in self.judged), Counter())

    def render(self) -> str:
        """Return the report as Markdown."""
        lines = [f"# Whoosh's own tests over segments of arrays: {self.title}", "", *self._table(), ""]
        lines += [f"- `{name}` **fails**: {self._reason_or_complaint(name, one)}" for name, one in self._all_failures()]
        lines += [f"- `{name}` fails with the stock codec as well: {one.said}" for name, one in self._all_shared()]
        lines += [f"- `{name}` passes, though a reason to fail is listed" for name in self.stale()]
        lines += ["", f"Left out are {len(self.left_out)} modules:", ""]
        lines += [f"- `{module}` {reason}" for module, reason in sorted(self.left_out.items())]
        return "\n".join(lines) + "\n"

    def _table(self) -> list[str]:
        rows = [(one.module, one.counts(), one.ours.segments) for one in self.judged]
        rows.append(("all", self.totals(), self.segments()))
        lines = ["| module | passed | failed | failed with the stock codec as well | skipped | segments begun |"]
        lines.append("|---|---|---|---|---|---|")
        for name, counts, segments in rows:
            cells = [name, *(counts[kind] for kind in ("passed", "failed", "both", "skipped")), segments]
            lines.append(f"| {' | '.join(map(str, cells))} |")
        return lines

    def _all_failures(self) -> list[tuple[str, Outcome]]:
        return [pair for one in self.judged for pair in one.failures().items()]

    def _all_shared(self) -> list[tuple[str, Outcome]]:
        return [pair for one in self.judged for pair in one.shared().items()]

    def _reason_or_complaint(self, name: str, outcome: Outcome) -> str:
        return self._reason(name) or f"no reason is listed; it says: {outcome.said}"

    def _reason(self, name: str) -> str | None:
        return self.reasons.get(name.partition("[")[0])
