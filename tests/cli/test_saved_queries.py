"""`newsearch save` and `newsearch saved`: queries kept under names, and put into others."""

import json
import os
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import ESC, PROGRAM, Outcome, environment, run_process

from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.saved import changing

Cli = Callable[..., Outcome]
FILE = Path(".newsearch/saved.json")
KILLED_BEFORE_IT_COUNTS = """
import os, signal
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
from newsearch.__main__ import main
main()
"""


def saved(cli: Cli) -> dict[str, str]:
    """The saved queries as the program lists them."""
    return {one["name"]: one["query"] for one in cli("saved", "--format", "json").json["saved"]}


def ids(cli: Cli, *query: str) -> list[str]:
    return cli("query", *query, "--format", "ids", "--limit", "all").out.split()


@pytest.fixture
def chips(own_archive: Path, cli: Cli) -> Path:
    """An archive with one saved query."""
    assert cli("save", "chips", "nvidia OR amd").code == 0
    return own_archive


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    "query",
    ["nvidia OR amd", '"export curbs" -AMD', "title:Metro* OR trade", "-nvidia", "since:2025-05", "title:(a OR the)"],
)
def test_a_saved_query_finds_what_its_text_finds(cli: Cli, query: str) -> None:
    assert cli("save", "one", query).code == 0
    assert ids(cli, "saved:one") == ids(cli, query)
    assert ids(cli, "the", "-saved:one") == ids(cli, "the", f"-({query})")


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("saved:chips export", "(nvidia OR amd) export"),
        ("export -SAVED:Chips", "export -(nvidia OR amd)"),
        ("saved: chips", "nvidia OR amd"),
        ("saved:(chips)", "nvidia OR amd"),
    ],
)
def test_it_is_a_part_of_other_queries(cli: Cli, query: str, same: str) -> None:
    assert ids(cli, query) == ids(cli, same) != []


@pytest.mark.usefixtures("chips")
def test_saved_queries_name_each_other_and_follow_what_the_others_become(cli: Cli) -> None:
    cli("save", "curbs", "saved:chips export")
    cli("save", "chips", "trade")
    assert ids(cli, "saved:curbs") == ids(cli, "trade export")


@pytest.mark.usefixtures("own_archive")
def test_relative_dates_count_from_the_day_of_use(cli: Cli) -> None:
    cli("save", "fresh", "the since:30d")
    for now in ("2025-04-01", "2025-08-01"):
        assert ids(cli, "saved:fresh", "--now", now) == ids(cli, "the since:30d", "--now", now)
    assert saved(cli) == {"fresh": "the since:30d"}


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("nvidia", "export"), "nvidia export"),
        (("nvidia", "-AMD"), "nvidia -AMD"),
        (("-AMD", "nvidia", "--quiet"), "-AMD nvidia"),
        (('"export curbs"', "NEAR/5", "chip*"), '"export curbs" NEAR/5 chip*'),
        (("--", "-quiet", "nvidia"), "-quiet nvidia"),
    ],
)
def test_words_are_joined_as_those_of_a_query(cli: Cli, words: tuple[str, ...], text: str) -> None:
    assert cli("save", "one", *words).code == 0
    assert saved(cli) == {"one": text}


@pytest.mark.usefixtures("own_archive")
def test_saving_says_how_to_use_it_on_stderr_only(cli: Cli) -> None:
    found = cli("save", "My  Chips", "nvidia")
    assert (found.code, found.out) == (0, "")
    assert found.err.splitlines() == ["saved as my-chips", "find what it finds: newsearch query saved:my-chips"]
    assert cli("save", "other", "nvidia", "--quiet").err == ""


@pytest.mark.usefixtures("chips")
def test_saving_under_a_name_again_replaces_it_and_says_what_it_was(cli: Cli) -> None:
    found = cli("save", "CHIPS", "nvidia")
    assert found.code == 0
    assert found.err.splitlines()[0] == "saved as chips; it was: nvidia OR amd"
    assert saved(cli) == {"chips": "nvidia"}


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("F-16_v1.2", "f-16_v1.2"),
        ("  two\twords ", "two-words"),
        ("東盟", "東盟"),
        ("Straße", "strasse"),
        ("हिन्दी", "हिन्दी"),
        ("Cafe\u0301", "café"),
        ("x" * 100, "x" * 100),
    ],
)
def test_names_are_in_any_script_and_case_and_blanks_do_not_matter(cli: Cli, typed: str, kept: str) -> None:
    assert cli("save", typed, "nvidia").code == 0
    assert list(saved(cli)) == [kept]
    assert ids(cli, f'saved:"{typed}"') == ids(cli, f"saved:{kept}") == ids(cli, "nvidia") != []


