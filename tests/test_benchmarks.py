"""The benchmarks measure what they say, and every contender answers the same questions; nothing here looks at times."""

import io
import json
import math
import random
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks import archives, quality, worker
from benchmarks.contenders import CONTENDERS, load
from benchmarks.contenders.base import Clause, Contender, Question, Story
from benchmarks.figures import Claim, Figures, Section, claims
from benchmarks.measure import Build, Command, Measured, watch
from benchmarks.questions import ALL, NOTES
from benchmarks.report import render

ROOT = Path(__file__).parent.parent
STOPPED = "the a that and on it this after not would who of"
"""Words that one contender does not index and that each story therefore has."""
ARTICLES = 60


def story(number: int) -> Story:
    """A story that has the words of every question whose number divides its own."""
    own = [question for nth, question in enumerate(ALL, 2) if number % nth == 0]
    title = "shutdown today" if any("title" in question.name for question in own) else "quiet day"
    texts = [" ".join([STOPPED, *(sentence(clause) for clause in question.clauses)]) for question in own]
    published = f"{2015 + number // 19 % 3}-0{1 + number % 9}-15"
    return Story(f"n{number:02}", title, "\n\n".join([STOPPED, *texts]), published, "Harbour Wire", "World")


def sentence(clause: Clause) -> str:
    return f"{clause.text}nt {clause.text}tion" if clause.kind == "prefix" else clause.text


def answers(one: Story, question: Question) -> bool:
    """Whether a story answers a question, found out without any index."""

    def holds(clause: Clause) -> bool:
        text = f" {' '.join((one.title if clause.field else f'{one.title} {one.body}').split())} "
        return f" {clause.text}" in text if clause.kind == "prefix" else f" {clause.text} " in text

    held = [holds(clause) for clause in question.clauses]
    dated = question.span is None or question.span[0] <= one.seconds < question.span[1]
    return dated and (any(held) if question.alternatives else all(held))


STORIES = [story(number) for number in range(1, ARTICLES + 1)]


@pytest.fixture
def new_contender(tmp_path: Path) -> Iterator[Callable[[str], Contender[Any]]]:
    """Open contenders in folders of their own; a test whose contender is not installed is skipped."""
    opened: list[Contender[Any]] = []

    def new(name: str) -> Contender[Any]:
        if name == "tantivy":
            pytest.importorskip("tantivy")
        opened.append(load(name)(tmp_path / name))
        return opened[-1]

    yield new
    for contender in opened:
        contender.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the stories."""
    file = tmp_path_factory.mktemp("archive") / "stories.jsonl"
    file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in STORIES), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three small judged collections."""
    file = tmp_path_factory.mktemp("collections") / "collections.tar.gz"
    documents = [
        {"id": "1", "title": "Wings in a slipstream", "body": "The slipstream of a wing, and wings."},
        {"id": "2", "title": "Heat", "body": "Heat flows through slabs of wing and of metal."},
        {"id": "3", "body": "Metals and slabs."},
        {"id": "4", "title": "Nothing"},
    ]
    queries = [{"id": "7", "text": "Wings, wing, and slipstream?"}, {"id": "8", "text": "heat or metal"}]
    qrels = "query-id\tdoc-id\trelevance\n7\t1\t1\n7\t2\t4\n7\t3\t-1\n8\t3\t1\n"
    with tarfile.open(file, "w:gz") as files:
        for name in quality.NAMES:
            for kind, records in (("docs", documents), ("queries", queries)):
                add_member(files, f"{name}/{kind}.jsonl", "".join(json.dumps(record) + "\n" for record in records))
            add_member(files, f"{name}/qrels.tsv", qrels)
    return file


