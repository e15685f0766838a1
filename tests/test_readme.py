"""The README's promises: its commands are run word for word."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a fresh clone holds."""
    place = tmp_path_factory.mktemp("clone")
    for name in ("newsearch", "corpus"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, place)
    return place


def test_the_first_command_sets_up_and_finds_the_nvidia_article_first(clone: Path) -> None:
    command = BLOCKS[0].strip()
    assert "\n" not in command
    done = subprocess.run(command, shell=True, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Nvidia" in done.stdout.splitlines()[0]


def test_the_second_command_runs_the_tests_and_is_what_is_run_before_a_change_lands() -> None:
    command = BLOCKS[1].strip()
    assert "\n" not in command
    assert command.endswith("-m pytest")
    assert "grep -F 'pytest' README.md | head -n 1" in (ROOT / ".ci" / "run").read_text("utf-8")
    first = next(line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "pytest" in line)
    assert first == command


def test_every_command_shown_under_use_works(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    newsearch = f'"{sys.executable}" -m newsearch'
    for line in BLOCKS[2].splitlines():
        if "/mnt/" in line or "--watch" in line:  # is not here; does not end
            continue
        command = line.partition("  #")[0].replace("newsearch ", f"{newsearch} ")
        done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
