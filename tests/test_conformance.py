"""The command that runs Whoosh's own tests judges each failure; here it runs a few made ones, without a network."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conformance import known
from conformance.__main__ import main
from conformance.archive import NoTestsError, unpack

INDEXED = """
from whoosh import fields, query
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
import pytest

def kind(**options):
    index = RamStorage().create_index(fields.Schema(body=fields.TEXT))
    writer = index.writer(**options)
    writer.add_document(body="alfa bravo")
    writer.commit()
    with index.searcher() as searcher:
        assert len(searcher.search(query.Term("body", "bravo"))) == 1
        return type(searcher.reader().segment()).__name__

def test_found():
    kind()

def test_found_with_the_codec_named():
    assert kind(codec=W3Codec()) == kind()

@pytest.mark.parametrize("name", ["W3Segment"])
def test_only_stock_passes(name):
    assert kind() == name

def test_only_arrays_pass():
    assert kind() == "ArraySegment"

def test_neither_passes():
    assert kind() == "something else"

def test_skipped():
    pytest.skip("not today")
"""
BROKEN = "import nothing_of_this_name\n"
Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A source archive with three modules of tests."""
    file = tmp_path / "whoosh-0.tar.gz"
    with tarfile.open(file, "w:gz") as files:
        for name, text in (("test_indexed", INDEXED), ("test_broken", BROKEN), ("test_stem", INDEXED)):
            member = tarfile.TarInfo(f"whoosh-0/tests/{name}.py")
            member.size = len(text.encode())
            files.addfile(member, io.BytesIO(text.encode()))
    return file


@pytest.fixture
def run(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command over the archive, and return its exit code and the lines of its report."""

    def command(*modules: str) -> tuple[int, list[str]]:
        code = main([*modules, "--archive", str(archive), "--scratch", str(tmp_path)])
        return code, capsys.readouterr().out.splitlines()

    return command


def test_a_failure_without_a_reason_is_marked_and_is_the_exit_code(run: Run) -> None:
    code, lines = run()
    assert code == 1
    assert "| test_indexed | 3 | 1 | 1 | 1 | 6 |" in lines
    assert "| test_broken | 0 | 0 | 1 | 0 | 0 |" in lines
    assert "| all | 3 | 1 | 2 | 1 | 6 |" in lines
    (failure,) = (line for line in lines if "**fails**" in line)
    assert failure.startswith("- `test_indexed::test_only_stock_passes[W3Segment]` **fails**: no reason is listed")
    assert "ArraySegment" in failure
    shared = [line for line in lines if "with the stock codec as well:" in line]
    assert [line.partition("`")[2].partition("`")[0] for line in shared] == [
        "test_broken",
        "test_indexed::test_neither_passes",
    ]
    assert f"- `test_stem` {known.LEFT_OUT['test_stem']}" in lines
    assert not any("test_tables" in line for line in lines)


def test_a_listed_failure_is_told_with_its_reason_and_a_listed_test_that_passes_as_well(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = {
        "test_indexed::test_only_stock_passes": "asks for a name",
        "test_indexed::test_only_arrays_pass": "passes after all",
        "test_indexed::test_of_another_version": "is not there",
    }
    monkeypatch.setattr(known, "REASONS", reasons)
    code, lines = run("test_indexed")
    assert code == 0
    assert "- `test_indexed::test_only_stock_passes[W3Segment]` **fails**: asks for a name" in lines
    assert "- `test_indexed::test_only_arrays_pass` passes, though a reason to fail is listed" in lines
    assert not any("of_another_version" in line or "test_broken" in line for line in lines)


def test_a_module_that_is_left_out_can_be_asked_for(run: Run) -> None:
    _, lines = run("test_stem")
    assert "| test_stem | 3 | 1 | 1 | 1 | 6 |" in lines


def test_a_run_in_which_our_codec_was_never_used_proves_nothing_and_leaves_nothing(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    code, lines = run("test_broken")
    assert code == 1
    assert "| all | 0 | 0 | 1 | 0 | 0 |" in lines
    assert list(tmp_path.iterdir()) == [archive]


def test_a_module_that_cannot_be_run_is_a_failure(run: Run) -> None:
    code, lines = run("test_of_no_such_name")
    assert code == 1
    assert "- `test_of_no_such_name` **fails**: no reason is listed; it says: no test was run" in lines


def test_an_archive_without_tests_says_so(tmp_path: Path) -> None:
    file = tmp_path / "whoosh-0.zip"
    with zipfile.ZipFile(file, "w") as files:
        files.writestr("whoosh-0/setup.py", "")
    with pytest.raises(NoTestsError, match=r"whoosh-0\.zip has no tests"):
        unpack(file, tmp_path / "unpacked")