@pytest.mark.usefixtures("own_archive")
def test_however_an_accent_is_encoded_the_name_is_the_same(cli: Cli) -> None:
    cli("save", unicodedata.normalize("NFC", "café"), "nvidia")
    assert ids(cli, "saved:" + unicodedata.normalize("NFD", "café")) == ids(cli, "nvidia")


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a:b", "chip*", "(a", '"a"', "x" * 101, "and", "OR", "a\x1bb", "a\u202eb", "\udcff", "😀"]
)
def test_what_could_not_stand_behind_saved_is_no_name(cli: Cli, name: str) -> None:
    found = cli("save", name, "nvidia")
    assert (found.code, found.out) == (2, "")
    assert found.complaint.endswith("cannot be the name of a saved query")
    assert saved(cli) == {}


@pytest.mark.usefixtures("own_archive")
def test_a_name_is_no_option(cli: Cli) -> None:
    assert "cannot be the name" in cli("save", "-x", "nvidia").complaint


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    ("query", "caret"), [("(a", 0), ("nvidia titel:x", 7), ("a saved:none", 8), ("date:2025-13", 5), ("a OR", 4)]
)
def test_a_query_that_cannot_be_read_is_shown_with_its_place_and_not_saved(cli: Cli, query: str, caret: int) -> None:
    found = cli("save", "one", query)
    assert (found.code, found.out) == (2, "")
    assert found.complaint
    assert found.err.splitlines()[1:3] == [f"  {query}", f"  {' ' * caret}^"]
    assert saved(cli) == {}


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("query", ["", '""', " "])
def test_a_query_that_matches_everything_is_not_saved(cli: Cli, query: str) -> None:
    found = cli("save", "chips", query)
    assert found.code == 2
    assert "matches everything" in found.complaint
    assert saved(cli) == {"chips": "nvidia OR amd"}


@pytest.mark.usefixtures("own_archive")
def test_a_query_is_needed(cli: Cli) -> None:
    assert "QUERY" in cli("save", "one").complaint


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("name", ["loop", "chips", "CHIPS"])
def test_a_query_that_names_itself_is_not_saved(cli: Cli, name: str) -> None:
    found = cli("save", name, f"nvidia saved:{name}")
    assert found.code == 2
    assert "contains itself" in found.complaint
    assert found.err.splitlines()[2] == f"  {' ' * len('nvidia saved:')}^"
    assert saved(cli) == {"chips": "nvidia OR amd"}


@pytest.mark.usefixtures("chips")
def test_a_query_that_names_itself_through_others_is_not_saved(cli: Cli) -> None:
    cli("save", "b", "saved:chips trade")
    cli("save", "c", "saved:b export")
    found = cli("save", "chips", "saved:c")
    assert found.code == 2
    assert "chips > c > b > chips" in found.complaint
    assert saved(cli)["chips"] == "nvidia OR amd"


@pytest.mark.usefixtures("own_archive")
def test_what_can_be_saved_can_be_used(cli: Cli) -> None:
    """A query may take in a hundred others, and one that is saved with them all would be one more."""
    cli("save", "one", "nvidia")
    hundred, fewer = " ".join(["saved:one"] * 100), " ".join(["saved:one"] * 99)
    assert cli("query", hundred).code == 0
    assert cli("save", "all", hundred).code == 2
    assert cli("save", "all", fewer).code == 0
    assert ids(cli, "saved:all") == ids(cli, "nvidia")


@pytest.mark.usefixtures("chips")
def test_an_error_tells_which_queries_are_saved(cli: Cli) -> None:
    found = cli("save", "new", "saved:chip")
    assert found.complaint == "newsearch: there is no saved query 'chip'"
    assert "saved: chips;" in found.err


@pytest.mark.usefixtures("own_archive")
def test_they_are_listed_by_name_one_a_line(cli: Cli) -> None:
    cli("save", "trade", "trade\n\tOR tariff")
    cli("save", "chips", "nvidia OR amd")
    found = cli("saved")
    assert (found.code, found.err) == (0, "")
    assert found.out == "chips: nvidia OR amd\ntrade: trade OR tariff\n"


