"""The JSON that scripts rely on: its fields, their types, and the same bytes everywhere."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cli_support import PROGRAM, Outcome, environment, on_terminal, run_process

Cli = Callable[..., Outcome]
Types = dict[str, type | tuple[type, ...]]
NONE = type(None)

ANSWER: Types = {
    "schema_version": int,
    "query": dict,
    "total": int,
    "total_is_exact": bool,
    "total_stories": int,
    "undated_left_out": int,
    "offset": int,
    "took_ms": float,
    "hits": list,
}
QUERY: Types = {"text": str, "canonical": str, "range": dict, "notes": list, "as_of": (str, NONE)}
HIT: Types = {
    "id": str,
    "score": float,
    "title": str,
    "title_spans": list,
    "published": (str, NONE),
    "published_precision": (str, NONE),
    "updated": (str, NONE),
    "updated_precision": (str, NONE),
    "source": str,
    "section": str,
    "url": str,
    "authors": list,
    "lang": str,
    "origin": dict,
    "snippets": list,
}
STORY: Types = HIT | {"copies": int, "story": str}
STATUS: Types = {
    "schema_version": int,
    "index": str,
    "articles": int,
    "editions": int,
    "stories": int,
    "undated": int,
    "first_published": (str, NONE),
    "last_published": (str, NONE),
    "sources": dict,
    "files": int,
    "captures": int,
    "skipped": int,
    "removed": int,
    "bytes": int,
    "last_commit": str,
    "generation": int,
    "format": int,
}
INDEX: Types = {
    "schema_version": int,
    **dict.fromkeys(("files_read", "files_unchanged", "files_vanished"), int),
    **dict.fromkeys(("added", "changed", "left", "unchanged", "kept_out"), int),
    "skipped": list,
}
REPAIR: Types = {
    "schema_version": int,
    "damaged": list,
    "aside": (str, NONE),
    "editions_rescued": int,
    "sources_read_again": int,
    "left_alone": list,
    "unknown": list,
    "lost": list,
}


def check(value: dict[str, Any], types: Types) -> None:
    assert list(value) == list(types)
    wrong = {name: value[name] for name, kind in types.items() if not isinstance(value[name], kind)}
    assert not wrong


def everything(cli: Cli) -> list[dict[str, Any]]:
    """All articles as hits."""
    hits: list[dict[str, Any]] = cli("query", "", "--limit", "all", "--format", "json").json["hits"]
    return hits


@pytest.mark.usefixtures("archive")
def test_an_answer_has_exactly_the_documented_fields(cli: Cli) -> None:
    answer = cli("query", "nvidia", "export", "--since", "2025", "--format", "json").json
    check(answer, ANSWER)
    check(answer["query"], QUERY)
    check(answer["query"]["range"], {"since": (str, NONE), "until": (str, NONE)})
    assert answer["schema_version"] == 1
    assert answer["query"]["text"] == "nvidia export"
    assert answer["query"]["range"] == {"since": "2025-01-01T00:00:00+00:00", "until": None}
    assert answer["total"] == len(answer["hits"]) == 3


@pytest.mark.usefixtures("archive")
def test_every_hit_has_exactly_the_documented_fields(cli: Cli) -> None:
    hits = everything(cli)
    assert len(hits) == 54
    for hit in hits:
        check(hit, HIT)
        check(hit["origin"], {"path": str, "lines": list, "member": str})
        first, last = hit["origin"]["lines"]
        assert 1 <= first <= last
        for snippet in hit["snippets"]:
            check(snippet, {"text": str, "spans": list})


@pytest.mark.usefixtures("archive")
def test_every_story_has_two_more(cli: Cli) -> None:
    answer = cli("query", "", "--limit", "all", "--stories", "--format", "json").json
    for hit in answer["hits"]:
        check(hit, STORY)
    assert len(answer["hits"]) == answer["total_stories"]
    assert sum(1 + hit["copies"] for hit in answer["hits"]) == answer["total"] == 54


@pytest.mark.usefixtures("archive")
def test_spans_are_code_points_of_the_text_given(cli: Cli) -> None:
    for words in ("storm", "café", "書店", "nvidia", "bus"):
        answer = cli("query", words, "--format", "json").json
        assert answer["hits"], words
        for hit in answer["hits"]:
            marked = [(hit["title"], hit["title_spans"])] + [(one["text"], one["spans"]) for one in hit["snippets"]]
            texts = [text[start:end] for text, spans in marked for start, end in spans]
            assert texts
            assert all(text and text == text.strip() for text in texts)
            for text, spans in marked:
                ends = [0, *(place for span in spans for place in span), len(text)]
                assert ends == sorted(ends)


@pytest.mark.usefixtures("archive")
def test_times_are_iso_8601_with_an_offset_or_a_plain_day_or_null(cli: Cli) -> None:
    kinds: set[str | None] = set()
    for hit in everything(cli):
        for name in ("published", "updated"):
            value, precision = hit[name], hit[f"{name}_precision"]
            kinds.add(precision)
            if value is None:
                assert precision is None
            elif precision == "day":
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", value)
            else:
                assert precision == "minute"
                assert datetime.fromisoformat(value).tzinfo is not None
    assert kinds == {None, "day", "minute"}


@pytest.mark.usefixtures("archive")
def test_no_hits_give_the_same_object_with_an_empty_list(cli: Cli) -> None:
    found = cli("query", "xyzzy", "--format", "json")
    assert found.code == 1
    check(found.json, ANSWER)
    assert (found.json["total"], found.json["hits"]) == (0, [])


@pytest.mark.usefixtures("archive")
def test_jsonl_has_the_same_hits_one_a_line_and_ids_their_ids(cli: Cli) -> None:
    hits = cli("query", "nvidia", "--format", "json").json["hits"]
    lines = cli("query", "nvidia", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == hits
    assert cli("query", "nvidia", "--format", "ids").out.split() == [hit["id"] for hit in hits]


@pytest.mark.usefixtures("archive")
def test_fields_are_shown_as_asked_for_in_that_order(cli: Cli) -> None:
    answer = cli("query", "nvidia", "--fields", "title,times,id", "--format", "json").json
    assert [list(hit) for hit in answer["hits"]] == [["title", "times", "id"]] * 4
    table = cli("query", "nvidia", "--fields", "lang, id", "--format", "tsv").out
    assert table.splitlines()[0] == "lang\tid"


@pytest.mark.usefixtures("archive")
def test_full_adds_the_whole_body(cli: Cli) -> None:
    (hit, *_) = cli("query", "nvidia", "--full", "--format", "json").json["hits"]
    check(hit, {**HIT, "body": str})
    assert hit["body"].count("\n\n") > 2


@pytest.mark.usefixtures("archive")
def test_show_gives_whole_articles_under_their_own_name(cli: Cli) -> None:
    shown = cli("show", "m-3301", "--format", "json").json
    check(shown, {"schema_version": int, "articles": list})
    check(shown["articles"][0], {**HIT, "body": str})


@pytest.mark.usefixtures("own_archive")
def test_the_reports_of_the_other_commands_have_their_fields(cli: Cli) -> None:
    check(cli("status", "--format", "json").json, STATUS)
    check(cli("status", "--skipped", "--format", "json").json, {"schema_version": int, "skipped": list})
    check(cli("verify", "--format", "json").json, {"schema_version": int, "editions": int, "faults": list})
    check(cli("index", "--format", "json").json, INDEX)
    Path("corpus/bad.jsonl").write_text("{\n")
    (skipped,) = cli("index", "--format", "json").json["skipped"]
    check(skipped, {"origin": str, "reason": str, "detail": str})
    (place,) = cli("status", "--skipped", "--format", "json").json["skipped"]
    check(place, {"path": str, "lines": list, "reason": str, "detail": str, "member": str})
    check(cli("repair", "--format", "json").json, REPAIR)
    shutil.rmtree(".newsearch/index")
    shutil.rmtree("corpus")
    Path(".newsearch/saved.json").write_text("")
    repaired = cli("repair", "--format", "json").json
    check(repaired, REPAIR)
    check(repaired["lost"][0], {"id": str, "origin": str})


@pytest.mark.usefixtures("archive")
def test_status_tells_what_there_is(cli: Cli) -> None:
    status = cli("status", "--format", "json").json
    assert (status["articles"], status["editions"], status["undated"]) == (54, 55, 7)
    assert (status["files"], status["captures"], status["skipped"], status["removed"]) == (27, 55, 0, 0)
    assert sum(status["sources"].values()) == 54
    assert datetime.fromisoformat(status["last_commit"]).tzinfo is not None
    text = cli("status").out
    for name in ("articles", "published", "sources", "size", "last commit", "format"):
        assert re.search(rf"^{name} ", text, re.MULTILINE), name


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "café", "--format", "json"),
        ("show", "m-3303", "--format", "json"),
        ("query", "bus", "--format", "csv"),
    ],
    ids=["query json", "show json", "query csv"],
)
def test_manner_05_the_bytes_are_the_same_on_a_terminal_a_pipe_and_a_file(
    archive: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    def timeless(data: bytes) -> bytes:
        return re.sub(rb'"took_ms": [\d.]+', b'"took_ms": 0', data)

    import subprocess

    with (tmp_path / "out").open("wb") as file:
        command = [*PROGRAM, *arguments]
        subprocess.run(command, cwd=archive, env=environment(), stdout=file, stderr=subprocess.DEVNULL, check=True)
    in_file = timeless((tmp_path / "out").read_bytes())
    ascii_only = run_process(*arguments, cwd=archive, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert in_file
    assert timeless(run_process(*arguments, cwd=archive).stdout) == in_file
    assert timeless(on_terminal(*arguments, cwd=archive).stdout) == in_file
    assert timeless(ascii_only.stdout) == in_file


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "md", "ids"])
def test_manner_05_an_explicit_format_wins_over_everything(
    cli: Cli, own_archive: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    expected = cli("query", "xyzzy OR bus", "--fields", "id", "--format", form).out
    monkeypatch.setenv("NEWSEARCH_FORMAT", "text")
    (own_archive / "newsearch.toml").write_text('format = "text"')
    found = cli("query", "xyzzy OR bus", "--fields", "id", "--format", form)
    assert re.sub(r'"took_ms": [\d.]+', "", found.out) == re.sub(r'"took_ms": [\d.]+', "", expected)
    assert "m-3302" in found.out


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "tsv", "md", "ids"])
def test_manner_17_the_same_query_twice_prints_the_same_bytes(cli: Cli, form: str) -> None:
    first, second = (
        re.sub(rb'"took_ms": [\d.]+', b"", cli("query", "the", "--limit", "all", "--format", form).stdout) for _ in "ab"
    )
    assert first == second
    assert first
