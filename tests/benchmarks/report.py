"""What was measured, as Markdown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, median_low

from .contenders import TITLES
from .figures import Claim, Figures, Section
from .measure import Measured
from .quality import CURRENT, Scores, Setting

_LEGEND = (
    "× says how many times better newsearch is, and in parentheses stands the other's own figure; below 1 × newsearch "
    "is behind."
)
_VERDICTS = {True: "yes", False: "**no**", None: "not measured"}
_SETTINGS_SHOWN = 5
_ALIKE = 0.05
"""How much totals may differ."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of ratios."""

    title: str
    value: Callable[[Measured, list[float]], float]
    """Of a contender, and its medians over the questions of the notes."""
    form: Callable[[float], str]
    more_is_better: bool = False


def milliseconds(value: float) -> str:
    """Return a time with about three digits."""
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} ms"


def megabytes(value: float) -> str:
    """Return a size."""
    return f"{value / 1e6:,.0f} MB" if value >= 1e7 else f"{value / 1e6:.1f} MB"


ROWS = (
    Row(
        "articles indexed a second",
        lambda one, _: one.build.per_second,
        lambda value: f"{value:,.0f}",
        more_is_better=True,
    ),
    Row("peak memory, indexing", lambda one, _: one.build.peak_bytes, megabytes),
    Row("peak memory, answering", lambda one, _: one.answering_peak_bytes, megabytes),
    Row("disk", lambda one, _: one.build.disk_bytes, megabytes),
    Row("15 queries, sum of p50", lambda _, p50s: sum(p50s), milliseconds),
    Row("15 queries, median of p50", lambda _, p50s: median(p50s), milliseconds),
    Row("15 queries, slowest p50", lambda _, p50s: max(p50s), milliseconds),
    Row("all 20 queries, p95", lambda one, _: one.answers.p95_ms, milliseconds),
    Row("ten hits with snippets", lambda one, _: median(q.page_ms for q in one.answers.questions), milliseconds),
    Row("one more article, committed", lambda one, _: one.answers.add_ms, milliseconds),
)


def render(figures: Figures, claims: Sequence[Claim]) -> str:
    """Return the whole report."""
    parts = ["# newsearch beside other engines", *_machine(figures.machine), *_claims(claims)]
    if figures.compared:
        parts += _section(figures.compared)
    if figures.scaled:
        parts += _scale(figures.scaled)
    if figures.quality:
        parts += _quality(figures.quality)
    if figures.grid:
        parts += _grid(figures.grid)
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def _machine(machine: Mapping[str, str]) -> list[str]:
    return ["\n".join(f"- {name}: {value}" for name, value in machine.items())]


def _claims(claims: Sequence[Claim]) -> list[str]:
    rows = [[claim.text, claim.figure, _VERDICTS[claim.holds]] for claim in claims]
    return ["## Goals", table(["what", "measured", "holds"], rows)]


def _section(section: Section) -> list[str]:
    return [f"## {section.title}", _LEGEND, _summary(section), _command(section), _times(section), _totals(section)]


def _summary(section: Section) -> str:
    rows = [[row.title, *_cells(row, section)] for row in ROWS]
    return table(["", *_heads(section)], rows)


def _cells(row: Row, section: Section) -> list[str]:
    """Return newsearch's own figure, and for each other the ratio with its figure."""
    values = {name: row.value(one, section.p50s(name)) for name, one in section.contenders.items()}
    return _compared(values, row.form, more_is_better=row.more_is_better)


def _compared(values: dict[str, float], form: Callable[[float], str], *, more_is_better: bool = False) -> list[str]:
    own = values["newsearch"]
    cells: list[str] = []
    for name, value in values.items():
        if name == "newsearch":
            cells.append(form(value))
        else:
            ratio = own / value if more_is_better else value / own
            cells.append(f"{ratio:,.{0 if ratio >= 100 else 1 if ratio >= 10 else 2}f} × ({form(value)})")
    return cells


