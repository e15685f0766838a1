"""What is fuzzed takes its seeds, what was kept of earlier runs, and some mutations of these."""

import json
from pathlib import Path

import pytest
from campaigns import fuzz
from campaigns.__main__ import main
from campaigns.fuzz_targets import TARGETS, Target

MUTATIONS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_what_was_kept_and_mutations(name: str) -> None:
    for data in [*fuzz.inputs(name), *fuzz.mutated(name, MUTATIONS)]:
        try:
            TARGETS[name].check(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told with its input
            pytest.fail(f"{data!r}: {error!r}")


def test_totals_and_what_is_kept_are_small_and_of_targets_that_there_are() -> None:
    assert set(json.loads(fuzz.TOTALS.read_text())) <= set(TARGETS)
    kept = list(fuzz.KEPT.iterdir())
    assert {file.stem for file in kept} <= set(TARGETS)
    assert sum(file.stat().st_size for file in kept) < 1_500_000


def test_what_is_known_of_targets_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in lines] == list(TARGETS)
    assert main(["fuzz", "nothing"]) == 2


def test_an_input_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []
    monkeypatch.setitem(TARGETS, "query", Target(tried.append, list))
    (tmp_path / "found").write_bytes(b"nvidia")
    assert main(["fuzz", "query", "--input", str(tmp_path / "found")]) == 0
    assert tried == [b"nvidia"]
