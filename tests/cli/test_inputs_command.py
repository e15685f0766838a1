"""`newsearch inputs`: what can be read here, and what would have to be installed."""

import importlib.util
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from cli_support import Outcome

from newsearch.inputs import INPUTS

Cli = Callable[..., Outcome]


def test_every_format_is_listed_with_what_it_is(cli: Cli) -> None:
    done = cli("inputs")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == list(INPUTS)


def test_a_format_whose_extra_is_missing_says_what_to_install(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsearch.registry.find_spec", without("trafilatura"))
    done = cli("inputs", "--format", "json")
    (html,) = [one for one in done.json["inputs"] if one["name"] == "html"]
    assert (html["installed"], html["extra"]) == (False, "html")
    assert "pip install 'newsearch[html]'" in cli("inputs").out


def test_without_its_extra_a_file_is_skipped_with_the_remedy_and_the_others_go_on(
    cli: Cli, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsearch.registry.find_spec", without("trafilatura"))
    (empty_folder / "sources/a.html").write_text("<!doctype html><title>Ferry</title>")
    (empty_folder / "sources/b.jsonl").write_text('{"title": "Ferry", "body": "It sailed."}\n')
    done = cli("index", "sources")
    assert done.code == 5
    assert "extra-missing" in done.err
    assert "newsearch[html]" in done.err
    assert cli("query", "ferry").code == 0


def test_a_format_asked_for_by_name_needs_its_extra(
    cli: Cli, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsearch.registry.find_spec", without("feedparser"))
    (empty_folder / "sources/a.xml").write_text("<rss/>")
    done = cli("index", "sources", "--as", "feed")
    assert done.code == 2
    assert "feedparser" in done.complaint


def without(missing: str) -> object:
    """Stand for `find_spec` where a package is not installed."""

    def find_spec(name: str) -> ModuleSpec | None:
        return None if name == missing else importlib.util.find_spec(name)

    return find_spec
