"""A campaign tries what it says, says what it found, and makes small what fails."""

import json
import re
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from campaigns import agree, crash, damage, damages, hostile, operations, processes, together
from campaigns.__main__ import main
from campaigns.cases import case, smaller
from campaigns.strangers import CASES, SOURCES, Case, into

from newsearch.engines.whoosh.vocabulary import Vocabulary
from newsearch.ingest.archive import FOLDER, open_for_writing
from newsearch.ingest.pipeline import Ingest
from newsearch.ingest.plan import Plan
from newsearch.inputs.files import resolve_roots
from newsearch.query import parse_query
from newsearch.query.canonical import canonical

ROOT = Path(__file__).parent.parent


def test_engines_agree_in_a_small_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", "--cases", "300", "--seed", "500", "--processes", "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("agree: 300 cases, 30 histories, seeds 500 to 529, ")
    assert line.endswith(", 0 disagreements")


def test_processes_share_the_cases() -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.campaigns", "agree", "--cases", "250", "--processes", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    progress = re.compile(r"\d+ of 250 cases, \d+ a second, 0 disagreements")
    assert [line for line in done.stderr.splitlines() if not progress.fullmatch(line)] == []
    assert done.returncode == 0
    assert done.stdout.startswith("agree: 250 cases, 25 histories, seeds 0 to 24, ")


def test_a_disagreement_is_counted_named_and_made_small(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Vocabulary.like
    monkeypatch.setattr(Vocabulary, "like", lambda self, typed: whole(self, typed)[1:])
    monkeypatch.setattr(agree, "TRIES", 1_000)
    assert main(["agree", "--cases", "80", "--processes", "1"]) == 1
    output = capsys.readouterr()
    failed = output.err.splitlines()[0].removeprefix("seeds that fail: ").split(", ")
    assert output.out.endswith(f"{len(failed)} disagreements\n")
    assert output.err.count("transaction") == output.err.count("query") == 1
    assert "of the engine: " in output.err
    assert main(["agree", "--cases", "1", "--seed", failed[-1], "--processes", "1"]) == 1


def test_an_engine_that_fails_altogether_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "no room"
        raise OSError(message)

    monkeypatch.setattr(Vocabulary, "like", broken)
    reasons = {agree.difference(case(seed)) for seed in range(12)}
    assert any(reason and "no room" in reason for reason in reasons)


def test_a_seed_gives_the_same_case_every_time_and_others_give_others() -> None:
    assert case(7) == case(7)
    assert len({agree.shown(case(seed), "") for seed in range(50)}) == 50


@pytest.mark.parametrize("seed", range(8))
def test_smaller_cases_can_be_asked_and_come_to_an_end(seed: int) -> None:
    given = case(seed)
    for _ in range(200):
        for less in islice(smaller(given), 40):
            assert less != given
            for question in less.questions:
                assert parse_query(canonical(question.tree)).receipt.canonical
        following = list(islice(smaller(given), 3))
        if not following:
            break
        given = following[-1]
    assert len(given.questions) == 1


def test_readers_see_whole_states_in_a_small_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["together", "--cases", "300"]) == 0
    output = capsys.readouterr()
    assert re.match(r"together: 300 openings beside \d+ states and \d+ killed writers, 300 survived, 0 ", output.out)
    assert output.err == ""


def test_a_state_that_goes_back_is_noticed(tmp_path: Path) -> None:
    together.next_state(tmp_path)
    assert together.openings(tmp_path, 2) == []
    (tmp_path / "done").write_text("9")
    assert together.openings(tmp_path, 1) == ["opening 0: state 1 after 9"]


def test_what_is_of_two_states_at_once_is_noticed(tmp_path: Path) -> None:
    together.next_state(tmp_path)
    lines = "".join(json.dumps({"id": str(nth), "body": f"state{nth}", "source": "Wire"}) + "\n" for nth in (1, 2))
    (tmp_path / "more.jsonl").write_text(lines)
    with open_for_writing(tmp_path / FOLDER, create=False) as archive:
        Ingest(archive, Plan(resolve_roots([str(tmp_path / "more.jsonl")])), together.Unwatched()).run()
    (failure,) = together.openings(tmp_path, 1)
    assert failure == "opening 0: states state1, state2 at once"


def test_damages_are_noticed_and_mended_in_a_small_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["damage", "--cases", "10", "--processes", "1"]) == 0
    output = capsys.readouterr()
    assert re.match(r"damage: 10 damages, 10 survived, 0 articles lost, \d+ s\n", output.out)
    assert output.err == ""