def _command(section: Section) -> str:
    index, command = section.command.index, section.command
    return (
        f"`newsearch index`: {index.per_second:,.0f} articles a second, {megabytes(index.peak_bytes)} at the peak, "
        f"{megabytes(index.disk_bytes)} on disk. `newsearch query --format json` in a new process: "
        f"{milliseconds(command.cold_ms)}, {command.cold_ratio:.2f} × the imports "
        f"({milliseconds(command.imports_ms)}). "
        f"`newsearch verify`: {command.verify_seconds:.2f} s; `newsearch index` on a tenth of the articles: "
        f"{command.tenth_seconds:.2f} s."
    )


def _times(section: Section) -> str:
    """Return p50 and p95 of every query."""
    rows: list[list[str]] = []
    for timed in zip(*(one.answers.questions for one in section.contenders.values()), strict=True):
        p50s = {name: question.p50_ms for name, question in zip(section.contenders, timed, strict=True)}
        cells = _compared(p50s, milliseconds)
        p95s = [milliseconds(question.p95_ms) for question in timed]
        rows.append([f"`{timed[0].name}`", *(f"{cell}, {p95}" for cell, p95 in zip(cells, p95s, strict=True))])
    return table(["p50, p95", *_heads(section)], rows)


def _totals(section: Section) -> str:
    """Return how many articles each contender finds; they differ a little, since their stemmers do."""
    answers = [one.answers.questions for one in section.contenders.values()]
    rows = [[f"`{timed[0].name}`", *_found([one.total for one in timed])] for timed in zip(*answers, strict=True)]
    return table(["articles found (bold: not alike)", *_heads(section)], rows)


def _found(totals: Sequence[int]) -> list[str]:
    """Return totals, those far from the middle one marked."""
    middle = median_low(totals)
    return [f"{one:,}" if abs(one - middle) <= _ALIKE * middle else f"**{one:,}**" for one in totals]


def _heads(section: Section) -> list[str]:
    return [TITLES[name] for name in section.contenders]


def _scale(sections: Sequence[Section]) -> list[str]:
    parts = ["## Scale", _LEGEND]
    heads = ["newsearch", *(f"{section.articles:,}" for section in sections)]
    rows = [[row.title, *(_own(row, section) for section in sections)] for row in ROWS]
    commands = [section.command for section in sections]
    rows += [
        ["`newsearch index`, articles a second", *(f"{one.index.per_second:,.0f}" for one in commands)],
        ["`newsearch index`, peak memory", *(megabytes(one.index.peak_bytes) for one in commands)],
        ["`newsearch query`, new process", *(milliseconds(one.cold_ms) for one in commands)],
        ["the same, × the imports", *(f"{one.cold_ratio:.2f}" for one in commands)],
        ["`newsearch verify`", *(f"{one.verify_seconds:.1f} s" for one in commands)],
        ["`newsearch index` on a tenth of them", *(f"{one.tenth_seconds:.1f} s" for one in commands)],
    ]
    parts.append(table(heads, rows))
    for section in sections:
        parts += [f"### {section.title}", _summary(section), _times(section), _totals(section)]
    return parts


def _own(row: Row, section: Section) -> str:
    return row.form(row.value(section.contenders["newsearch"], section.p50s("newsearch")))


def _quality(quality: Mapping[str, Scores]) -> list[str]:
    collections = list(next(iter(quality.values())))
    rows = [[TITLES[name], *_scores(scores)] for name, scores in quality.items()]
    return ["## nDCG@10", table(["", *collections, "mean"], rows)]


def _grid(grid: Mapping[Setting, Scores]) -> list[str]:
    best = list(grid.items())[:_SETTINGS_SHOWN]
    shown = best if CURRENT in dict(best) or CURRENT not in grid else [*best, (CURRENT, grid[CURRENT])]
    rows = [[_name(setting), *_scores(scores)] for setting, scores in shown]
    return ["## BM25F settings", table(["title weight, k1, b", *next(iter(grid.values())), "mean"], rows)]


def _name(setting: Setting) -> str:
    name = f"{setting.title_weight:g}, {setting.k1:g}, {setting.b:g}"
    return f"{name} (current)" if setting == CURRENT else name


def _scores(scores: Scores) -> list[str]:
    return [f"{score:.4f}" for score in (*scores.values(), mean(scores.values()))]
