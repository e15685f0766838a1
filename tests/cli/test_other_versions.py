"""An index of another version of the program is named as such and left exactly as it is, whatever is asked of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome

from newsearch.ingest.archive import FORMAT, stamp_of

Cli = Callable[..., Outcome]
COMMANDS = (
    *("index", "index --dry-run", "query nvidia", "query saved:mine", "show m-3301", "show m-3301 --captures"),
    *("diff m-3301", "status", "status --skipped", "verify", "verify --deep", "verify --laws"),
    *("repair", "repair --dry-run"),
    *("remove m-3301 --yes", "save mine nvidia", "saved", "saved --remove mine"),
)
OTHERS = {"later": (FORMAT + 1, "upgrade: pip install"), "earlier": (FORMAT - 1, "newsearch index PATH")}


def state(folder: Path) -> dict[str, tuple[str, int]]:
    """The content of each file, and when it was changed last."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in files}


@pytest.mark.parametrize("which", OTHERS)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_index_of_another_version_is_not_touched(cli: Cli, own_archive: Path, command: str, which: str) -> None:
    number, advice = OTHERS[which]
    (own_archive / ".newsearch/newsearch.json").write_text(stamp_of(number))
    before = state(own_archive)
    found = cli(*command.split())
    assert (found.code, found.out) == (3, "")
    assert f"format {number}" in found.complaint
    assert advice in found.err
    assert state(own_archive) == before
