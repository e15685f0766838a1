"""Every bad input: one line that says what and why, a hint what to do next, and its exit code."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import PROGRAM, Outcome, run_process

Cli = Callable[..., Outcome]
GOOD = b'{"id": "1", "title": "One", "body": "Ships sail."}\n'


def columns(text: str) -> int:
    """How many columns a terminal takes for a text."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


@pytest.mark.parametrize(
    "arguments", [("nowhere",), ("nowhere/*.txt",), ("",), ()], ids=["path", "glob", "empty", "./corpus"]
)
@pytest.mark.usefixtures("empty_folder")
def test_a_missing_path(cli: Cli, arguments: tuple[str, ...]) -> None:
    found = cli("index", *arguments)
    assert (found.code, found.out) == (2, "")
    assert found.complaint == f"newsearch: there is no {arguments[0] if arguments else 'corpus'}"
    assert not Path(".newsearch").exists()


@pytest.mark.parametrize("target", ["nowhere", "link.jsonl"], ids=["dangling link", "link to itself"])
def test_an_unreadable_file(cli: Cli, empty_folder: Path, target: str) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    (empty_folder / "sources/link.jsonl").symlink_to(target)
    check_skipped(cli, "sources/link.jsonl: unreadable")


def test_an_unreadable_file_named_itself(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/link.jsonl").symlink_to("link.jsonl")
    found = cli("index", "sources/link.jsonl")
    assert found.code == 5
    assert "sources/link.jsonl: unreadable" in found.err


@pytest.mark.parametrize(
    ("name", "content", "trouble"),
    [
        ("b.txt", b"\x7fELF\0\1\2" * 100, "sources/b.txt: binary"),
        ("b.pdf", b"%PDF-1.7\n...", "sources/b.pdf: broken-pdf"),
        ("b.html", b"<!DOCTYPE html><title>Two</title>", "sources/b.html: no-text"),
        ("b.json", b'[{"title": "Two"}, {"title": "Thr', "sources/b.json:1: broken-json"),
        ("b.rtf", b"{\\rtf1 Two}", "sources/b.rtf: unsupported"),
        ("b.jsonl", b'{"title": "Two"}\n{"title": "Thr', "sources/b.jsonl:2: broken-json"),
        ("b.txt", "Ferry resumes\n\nIt sailed to the caf\u00e9.\n".encode("latin-1"), "sources/b.txt:3: invalid-utf8"),
        ("b.jsonl", b'{"title": "caf\xe9"}\n', "sources/b.jsonl:1: invalid-utf8"),
        ("b.jsonl", b'{"title": "Two", "published": "2025-02-30"}\n', "sources/b.jsonl:1: date-rejected"),
        (
            "b.txt",
            b"Ferry resumes\n\n2025-02-30 08:00\n\nIt sailed again after a week.\n",
            "sources/b.txt:3: date-rejected",
        ),
        ("b.jsonl", b'{"title": ["Two"]}\n', "sources/b.jsonl:1: bad-field"),
        ("b.jsonl", b'{"name": "Two"}\n', "sources/b.jsonl:1: no-text"),
        ("b.jsonl.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\3cut off", "sources/b.jsonl.gz: damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" in value else "",
)
def test_a_source_that_cannot_be_taken_in(
    cli: Cli, empty_folder: Path, name: str, content: bytes, trouble: str
) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    (empty_folder / "sources" / name).write_bytes(content)
    check_skipped(cli, trouble)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"], ids=["nothing", "blank lines", "byte order mark"])
def test_an_empty_file_is_nothing_amiss(cli: Cli, empty_folder: Path, content: bytes) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    (empty_folder / "sources/b.txt").write_bytes(content)
    found = cli("index", "sources")
    assert (found.code, found.out) == (0, "")
    assert "b.txt" not in found.err


def test_a_file_of_300_mb_without_a_line_end(empty_folder: Path) -> None:
    """The one test with such a file; in a process of its own, whose memory is bounded."""
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    large = empty_folder / "sources/b.txt"
    with large.open("wb") as file:
        for _ in range(300):
            file.write(b"a" * 1_000_000)
    bounded = ("sh", "-c", 'ulimit -v 1500000; exec "$@"', "sh", *PROGRAM)
    found = run_process("index", "sources", cwd=empty_folder, program=bounded)
    large.unlink()
    assert found.code == 5
    assert "sources/b.txt:1: line-too-long: 286 MiB in one line" in found.err
    assert "1 article added" in found.err


def test_files_with_nothing_in_them_can_be_indexed_and_asked_again_and_again(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.txt").write_bytes(b"")
    assert [cli("index", "sources").code for _ in range(2)] == [0, 0]
    assert [cli(*command.split()).code for command in ("query ship", "status", "verify")] == [1, 0, 0]


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("command", "mentions"),
    [
        ("query storm --tz Nowhere/Nothing", "Nowhere/Nothing"),
        ("query storm --tz Asia", "Asia"),
        ("query storm --tz ../../etc/passwd", "../../etc/passwd"),
        ("query storm --fields title,nonsense", "nonsense"),
        ("query storm --format nonsense", "nonsense"),
        ("show m-3301 --format nonsense", "nonsense"),
        ("status --format nonsense", "nonsense"),
        ("status --format csv", "csv"),
        ("index --format csv", "csv"),
        ("query storm --limit -1", "-1"),
        ("query storm --limit=-1", "-1"),
        ("query storm --limit abc", "abc"),
        ("query storm --limit 1.5", "1.5"),
        ("query storm --offset -1", "-1"),
        ("query storm --offset abc", "abc"),
        ("query storm --width abc", "abc"),
        ("query storm --now nonsense", "nonsense"),
        ("query storm --since nonsense", "nonsense"),
        ("query storm --since 2025-02-30", "2025-02-30"),
        ("query storm --until 2025-13", "2025-13"),
        ("query storm --sort upwards", "upwards"),
        ("query storm --color sometimes", "sometimes"),
        ("query storm --hyperlinks sometimes", "sometimes"),
        ("index --map nonsense", "nonsense"),
        ("index --map title=", "title="),
        ("index --map colour=red", "colour=red"),
        ("index --as nonsense", "nonsense"),
        ("index --assume-tz nonsense", "nonsense"),
        ("index --wait nonsense", "nonsense"),
        ("index --wait -1", "-1"),
        ("index --wait nan", "nan"),
        ("show m-3301 --times --format json", "--times"),
    ],
)
def test_an_option_that_cannot_be_used(cli: Cli, command: str, mentions: str) -> None:
    found = cli(*command.split())
    assert (found.code, found.out) == (2, "")
    assert mentions in found.complaint


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("command", ["index", "query", "show", "status", "verify", "remove", "config"])
def test_an_unknown_option_points_to_the_help_of_its_command(cli: Cli, command: str) -> None:
    found = cli(command, "--nonsense")
    assert (found.code, found.out) == (2, "")
    assert "--nonsense" in found.complaint
    assert f"newsearch {command} --help" in found.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("query", "at"),
    [
        ('nvidia "export', '"'),
        ("nvidia (export", "("),
        ("nvidia export)", ")"),
        ("nvidia colour:red", "colour"),
        ("nvidia OR OR export", "OR export"),
        ("since:2025-13 nvidia", "2025-13"),
        ("nvidia ()", "("),
        ("東盟 貿易 (export", "("),
        ("Straße (export", "("),
        ("cafe\u0301 (export", "("),
        ("nvi\u200edia (export", "("),
        (f"{'nvidia ' * 40}(export", "("),
    ],
)
def test_a_query_that_cannot_be_read_is_shown_with_a_caret_under_the_place(cli: Cli, query: str, at: str) -> None:
    found = cli("query", query)
    assert (found.code, found.out) == (2, "")
    assert found.complaint
    _, shown, caret, *_ = found.err.splitlines()
    assert caret.strip() == "^"
    assert len(caret) < 130
    assert columns(shown[: shown.rindex(at)]) == columns(caret) - 1


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "command",
    [("show", "--"), ("query", "storm", "--since"), ("status", "--index"), ("index",), ("saved", "--remove")],
    ids=lambda command: command[0],
)
def test_what_was_typed_begins_no_line_of_its_own(cli: Cli, command: tuple[str, ...]) -> None:
    found = cli(*command, "x\nnewsearch: all is well\n  \u2028newsearch: indeed")
    assert found.code in {1, 2, 3}
    assert [line for line in found.err.splitlines() if line.startswith("newsearch: all")] == []
    assert "all is well" in found.err


def test_a_name_of_lines_and_controls_is_told_in_one_line(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    (empty_folder / "sources/x\nnewsearch: all is well\u202e.jsonl").write_bytes(b"{")
    check_skipped(cli, "sources/x newsearch: all is well.jsonl:1: broken-json")
    place = "a\x1b[31m\u202e\nb"
    assert cli("index", "sources/a.jsonl", "--index", place).code == 0
    found = cli("status", "--index", place)
    assert found.out.splitlines()[0].startswith("index ")
    assert found.out.replace("\n", "").isprintable()


def test_somebody_elses_folder_is_not_made_an_index(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    found = cli("index", "sources", "--index", "sources")
    assert found.code == 2
    assert "is not empty" in found.complaint
    assert [file.name for file in (empty_folder / "sources").iterdir()] == ["a.jsonl"]


def test_an_index_cannot_be_made_where_there_is_a_file(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_bytes(GOOD)
    for place in ("sources/a.jsonl", "sources/a.jsonl/below"):
        found = cli("index", "sources", "--index", place)
        assert found.code == 3
        assert "sources/a.jsonl" in found.complaint
    assert (empty_folder / "sources/a.jsonl").read_bytes() == GOOD


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("content", "mentions"),
    [
        ("limit = ", "cannot be read"),
        ("colour = 1", "colour"),
        ("limit = [1]", "limit"),
        ('color = "red"', "red"),
        ("limit = true", "limit"),
        ("limit = " + "[" * 5_000, "cannot be read"),
        ("a." * 5_000 + "b = 1", "dots"),
        ("# " + "x" * (1 << 20), "bytes"),
    ],
    ids=["no TOML", "unknown name", "list", "unknown value", "yes or no", "nested", "parts", "large"],
)
def test_a_settings_file_that_cannot_be_used_is_named(
    cli: Cli, clean_environment: Path, content: str, mentions: str
) -> None:
    file = clean_environment / ".config/newsearch/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    found = cli("query", "storm")
    assert (found.code, found.out) == (2, "")
    assert mentions in found.complaint
    assert str(file) in found.complaint


def check_skipped(cli: Cli, trouble: str) -> None:
    """Check that a run tells of a trouble in one line that holds the remedy, and takes the rest in."""
    found = cli("index", "sources")
    assert (found.code, found.out) == (5, "")
    (line,) = (line for line in found.err.splitlines() if line.startswith("newsearch: "))
    assert line.startswith(f"newsearch: {trouble}: ")
    assert len(line) > len(f"newsearch: {trouble}: ") + 10
    assert "Traceback" not in found.err
    assert cli("query", "ships", "--format", "ids").out == "1\n"
