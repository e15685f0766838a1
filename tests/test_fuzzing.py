"""What is fuzzed takes its seeds, what was kept of earlier runs, and some mutations of these."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import fuzz
from campaigns.__main__ import main
from campaigns.fuzz_seeds import FORMATS
from campaigns.fuzz_targets import TARGETS, Target

from newsearch.extract import Settings, articles_in
from newsearch.inputs import read
from newsearch.model import Article, Skipped

MUTATIONS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_what_was_kept_and_mutations(name: str) -> None:
    for data in [*fuzz.inputs(name), *fuzz.mutated(name, MUTATIONS)]:
        try:
            TARGETS[name].check(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told with its input
            pytest.fail(f"{data!r}: {error!r}")


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_is_fuzzed_from_has_articles_in_it(name: str) -> None:
    """Else no mutation of it ever came to where they are read."""
    captures = [one for seed in FORMATS[name] for one in read(io.BytesIO(seed), "source", None, name)]
    shown = [articles_in(capture, Settings()) for capture in captures if not isinstance(capture, Skipped)]
    assert any(isinstance(one, Article) for articles in shown for one in articles)


def test_totals_and_what_is_kept_are_small_and_of_targets_that_there_are() -> None:
    assert set(json.loads(fuzz.TOTALS.read_text())) <= set(TARGETS)
    kept = list(fuzz.KEPT.iterdir())
    assert {file.stem for file in kept} <= set(TARGETS)
    assert sum(file.stat().st_size for file in kept) < 1_500_000


def test_what_is_known_of_targets_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in lines] == list(TARGETS)
    assert main(["fuzz", "nothing"]) == main(["fuzz", "query", "--seconds", "0"]) == 2


def test_an_input_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []
    monkeypatch.setitem(TARGETS, "query", Target(tried.append, list))
    (tmp_path / "found").write_bytes(b"nvidia")
    assert main(["fuzz", "query", "--input", str(tmp_path / "found")]) == 0
    assert tried == [b"nvidia"]


@pytest.fixture
def libfuzzer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have libFuzzer say something, and find something where it says so; what comes of it goes elsewhere."""
    for name in ("TOTALS", "KEPT", "FINDINGS"):
        monkeypatch.setattr(fuzz, name, tmp_path / name)

    def saying(log: str) -> None:
        def run(_: Path, *options: object) -> fuzz.Round:
            if "-set_cover_merge=1" in options:
                (Path(str(options[1])) / "input").write_bytes(b"reaches something")
            elif "ERROR" in log:
                (tmp_path / "FINDINGS" / "query-crash-1").write_bytes(b"breaks it")
            return fuzz.Round(log, 60.0)

        monkeypatch.setattr(fuzz, "_run", run)

    return saying


def test_runs_are_added_up_and_what_reaches_something_is_kept(
    libfuzzer: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    libfuzzer("#2 INITED cov: 10 ft: 1\n#700 NEW cov: 12 ft: 2\nstat::number_of_executed_units: 1000\n")
    assert main(["fuzz", "query"]) == main(["fuzz", "query", "--seconds", "180"]) == 0
    told = "query: 4,000 executions in 4.0 CPU minutes, 0 findings, 3.0 CPU minutes since new coverage came"
    assert capsys.readouterr().out.splitlines()[-1].startswith(told)
    assert fuzz.inputs("query")[-1] == b"reaches something"


def test_what_breaks_a_target_is_told_with_how_to_try_it_again(
    libfuzzer: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    libfuzzer("#2 INITED cov: 10 ft: 1\n==1== ERROR: libFuzzer: fuzz target exited\n")
    assert main(["fuzz", "query"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"to try it again: python -m tests.campaigns fuzz query --input {fuzz.FINDINGS / 'query-crash-1'}"


def test_fuzzing_that_does_not_begin_is_no_success(libfuzzer: Callable[[str], None]) -> None:
    libfuzzer("ModuleNotFoundError: No module named 'atheris'")
    with pytest.raises(SystemExit, match="query was not fuzzed: ModuleNotFoundError"):
        main(["fuzz", "query"])
