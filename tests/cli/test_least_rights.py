"""Nobody else can read an index, and what newsearch writes meanwhile is in its folder, and gone afterwards."""

import gzip
import io
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome, run_process

Cli = Callable[..., Outcome]

WATCHED = """
import os, pathlib, sys
folder = pathlib.Path(".newsearch")
def watch(event, arguments):
    if event not in {"open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"}:
        return
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        name = os.path.abspath(os.fsdecode(arguments[0])) if not isinstance(arguments[0], int) else os.devnull
        if name != os.devnull and folder.absolute() not in (pathlib.Path(name), *pathlib.Path(name).parents):
            os.write(2, f"WRITTEN {name}\\n".encode())
    for file in (folder, *folder.rglob("*")):
        try:
            mode = file.lstat().st_mode
        except OSError:
            continue
        if mode & 0o077:
            os.write(2, f"OPEN TO OTHERS {file} {mode:o}\\n".encode())
sys.addaudithook(watch)
from newsearch.engines.whoosh import workers, writer
if __name__ == "__main__":
    writer.ALONE, writer.BATCH, workers.WORDS = 1, 1 << 12, 1 << 12
    writer.processors = lambda: 2
    from newsearch.__main__ import main
    main()
"""
COMMANDS = (
    "index sources",
    "save storm grain OR storm",
    "index sources -",
    "repair",
)


@pytest.fixture
def sources(empty_folder: Path) -> Path:
    """Sources that are read in different ways: records, a page, archives, one of which cannot be rewound."""
    folder = empty_folder / "sources"
    records = "".join(
        f'{{"id": "n{n}", "title": "Grain {n}", "body": "Ships of grain, lot {n}."}}\n' for n in range(300)
    )
    (folder / "a.jsonl").write_text(records)
    page = "<!doctype html><title>Storm</title><h1>Storm</h1><p>" + "A storm came over the harbour at night. " * 20
    (folder / "b.html").write_text(page)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("c.html", page.replace("night", "noon"))
    (folder / "c.zip").write_bytes(archive.getvalue())
    (folder / "d.zip.gz").write_bytes(gzip.compress(archive.getvalue().replace(b"c.html", b"d.html")))
    return folder


def test_every_file_is_its_owners_at_every_moment(sources: Path, tmp_path: Path) -> None:
    base = sources.parent
    places = {name: tmp_path / name.lower() for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    for place in places.values():
        place.mkdir()
    env = {name: str(place) for name, place in places.items()} | {"PYTHONDONTWRITEBYTECODE": "1"}
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    before = os.umask(0)
    try:
        for command in COMMANDS:
            if command == "repair":
                damage(base / ".newsearch")
            found = run_process(
                *command.split(),
                cwd=base,
                env=env,
                program=(sys.executable, str(script)),
                stdin=b"Rain\n\nIt rained.\n",
            )
            assert found.code == (3 if command == "repair" else 0), found.err  # other saved queries may be lost
            assert "OPEN TO OTHERS" not in found.err
            assert "WRITTEN" not in found.err
    finally:
        os.umask(before)
    for file in (base / ".newsearch").rglob("*"):
        assert f"{file.stat().st_mode & 0o777:o}" == ("700" if file.is_dir() else "600"), file
    assert [file for place in places.values() for file in place.rglob("*")] == []
    names = {file.name.lstrip("_").partition("_")[0] for file in (base / ".newsearch").rglob("*") if file.is_file()}
    assert names == {
        ".gitignore",
        "MAIN",
        "ledger.sqlite",
        "newsearch.json",
        "saved.json",
        "saved.json.lock",
        "writer.lock",
    }


def damage(folder: Path) -> None:
    """Take the saved queries away, and let another file be damaged."""
    (folder / "saved.json").write_text("{")
    (stories,) = (folder / "index").glob("*.stories")
    stories.write_bytes(b"")


def test_the_watch_would_notice(tmp_path: Path) -> None:
    (tmp_path / ".newsearch").mkdir(mode=0o755)
    script = WATCHED.partition("from newsearch")[0] + "open('elsewhere', 'w')"
    found = run_process(cwd=tmp_path, program=(sys.executable, "-c", script))
    assert f"WRITTEN {tmp_path / 'elsewhere'}\n" in found.err
    assert "OPEN TO OTHERS .newsearch 40755\n" in found.err


def test_an_index_that_another_user_put_there_is_used_only_if_it_is_named(
    cli: Cli, own_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = own_archive / "mine"
    (inside / "sources").mkdir(parents=True)
    (inside / "sources/a.jsonl").write_text('{"title": "Mine alone"}')
    monkeypatch.chdir(inside)
    monkeypatch.setattr(os, "geteuid", lambda: own_archive.stat().st_uid + 1)
    for line in ("index sources", "query nvidia"):
        found = cli(*line.split())
        assert found.code == 3
        assert f"the index in {own_archive}/.newsearch belongs to another user" in found.err
        assert "--index" in found.err
    (inside / "newsearch.toml").write_text('index = "../.newsearch"')
    assert cli("query", "nvidia").code == 3
    assert cli("query", "nvidia", "--index", "../.newsearch").code == 0
    monkeypatch.setenv("NEWSEARCH_INDEX", "../.newsearch")
    assert cli("query", "nvidia").code == 0
