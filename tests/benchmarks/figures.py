"""What a run measured, and the figures that are derived from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, median

from .measure import Command, Measured
from .quality import Scores, Setting
from .questions import NOTES

_NOTES = {question.name for question in NOTES}


@dataclass(frozen=True, slots=True)
class Section:
    """One archive."""

    title: str
    articles: int
    contenders: Mapping[str, Measured]
    command: Command

    def p50s(self, name: str) -> list[float]:
        """Return the medians of a contender over the questions of the notes, in milliseconds."""
        questions = self.contenders[name].answers.questions
        return [timed.p50_ms for timed in questions if timed.name in _NOTES]


@dataclass(slots=True)
class Figures:
    """One run."""

    machine: Mapping[str, str]
    compared: Section | None = None
    scaled: list[Section] = field(default_factory=list)
    quality: Mapping[str, Scores] = field(default_factory=dict)
    """By contender."""
    grid: Mapping[Setting, Scores] = field(default_factory=dict)
    """The best first."""

    def of_size(self, articles: int) -> Section | None:
        """Return the made archive of so many articles."""
        return next((section for section in self.scaled if section.articles == articles), None)

    def write_json(self, file: Path, claims: "list[Claim]") -> None:
        """Write everything to a file."""
        values = asdict(self) | {
            "grid": [setting._asdict() | {"ndcg": scores} for setting, scores in self.grid.items()],
            "claims": [asdict(claim) for claim in claims],
        }
        file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Claim:
    """A goal, and whether it is reached."""

    text: str
    figure: str
    """Empty when the run did not measure it."""
    holds: bool | None
    """None when the run did not measure it."""


MEMORY_LIMIT = 700e6
SMALL, LARGE, HUGE = 20_000, 200_000, 1_000_000
SIZES = (SMALL, LARGE, HUGE)


def claims(figures: Figures) -> list[Claim]:
    """Hold a run to the goals."""
    return [
        *_political_claims(figures.compared),
        _memory_claim(figures),
        *_scale_claims(figures.of_size(LARGE), figures.of_size(HUGE)),
        *_quality_claims(figures.quality),
        Claim("100,000 random cases agree with the oracle", "", None),
    ]


def _political_claims(section: Section | None) -> list[Claim]:
    beside = set(section.contenders) if section else set()
    return [
        _speed_claim(section if "tantivy" in beside else None, "tantivy", 1.0),
        _speed_claim(section if "whoosh" in beside else None, "whoosh", 20.0),
        *_fts5_claims(section if "fts5" in beside else None),
        _median_claim(section if "tantivy" in beside else None, "tantivy", "within 3 × tantivy's", 1 / 3),
        _median_claim(section if "whoosh" in beside else None, "whoosh", "60 × ahead of stock Whoosh's", 60.0),
        _disk_claim(section if "tantivy" in beside else None),
    ]


def _speed_claim(section: Section | None, rival: str, factor: float) -> Claim:
    text = f"indexes at least {factor:g} × as fast as {rival}"
    if section is None:
        return Claim(text, "", None)
    own, other = (section.contenders[name].build.per_second for name in ("newsearch", rival))
    return Claim(text, f"{own / other:.3g} × ({own:,.0f} and {other:,.0f} articles a second)", own >= factor * other)


def _fts5_claims(section: Section | None) -> list[Claim]:
    total = "the sum over the 15 queries is at most a third of FTS5's"
    behind = "no query is more than 0.3 ms behind FTS5"
    if section is None:
        return [Claim(total, "", None), Claim(behind, "", None)]
    own, other = section.p50s("newsearch"), section.p50s("fts5")
    worst = max(mine - theirs for mine, theirs in zip(own, other, strict=True))
    share = sum(own) / sum(other)
    return [
        Claim(total, f"{share:.3g} of it ({sum(own):.2f} and {sum(other):.2f} ms)", share <= 1 / 3),
        Claim(behind, f"the furthest by {worst:.3f} ms" if worst > 0 else "none is behind", worst <= 0.3),
    ]


def _median_claim(section: Section | None, rival: str, aim: str, ahead: float) -> Claim:
    text = f"the median query is {aim}"
    if section is None:
        return Claim(text, "", None)
    own, other = median(section.p50s("newsearch")), median(section.p50s(rival))
    return Claim(text, f"{other / own:.3g} × ahead ({own:.3f} and {other:.3f} ms)", other >= ahead * own)


def _disk_claim(section: Section | None) -> Claim:
    text = "the index is no larger than tantivy's"
    if section is None:
        return Claim(text, "", None)
    own, other = (section.contenders[name].build.disk_bytes for name in ("newsearch", "tantivy"))
    return Claim(text, f"{own / other:.2f} of it ({own / 1e6:.0f} and {other / 1e6:.0f} MB)", own <= other)


def _memory_claim(figures: Figures) -> Claim:
    text = f"peak memory is under {MEMORY_LIMIT / 1e6:.0f} MB at {LARGE:,} articles as at {SMALL:,}"
    peaks = [_peak(section) for size in (LARGE, SMALL) if (section := figures.of_size(size))]
    if len(peaks) < 2:
        return Claim(text, "", None)
    return Claim(text, " and ".join(f"{peak / 1e6:.0f} MB" for peak in peaks), max(peaks) < MEMORY_LIMIT)


def _peak(section: Section) -> int:
    """Return the most memory that newsearch took to index, as an engine or as a command."""
    return max(section.contenders["newsearch"].build.peak_bytes, section.command.index.peak_bytes)


def _scale_claims(large: Section | None, huge: Section | None) -> list[Claim]:
    p95 = f"the warm p95 at {HUGE:,} articles is under 60 ms"
    adding = f"one more article than {LARGE:,} is committed in under 200 ms"
    cold = f"a query in a new process on {LARGE:,} articles takes no more than 1.6 × the imports"
    verifying = f"verifying {HUGE:,} articles takes less time than indexing a tenth of them"
    found = [Claim(text, "", None) for text in (p95, adding, cold, verifying)]
    if huge:
        answers = huge.contenders["newsearch"].answers
        worst = max(answers.questions, key=lambda timed: timed.p95_ms)
        figure = f"{answers.p95_ms:.2f} ms over all; {worst.p95_ms:.2f} ms of the slowest, {worst.name}"
        found[0] = Claim(p95, figure, answers.p95_ms < 60)
        spent, limit = huge.command.verify_seconds, huge.command.tenth_seconds
        found[3] = Claim(verifying, f"{spent / limit:.2f} of it ({spent:.1f} and {limit:.1f} s)", spent < limit)
    if large:
        answers = large.contenders["newsearch"].answers
        figure = f"{answers.add_ms:.0f} ms; the slowest {answers.slowest_add_ms:.0f} ms"
        found[1] = Claim(adding, figure, answers.add_ms < 200)
        command = large.command
        figure = f"{command.cold_ratio:.2f} × ({command.cold_ms:.0f} and {command.imports_ms:.0f} ms)"
        found[2] = Claim(cold, figure, command.cold_ratio <= 1.6)
    return found


def _quality_claims(quality: Mapping[str, Scores]) -> list[Claim]:
    nowhere = "nDCG@10 is nowhere more than .01 behind the best of the others"
    average = "nDCG@10 is ahead of each of the others on average"
    own = quality.get("newsearch")
    others = [scores for name, scores in quality.items() if name != "newsearch"]
    if own is None or not others:
        return [Claim(nowhere, "", None), Claim(average, "", None)]
    behind = {name: max(scores[name] for scores in others) - own[name] for name in own}
    worst = max(behind, key=lambda name: behind[name])
    means = [mean(scores.values()) for scores in others]
    mine = mean(own.values())
    return [
        Claim(nowhere, f"{behind[worst]:+.4f} on {worst}", behind[worst] <= 0.01),
        Claim(average, f"{mine:.4f}; the best of the others {max(means):.4f}", mine > max(means)),
    ]