@pytest.mark.usefixtures("own_archive")
def test_as_json_they_are_one_object(cli: Cli) -> None:
    cli("save", "東盟", "“export curbs” café")
    found = cli("saved", "--format", "json")
    assert found.json == {"schema_version": 1, "saved": [{"name": "東盟", "query": "“export curbs” café"}]}
    assert found.out.count("\n") == 1
    assert "東盟" in found.out


@pytest.mark.usefixtures("own_archive")
def test_none_saved_is_said_on_stderr_and_exits_1(cli: Cli) -> None:
    found = cli("saved")
    assert (found.code, found.out) == (1, "")
    assert "newsearch save NAME QUERY" in found.err
    as_json = cli("saved", "--format", "json")
    assert (as_json.code, as_json.json) == (1, {"schema_version": 1, "saved": []})


@pytest.mark.usefixtures("chips")
def test_there_is_no_table_of_them(cli: Cli) -> None:
    found = cli("saved", "--format", "csv")
    assert (found.code, found.complaint) == (2, "newsearch: this command has no format 'csv'")


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_in_a_query_reaches_the_terminal_as_a_control(cli: Cli, form: str) -> None:
    hostile = f"nvidia {ESC}[31m \u202eevil \x9b31m"
    assert cli("save", "one", hostile).code == 0
    printed = [cli("saved", "--format", form), cli("save", "one", "nvidia")]
    cli("save", "one", hostile)
    printed.append(cli("saved", "--remove", "one"))
    for found in printed:
        assert found.code == 0
        assert not set(found.out + found.err) & {ESC, "\u202e", "\x9b"}
        assert "[31m" in found.out + found.err


@pytest.mark.usefixtures("own_archive")
def test_bytes_that_are_no_text_are_saved_as_what_they_are_shown_as(cli: Cli) -> None:
    assert cli("save", "one", "nvidia \udcff").code == 0
    assert saved(cli) == {"one": "nvidia \ufffd"}


@pytest.mark.usefixtures("chips")
def test_one_is_removed_without_a_question_and_it_says_what_it_was(cli: Cli) -> None:
    cli("save", "trade", "trade")
    found = cli("saved", "--remove", "Chips")
    assert (found.code, found.out) == (0, "")
    assert found.err == "removed chips; it was: nvidia OR amd\n"
    assert saved(cli) == {"trade": "trade"}
    assert cli("query", "saved:chips").code == 2
    assert cli("saved", "--remove", "trade").code == 0
    assert cli("saved").code == 1


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize(("name", "hint"), [("chip", "did you mean chips?"), ("zzz", "newsearch saved")])
def test_what_is_not_there_cannot_be_removed(cli: Cli, name: str, hint: str) -> None:
    found = cli("saved", "--remove", name)
    assert (found.code, found.out) == (2, "")
    assert found.complaint == f"newsearch: there is no saved query '{name}'"
    assert hint in found.err
    assert saved(cli) == {"chips": "nvidia OR amd"}


@pytest.mark.usefixtures("chips")
def test_it_is_told_which_others_a_removal_leaves_unreadable(cli: Cli) -> None:
    cli("save", "curbs", "saved:chips export")
    cli("save", "trade", "trade")
    assert "cannot be read any more: curbs\n" in cli("saved", "--remove", "chips").err
    assert "cannot be read any more" not in cli("saved", "--remove", "trade").err
    assert "there is no saved query 'chips'" in cli("query", "saved:curbs").complaint


@pytest.mark.usefixtures("chips")
def test_it_is_told_which_others_a_replacement_leaves_unreadable(cli: Cli) -> None:
    cli("save", "curbs", "saved:chips NEAR/5 export")
    assert "cannot be read any more: curbs\n" in cli("save", "chips", "date:2025").err


def test_each_index_has_its_own(cli: Cli, chips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.jsonl").write_text('{"title": "Nvidia"}')
    monkeypatch.chdir(tmp_path / "elsewhere")
    cli("index", "a.jsonl")
    assert cli("saved").code == 1
    index = ("--index", str(chips / ".newsearch"))
    assert cli("saved", *index).out == "chips: nvidia OR amd\n"
    assert len(ids(cli, "saved:chips", *index)) == len(ids(cli, "nvidia OR amd", *index)) > 1
    cli("save", "more", "saved:chips trade", *index)
    assert cli("saved", "--remove", "more", *index).code == 0


COMMANDS = (("save", "chips", "nvidia"), ("saved",), ("saved", "--remove", "chips"), ("query", "saved:chips"))
every_command = pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)


