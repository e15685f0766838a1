"""Whoosh's own tests, with segments of arrays in the place of Whoosh's own.

From the project's root, in the environment whose Whoosh is to be tried:

    python -m tests.conformance                             # downloads the source archive of the installed Whoosh
    python -m tests.conformance test_searching test_sorting # only these modules
    python -m tests.conformance --archive whoosh.tar.gz     # an archive that is here already

All modules of its tests that write an index are run, first with the stock codec, then with `ArrayCodec` wherever the
tests take the default codec, and wherever they name Whoosh's own. The report is Markdown on stdout; progress goes to
stderr. A test that fails with both is not counted against us. Any other that fails must have its reason in `known.py`,
else the command ends with 1, as it does when no segment was begun with our codec at all.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import known
from .archive import download, installed, unpack
from .report import Judged, Report
from .runs import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for, and report."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        report = _try(options, Path(scratch))
    sys.stdout.write(report.render())
    return 1 if report.unexplained() or not report.segments() else 0


def _try(options: argparse.Namespace, scratch: Path) -> Report:
    name, release = installed()
    archive, sources = options.archive, scratch / "sources"
    if archive is None:
        _say(f"downloading {name} {release}")
        (scratch / "download").mkdir()
        archive = download(name, release, scratch / "download")
    folder = unpack(archive, sources)
    present = sorted(file.stem for file in (folder / "tests").glob("test_*.py"))
    left_out = {module: reason for module, reason in known.LEFT_OUT.items() if module in present}
    modules = options.modules or [module for module in present if module not in left_out]
    return Report(f"{name} {release}", [_judge(folder, module) for module in modules], left_out, known.REASONS)


def _judge(folder: Path, module: str) -> Judged:
    _say(module)
    return Judged(module, run(folder, module, "stock"), run(folder, module, "arrays"))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", metavar="module", help="run only these, also ones that are left out else")
    parser.add_argument("--archive", type=Path, help="source archive, .tar.gz or .zip")
    parser.add_argument("--scratch", type=Path, help="folder to work in; what is put there is removed")
    return parser.parse_args(arguments)


def _say(what: str) -> None:
    sys.stderr.write(f"{what} …\n")


if __name__ == "__main__":
    sys.exit(main())
