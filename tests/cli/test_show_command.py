"""`newsearch show`: the whole article, its times, its origin and its captures."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli_support import Outcome

from newsearch.ingest import database
from newsearch.ingest.archive import LEDGER

Cli = Callable[..., Outcome]


def one(cli: Cli, *words: str) -> str:
    """The id of the first article that words find."""
    return cli("query", *words, "--format", "ids", "--limit", "1").out.strip()


@pytest.mark.usefixtures("archive")
def test_show_prints_the_whole_article(cli: Cli, archive: Path) -> None:
    text = " ".join(cli("show", one(cli, "storm orla")).out.split())
    capture = (archive / "corpus/captures/live/storm-1815.txt").read_text("utf-8")
    paragraphs = [line for line in capture.splitlines() if line.endswith(".")]
    assert len(paragraphs) == 6
    for paragraph in paragraphs:
        assert paragraph in text
    assert "corpus/captures/live/storm-1815.txt:3-29" in text
    assert "2025-07-20 04:30 UTC · updated 10:15" in text


@pytest.mark.usefixtures("archive")
def test_show_takes_ids_from_standard_input(cli: Cli) -> None:
    ids = cli("query", "nvidia", "--format", "ids").stdout
    shown = cli("show", "-", "--format", "ids", stdin=ids)
    assert (shown.code, shown.stdout) == (0, ids)
    mixed = cli("show", "m-3301", "-", "--format", "ids", stdin=b"\n  m-3302  \n\n")
    assert (mixed.code, mixed.out) == (0, "m-3301\nm-3302\n")


@pytest.mark.usefixtures("archive")
def test_show_tells_which_ids_from_standard_input_do_not_exist(cli: Cli) -> None:
    shown = cli("show", "-", "--format", "ids", stdin=b"m-3301\nxyzzy\n")
    assert (shown.code, shown.out) == (1, "m-3301\n")
    assert shown.complaint == "newsearch: there is no article 'xyzzy'"


@pytest.mark.usefixtures("archive")
def test_origin_says_what_each_line_of_a_page_is(cli: Cli, archive: Path) -> None:
    lines = cli("show", one(cli, "storm orla"), "--origin").out.splitlines()
    assert "origin: corpus/captures/live/storm-1815.txt:3-29" in lines
    capture = (archive / "corpus/captures/live/storm-1815.txt").read_text("utf-8").splitlines()
    kinds = {
        int(match[1]): match[2]
        for line in lines[:-1]
        if (match := re.match(r" *(\d+) +(title|label|time|body|blank)\b", line))
    }
    assert list(kinds) == list(range(3, 30))
    for number, kind in kinds.items():
        assert (kind == "blank") == (not capture[number - 1].strip())
    assert kinds[13] == "time"
    assert "6 body" in lines[-1]


@pytest.mark.usefixtures("archive")
def test_origin_of_a_record_is_its_line(cli: Cli) -> None:
    shown = cli("show", "m-3301", "--origin")
    assert "origin: corpus/metro.jsonl.gz:1\n" in shown.out
    assert "one record of a structured file" in shown.out


def test_origin_of_a_file_that_is_gone_says_so(cli: Cli, own_archive: Path) -> None:
    name = one(cli, "storm orla")
    (own_archive / "corpus/captures/live/storm-1815.txt").unlink()
    shown = cli("show", name, "--origin")
    assert shown.code == 0
    assert "the file cannot be read now" in shown.out


def test_origin_is_found_from_any_folder(cli: Cli, own_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = one(cli, "storm orla")
    here = cli("show", name, "--origin").out
    monkeypatch.chdir(own_archive / "corpus/captures")
    assert cli("show", name, "--origin").out == here
    assert "6 body" in here


@pytest.mark.usefixtures("archive")
def test_times_say_where_each_comes_from(cli: Cli) -> None:
    shown = cli("show", one(cli, "storm orla"), "--times", "--tz", "Asia/Hong_Kong").out
    assert re.search(r"published: 2025-07-20 12:30 HKT \(UTC 2025-07-20T04:30:00\+00:00; .*date line", shown)
    assert re.search(r"updated: 2025-07-20 18:15 HKT \(UTC 2025-07-20T10:15:00\+00:00; .*date line", shown)


def test_times_are_of_four_kinds(cli: Cli, own_archive: Path) -> None:
    """Published, updated, first captured and last captured."""
    import os

    for name, saved in {"a": 1_760_000_000, "b": 1_770_000_000}.items():
        file = own_archive / f"corpus/{name}.jsonl"
        file.write_text('{"id": "two", "title": "Captured twice", "source": "Wire", "published": "2025-07-20"}')
        os.utime(file, (saved, saved))
    cli("index")
    shown = cli("show", "two", "--times").out
    assert re.search(r"^published: 2025-07-20 ", shown, re.MULTILINE)
    assert "updated: not stated" in shown
    assert re.search(r"^first captured: 2025-10-09T08:53:20", shown, re.MULTILINE)
    assert re.search(r"^last captured: 2026-02-02T02:40:00", shown, re.MULTILINE)


@pytest.mark.usefixtures("archive")
def test_captures_lists_every_capture_and_which_is_current(cli: Cli) -> None:
    lines = cli("show", one(cli, "storm orla"), "--captures").out.splitlines()
    captures = [line for line in lines if "storm-" in line]
    assert [re.findall(r"current|superseded", line) for line in captures] == [["current"], ["superseded"]]
    assert "storm-1815.txt:3-29" in captures[0]
    assert "storm-1400.txt:3-23" in captures[1]


@pytest.mark.usefixtures("archive")
def test_reports_can_be_asked_for_together(cli: Cli) -> None:
    shown = cli("show", "m-3301", "--times", "--origin", "--captures").out
    for text in ("published: ", "origin: ", "current"):
        assert text in shown


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "md"])
def test_show_has_every_format(cli: Cli, form: str) -> None:
    shown = cli("show", "m-3301", "m-3302", "--format", form)
    assert shown.code == 0
    assert "Saltmarsh Islands" in shown.out
    assert "night bus" in shown.out


@pytest.mark.usefixtures("archive")
def test_show_gives_the_fields_asked_for(cli: Cli) -> None:
    shown = cli("show", "m-3301", "--fields", "source,id", "--format", "csv")
    assert shown.out == "source,id\r\nMetro Courier,m-3301\r\n"


@pytest.mark.parametrize(("seconds", "shown"), [(1e300, "unknown"), (-62_135_596_800.0, "0001-01-01")])
def test_times_that_no_clock_has_shown_are_no_error(cli: Cli, empty_folder: Path, seconds: float, shown: str) -> None:
    record = '{"id": "a", "source": "Post", "title": "Storm", "body": "It is %s."}'
    for nth, word in enumerate(("near", "here", "over")):
        Path(f"{nth}.jsonl").write_text(record % word)
        cli("index", f"{nth}.jsonl")
        with closing(database.connect(empty_folder / ".newsearch" / LEDGER, read_only=False)) as connection:
            connection.execute("UPDATE captures SET captured = ?", (seconds,)).fetchall()
    for asked in (["show", "a", "--captures"], ["show", "a", "--times"], ["diff", "a"]):
        told = cli(*asked, "--tz", "America/New_York")
        assert (told.code, told.err) == (0, "")
        assert shown in told.out