def test_a_wrong_answer_is_told_with_the_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsearch.engines.whoosh.blocks.zlib.crc32", lambda *_: 0)
    monkeypatch.setattr(damages, "KINDS", ("flip",))
    assert main(["damage", "--cases", "12", "--processes", "1"]) == 1
    output = capsys.readouterr()
    assert " 12 survived" not in output.out
    assert re.match(r"--seed \d+ --cases 1: \S+: a bit flipped in byte \d+: ", output.err)


def test_nothing_is_lost_in_a_small_campaign_of_kills(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crash", "--cases", "3", "--processes", "1"]) == 0
    output = capsys.readouterr()
    assert re.match(r"crash: 3 cases \(1 faults, 2 kills\), 3 survived, 0 articles lost, \d+ s\n", output.out)
    assert output.err == ""


@pytest.fixture
def disturbed(tmp_path: Path) -> tuple[Path, crash.Undisturbed]:
    """An archive, and what is to be there after a query has been saved in it."""
    before, base = tmp_path / "before", tmp_path / "place" / "case"
    operations.indexed(before)
    shutil.copytree(before, base)
    return base, crash.Undisturbed(before, [crash._state_in(before)], crash.content_of(before), 0, 1.0, 1)


def test_a_lost_article_is_noticed(disturbed: tuple[Path, crash.Undisturbed]) -> None:
    base, whole = disturbed
    damage.command(base, "remove n3 --yes")
    (first, *_) = crash.committed(base, operations.OPERATIONS["save"], whole, exact=True)
    assert first == "n3 is lost"


def test_an_edition_that_belongs_to_no_commit_is_noticed(disturbed: tuple[Path, crash.Undisturbed]) -> None:
    base, whole = disturbed
    (base / operations.SOURCES / "b.jsonl").write_text(damage.record(8, "Another text.") + "\n", "utf-8")
    damage.command(base, "index sources --keep-missing")
    assert any(
        "none of the states" in one for one in crash.committed(base, operations.OPERATIONS["save"], whole, exact=True)
    )


@pytest.mark.parametrize(
    ("by", "code", "said"),
    [
        ("ENOSPC", 2, "newsearch: no\n"),
        ("SIGINT", 0, "Traceback\n"),
        ("SIGINT", 130, "newsearch: oh\n"),
        ("SIGKILL", processes.HUNG, "it hung"),
    ],
)
def test_a_wrong_ending_is_noticed(disturbed: tuple[Path, crash.Undisturbed], by: str, code: int, said: str) -> None:
    assert list(crash._ending(damage.Said(code, "", said), crash.Disturbance("", by), disturbed[1]))


def test_strangers_inputs_are_survived_in_a_small_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    groups = ("in records: f", "in commands: c", "in file names: b", "indexes: a s", "archives: a name", "settings: a ")
    chosen = [option for group in groups for option in ("--only", group)]
    assert main(["hostile", *chosen, "--every", "2"]) == 0
    output = capsys.readouterr()
    assert re.match(r"hostile: (\d\d) inputs, \1 survived, 0 articles lost, \d+ s\n", output.out)
    assert output.err == ""


def test_hostile_cases_can_be_chosen_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hostile", "--list", "--only", "bomb"]) == 0
    names = capsys.readouterr().out.splitlines()
    assert "archives: a bomb.zip" in names
    assert all("bomb" in name for name in names)
    assert len(CASES) > 400


@pytest.mark.parametrize(
    ("case", "failure"),
    [
        (Case(lambda base: (base / SOURCES / "ordinary.jsonl").unlink()), "not found any more: Ferry"),
        (Case(into(".hidden.jsonl", "{}")), "neither an article nor among what was skipped"),
        (
            Case(into("a.txt", "Title\n\nText."), [["index", "--index", "made", SOURCES]]),
            "written outside of the index: ",
        ),
        (Case(into("a.txt", "Title\n\nText."), options=["--as", "none"]), "index: exit code 2: "),
    ],
    ids=["lost", "dropped", "written", "refused"],
)
def test_what_is_not_survived_is_told(case: Case, failure: str) -> None:
    assert any(failure in told for told in hostile.try_one(case))


def test_what_acts_on_a_terminal_or_in_a_spreadsheet_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsearch.outputs.safe._UNSAFE", re.compile("(?!)"))
    for table in ("tsv_table", "csv_table"):  # what is loaded first takes the function from the second
        monkeypatch.setattr(f"newsearch.outputs.{table}.no_formula", str)
    monkeypatch.setattr("newsearch.outputs.terminal.safe_url", lambda _: "javascript:1")
    found = [told for name in ("colours", "formula") for told in hostile.try_one(CASES[f"in records: {name}"])]
    for noticed in (r"'\\x1b' in", 'a formula: "=cmd', "a link to 'javascript:1'"):
        assert any(re.search(noticed, told) for told in found), noticed