@every_command
@pytest.mark.usefixtures("empty_folder")
def test_without_an_index_there_is_nothing_to_save_in(cli: Cli, arguments: tuple[str, ...]) -> None:
    found = cli(*arguments)
    assert (found.code, found.out) == (3, "")
    assert "there is no index at" in found.complaint
    assert not Path(".newsearch").exists()


@every_command
def test_a_folder_that_is_no_index_stays_as_it_is(cli: Cli, empty_folder: Path, arguments: tuple[str, ...]) -> None:
    found = cli(*arguments, "--index", "sources")
    assert found.code == 3
    assert "holds no index" in found.complaint
    assert not list((empty_folder / "sources").iterdir())


@every_command
@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"version": 2}',
        b'{"version": "2", "queries": {}}',
        b'{"version": 1e999, "queries": {}}',
        b'{"version": 2, "queries": ["chips"]}',
        b'{"version": 2, "queries": {"chips": 7}}',
        b'{"version": 2, "queries": {"chips": "nvidia"}}',
        b'{"version": 2, "queries": {"chips": {"query": "nvidia"}}}',
        b'{"version": 2, "queries": {"chips": {"query": "nvidia", "check": 1}}}',
        b'{"version": 2, "queries": {"Two Words": {"query": "nvidia", "check": 972871287}}}',
        b'{"version": 2, "queries": {"chips": {"query": "\\ud800", "check": 1}}}',
    ],
    ids=lambda content: content[:50].decode("latin-1"),
)
def test_a_damaged_file_is_told_as_such_and_left_alone(cli: Cli, arguments: tuple[str, ...], content: bytes) -> None:
    FILE.write_bytes(content)
    found = cli(*arguments)
    assert (found.code, found.out) == (3, "")
    assert found.complaint.endswith("saved.json are damaged")
    assert FILE.read_bytes() == content


@every_command
@pytest.mark.usefixtures("chips")
def test_a_file_from_a_later_version_is_left_alone(cli: Cli, arguments: tuple[str, ...]) -> None:
    content = '{"version": 3, "something": "else"}'
    FILE.write_text(content)
    found = cli(*arguments)
    assert found.code == 3
    assert "have version 3" in found.complaint
    assert "upgrade" in found.err
    assert FILE.read_text() == content


@every_command
@pytest.mark.usefixtures("own_archive")
def test_a_file_that_cannot_be_opened_is_told_as_such(cli: Cli, arguments: tuple[str, ...]) -> None:
    FILE.unlink()
    FILE.mkdir()
    found = cli(*arguments)
    assert found.code == 3
    assert "cannot be read (Is a directory)" in found.complaint


@pytest.mark.usefixtures("chips")
def test_what_cannot_be_written_leaves_the_old_ones(cli: Cli) -> None:
    FILE.with_name("saved.json.new").mkdir()
    found = cli("save", "chips", "trade")
    assert found.code == 3
    assert "cannot be written (Is a directory)" in found.complaint
    assert "saved as" not in found.err
    assert saved(cli) == {"chips": "nvidia OR amd"}


@pytest.mark.usefixtures("chips")
def test_queries_that_name_none_do_not_mind_a_damaged_file(cli: Cli) -> None:
    FILE.write_text("{")
    for query in (("nvidia",), ("saved nvidia",), ("--literal", "Nvidia saved:chips")):
        assert cli("query", *query).code in {0, 1}


@pytest.mark.usefixtures("own_archive")
def test_the_file_can_be_read_by_people(cli: Cli) -> None:
    cli("save", "東盟", "東盟")
    cli("save", "chips", "nvidia OR amd")
    text = FILE.read_text("utf-8")
    kept = json.loads(text)["queries"]
    assert [(name, one["query"]) for name, one in kept.items()] == [("chips", "nvidia OR amd"), ("東盟", "東盟")]
    assert '"query": "東盟"' in text


