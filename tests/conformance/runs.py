"""Modules of Whoosh's tests, each run in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGE_ROOT = Path(__file__).parents[len((__package__ or "").split("."))]
"""The folder that this package is imported from."""
_PLUGIN = f"{__package__}.plugin"
_SECONDS = 900
"""After which a module is given up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test ended."""

    kind: str
    """`passed`, `failed` or `skipped`; `broken` when there was no run to end well or badly."""
    said: str = ""
    """The first line of its complaint."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a module ended."""

    outcomes: dict[str, Outcome]
    """By `module::test`; a module that could not be run is one test of its own name."""
    segments: int
    """Begun with our codec in the process of the tests."""


def run(folder: Path, module: str, codec: str) -> Run:
    """Run a module with the `stock` codec or with that of `arrays`.

    Args:
        folder: that holds the folder of tests; files are written into it.
        module: name of a file in it, without its ending.
        codec: the one that writes the indexes.
    """
    settings, ended = folder / "conformance.ini", folder / f"{module}.{codec}.json"
    settings.write_text("[pytest]\n", encoding="utf-8")
    ended.unlink(missing_ok=True)
    options = ["-c", settings, "--rootdir", folder, "-p", _PLUGIN, "-p", "no:cacheprovider", "--codec", codec]
    command = ["pytest", "--quiet", *options, "--outcomes", ended, f"tests/{module}.py"]
    try:
        subprocess.run(
            [sys.executable, "-m", *map(str, command)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Run({module: Outcome("broken", f"it did not end in {_SECONDS} seconds")}, 0)
    found = json.loads(ended.read_text("utf-8")) if ended.exists() else {}
    if not found.get("outcomes"):
        return Run({module: Outcome("broken", "no test was run")}, 0)
    return Run({_name(node): Outcome(*one) for node, one in found["outcomes"].items()}, found["segments"])


def _name(node: str) -> str:
    file, _, test = node.partition("::")
    return f"{Path(file).stem}::{test}" if test else Path(file).stem