def add_member(files: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(f"collections/{name}")
    member.size = len(text.encode())
    files.addfile(member, io.BytesIO(text.encode()))


def test_there_are_the_fifteen_queries_of_the_notes_and_five_more() -> None:
    assert (len(NOTES), len(ALL), len({question.name for question in ALL})) == (15, 20, 20)
    assert len(ALL[-1].clauses) == len(set(ALL[-1].clauses)) == 20


@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_finds_what_answers_each_question(
    name: str, new_contender: Callable[[str], Contender[Any]]
) -> None:
    contender = new_contender(name)
    contender.build(iter(STORIES))
    for question in ALL:
        expected = {one.id for one in STORIES if answers(one, question)}
        parsed = contender.parse(question)
        answer = contender.answer(parsed)
        found = contender.ids(answer)
        assert answer.total == len(expected) > 0, question.name
        assert len(set(found)) == len(found) == min(10, len(expected)), question.name
        assert set(found) <= expected, question.name
        titles = {one.title for one in STORIES if one.id in found}
        shown = contender.page(parsed)
        assert len(shown) == len(found), question.name
        assert {page.partition("\n")[0] for page in shown} == titles, question.name


@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_can_put_the_newest_first(name: str, new_contender: Callable[[str], Contender[Any]]) -> None:
    contender = new_contender(name)
    contender.build(iter(STORIES))
    question = next(question for question in ALL if question.newest)
    times = {one.id: one.seconds for one in STORIES}
    found = [times[article_id] for article_id in contender.ids(contender.answer(contender.parse(question)))]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("name", CONTENDERS)
def test_a_worker_times_every_question_and_adds_articles(
    name: str, new_contender: Callable[[str], Contender[Any]], archive: Path
) -> None:
    contender = new_contender(name)
    assert worker.build(contender, archive)["articles"] == ARTICLES
    measured = worker.ask(contender, STORIES, (1, 2, 1, 3, 10.0))
    assert [timed.name for timed in measured.questions] == [question.name for question in ALL]
    assert measured == worker.Answers.of(json.loads(json.dumps(asdict(measured))))
    everywhere = contender.answer(contender.parse(Question("", (Clause("day"), Clause("today")), alternatives=True)))
    assert everywhere.total == ARTICLES + 3


def test_a_percentile_is_one_of_the_values() -> None:
    assert worker.percentile([5.0, 1.0, 3.0], 50) == 3.0
    assert worker.percentile(range(1, 101), 95) == 95
    assert worker.percentile([7.0], 95) == 7.0


def test_memory_is_that_of_a_process_and_all_it_starts() -> None:
    child = "import time; held = bytearray(80 << 20); time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('done')"
    watched = watch([sys.executable, "-c", parent])
    assert watched.output == "done\n"
    assert 80 << 20 < watched.peak_bytes < 160 << 20


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        watch([sys.executable, "-c", "raise SystemExit(3)"])


def test_made_archives_are_the_same_each_time_and_begin_alike(tmp_path: Path) -> None:
    bodies = ["\n\n".join([f"{number} is told in ten words or so of text"] * 3) for number in range(9)]
    real = [Story(f"r{number}", f"Title {number}", body) for number, body in enumerate(bodies)]
    source = tmp_path / "real.jsonl"
    source.write_text("".join(json.dumps(asdict(one)) + "\n" for one in real), encoding="utf-8")
    first, second, larger = (
        archives.synthesize(source, size, tmp_path / folder).read_text("utf-8").splitlines()
        for size, folder in ((40, "a"), (40, "b"), (60, "a"))
    )
    assert first == second == larger[:40]
    made = list(archives.read_stories(tmp_path / "a" / "real-made-60.jsonl"))
    assert len({one.id for one in made}) == len(made) == 60
    for one in made:
        assert archives.SHORTEST <= len(one.body.split()) <= archives.LONGEST + 10
        assert set(one.body.split("\n\n")) <= {body.partition("\n\n")[0] for body in bodies}
        assert one.title in {real_one.title for real_one in real}
        moment = datetime.fromisoformat(one.published)
        assert timedelta() <= moment - archives.FIRST_MINUTE < timedelta(days=3650)
        assert moment.second == 0


def test_a_sample_is_the_first_articles(archive: Path, tmp_path: Path) -> None:
    assert list(archives.read_stories(archives.sample(archive, 7, tmp_path))) == STORIES[:7]


def test_ndcg_is_a_share_of_the_best_ten() -> None:
    gains = {"a": 4, "b": 1}
    assert quality.ndcg(["a", "b"], gains) == 1.0
    assert quality.ndcg(["x", "b", "a"], gains) == pytest.approx((1 / math.log2(3) + 2) / (4 + 1 / math.log2(3)))
    assert quality.ndcg(["x"] * 10 + ["a"], gains) == 0.0


def test_gains_follow_each_collections_own_codes(collections: Path) -> None:
    gains = {one.name: one.gains for one in quality.read_collections(collections)}
    assert gains["cranfield"] == {"7": {"1": 4, "2": 1}, "8": {"3": 4}}
    assert gains["med"] == {"7": {"1": 1, "2": 4}, "8": {"3": 1}}


def test_the_grid_ranks_in_the_current_setting_as_newsearch_does(collections: Path) -> None:
    read = quality.read_collections(collections)
    setting = quality.CURRENT
    grid = quality.measure_grid(read, [setting.title_weight, 9.0], [setting.k1], [setting.b])
    assert len(grid) == 2
    assert grid[setting] == pytest.approx(quality.measure_quality(read, ["newsearch"])["newsearch"])


def test_claims_hold_or_not_by_the_figures() -> None:
    def section(articles: int, own_ms: float) -> Section:
        def measured(per_second: float, p50: float, disk: int) -> Measured:
            timed = tuple(worker.Timed(question.name, 5, p50, p50, p50) for question in ALL)
            build = Build(articles, articles / per_second, 10**8, disk)
            return Measured("", build, worker.Answers(timed, p50, p50, p50), 1)

        contenders = {
            "newsearch": measured(4000, own_ms, 100),
            "whoosh": measured(100, 60.0, 200),
            "fts5": measured(5000, 3.0, 200),
            "tantivy": measured(2000, 0.4, 100),
        }
        command = Command(Build(articles, 1.0, 10**8, 1), 300.0, 200.0, verify_seconds=own_ms, tenth_seconds=2.0)
        return Section("made", articles, contenders, command)

    def verdicts(own_ms: float, own_ndcg: float) -> list[bool | None]:
        figures = Figures({}, section(10, own_ms), [section(size, own_ms) for size in (20_000, 200_000, 1_000_000)])
        figures.quality = {"newsearch": {"med": own_ndcg}, "fts5": {"med": 0.7}}
        return [claim.holds for claim in claims(figures)]

    assert verdicts(1.0, 0.71) == [True] * 14 + [None]
    slow = verdicts(300.0, 0.68)
    assert slow == [True, True, False, False, False, False, True, True, False, False, True, False, False, False, None]
    nothing = claims(Figures({}))
    assert len(nothing) == 15
    assert {claim.holds for claim in nothing} == {None}


def test_one_command_reports_figures_claims_and_ratios(archive: Path, collections: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    options = ["--archive", archive, "--sizes", "30", "--collections", collections, "--grid", "--json", file]
    left_out = ["--without", "whoosh", "--without", "tantivy", "--quick", "--scratch", tmp_path / "scratch"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "all", *map(str, (*options, *left_out))],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    figures = json.loads(file.read_text("utf-8"))
    for section, articles in ((figures["compared"], ARTICLES), (figures["scaled"][0], 30)):
        assert section["articles"] == articles
        assert list(section["contenders"]) == ["newsearch", "fts5"]
        for measured in section["contenders"].values():
            assert [timed["name"] for timed in measured["answers"]["questions"]] == [one.name for one in ALL]
            assert measured["build"]["articles"] == articles
            assert measured["build"]["disk_bytes"] > 0
        assert section["command"]["index"]["articles"] == articles
    totals = [
        [timed["total"] for timed in measured["answers"]["questions"]]
        for measured in figures["compared"]["contenders"].values()
    ]
    expected = [sum(answers(one, question) for one in STORIES) for question in ALL]
    assert totals == [expected, expected]
    assert figures["quality"].keys() == {"newsearch", "fts5"}
    assert {"title_weight", "k1", "b", "ndcg"} == figures["grid"][0].keys()
    assert {claim["holds"] for claim in figures["claims"]} <= {True, False, None}
    heads = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert heads == [
        "# newsearch beside other engines",
        "## Goals",
        f"## stories.jsonl: {ARTICLES} articles",
        "## Scale",
        "### made archive: 30 articles",
        "## nDCG@10",
        "## BM25F settings",
    ]
    for question in ALL:
        assert done.stdout.count(f"| `{question.name}` |") == 4
    assert list((tmp_path / "scratch").iterdir()) == [tmp_path / "scratch" / "stories-made-30.jsonl"]


def test_a_report_says_what_was_not_measured() -> None:
    text = render(Figures({"machine": "none"}), [Claim("it is quick", "", None), Claim("a | b", "3 ms", holds=False)])
    assert "| it is quick |  | not measured |" in text
    assert "| a &#124; b | 3 ms | **no** |" in text


def test_planted_copies_are_looked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.__main__ import main

    draw = random.Random(3)
    vocabulary = [f"w{number}" for number in range(2_000)]
    texts = [Story(f"n{number}", "title", " ".join(draw.choices(vocabulary, k=400))) for number in range(100)]
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in texts), encoding="utf-8")
    assert main(["stories", "--quick", "--archive", str(file)]) == 0
    report = capsys.readouterr().out
    assert report.startswith("105 articles, 5 stories of several of them\n")
    assert "Stories: 5 of 2; 0 hold anything but an article and its planted copy." in report
    assert re.search(r"Indexed in one process: [\d,]+ articles a second without stories and [\d,]+ with them", report)

    assert main(["stories", "--pairs", "3", "--archive", str(file)]) == 0
    pairs = capsys.readouterr().out.split("\n\n")
    assert [pair[:2] for pair in pairs] == ["1.", "2.", "3.", ""]
    assert all("`copy-of-n" in pair and "words are the same of" in pair for pair in pairs[:3])