def test_listing_and_using_write_nothing(cli: Cli, chips: Path) -> None:
    (chips / ".newsearch/saved.json.lock").unlink()
    before = {file: file.stat().st_mtime_ns for file in chips.rglob("*")}
    for arguments in (("saved",), ("saved", "--format", "json"), ("query", "saved:chips")):
        assert cli(*arguments).code == 0
    assert {file: file.stat().st_mtime_ns for file in chips.rglob("*")} == before


def test_saves_at_the_same_time_do_not_lose_each_other(cli: Cli, chips: Path) -> None:
    names = [f"q{nth}" for nth in range(6)]
    processes = [
        subprocess.Popen([*PROGRAM, "save", name, f"saved:chips {name}"], cwd=chips, env=environment())
        for name in names
    ]
    assert [process.wait(60) for process in processes] == [0] * len(names)
    assert set(saved(cli)) == {"chips", *names}


def test_a_save_that_is_killed_leaves_what_was_there_and_no_obstacle(cli: Cli, chips: Path) -> None:
    killed = run_process("save", "chips", "trade", cwd=chips, program=(sys.executable, "-c", KILLED_BEFORE_IT_COUNTS))
    assert killed.code == -signal.SIGKILL
    assert saved(cli) == {"chips": "nvidia OR amd"}
    assert cli("index").code == 0
    assert cli("save", "trade", "trade").code == 0
    assert saved(cli) == {"chips": "nvidia OR amd", "trade": "trade"}


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("arguments", [("save", "x", "nvidia"), ("saved", "--remove", "chips")], ids=" ".join)
def test_another_who_is_saving_is_named_after_a_wait(cli: Cli, arguments: tuple[str, ...]) -> None:
    with changing(FILE.parent.absolute(), 0):
        found = cli(*arguments, "--wait", "0.1")
        assert cli("saved").code == cli("query", "saved:chips").code == 0
    assert (found.code, found.out) == (4, "")
    assert f"another process is writing the saved queries: process {os.getpid()} on " in found.complaint
    assert "--wait SECONDS" in found.err
    assert cli(*arguments).code == 0


@pytest.mark.usefixtures("chips")
def test_a_query_can_be_saved_while_articles_are_taken_in(cli: Cli) -> None:
    with open_for_writing(FILE.parent.absolute(), create=False):
        assert cli("save", "trade", "trade", "--wait", "0").code == 0


def test_an_index_made_anew_in_its_folder_keeps_them(cli: Cli, chips: Path) -> None:
    import shutil

    shutil.rmtree(chips / ".newsearch/index")
    for name in ("newsearch.json", "ledger.sqlite"):
        (chips / ".newsearch" / name).unlink()
    assert cli("index").code == 0
    assert ids(cli, "saved:chips") == ids(cli, "nvidia OR amd") != []


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("command", ["save one nvidia", "saved"])
def test_common_options_are_the_same_here(cli: Cli, command: str) -> None:
    options = ("--index", ".newsearch", "--format", "text", "--color", "never", "--tz", "UTC")
    assert cli(*command.split(), *options, "--quiet", "--debug", "--no-pager").code == 0


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("saved --remove c", ["chips"]),
        ("save ch", ["chips"]),
        ("saved --remove x", []),
        ("sav", ["save", "saved"]),
        ("query --index '' --sto", ["--stories"]),
    ],
)
def test_the_shell_completes_names(chips: Path, line: str, offered: list[str]) -> None:
    words = f"newsearch {line}"
    env = {"_NEWSEARCH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    found = run_process(cwd=chips, env=env)
    assert (found.code, found.out.split(), found.err) == (0, offered, "")


@pytest.mark.usefixtures("chips")
def test_the_shell_is_told_nothing_where_names_cannot_be_read(chips: Path) -> None:
    FILE.write_text("{")
    words = "newsearch saved --remove c"
    env = {"_NEWSEARCH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    found = run_process(cwd=chips, env=env)
    assert (found.code, found.out.strip(), found.err) == (0, "", "")


def test_verify_reports_damage_to_the_saved_queries(cli: Cli, own_archive: Path) -> None:
    cli("save", "chips", "nvidia")
    assert cli("verify").code == 0
    (own_archive / ".newsearch/saved.json").write_text('{"version": 1, "queries": [')
    done = cli("verify")
    assert (done.code, done.out.count("\n")) == (3, 1)
    assert "saved.json" in done.out
