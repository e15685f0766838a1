"""Near-copies share a row in text, and elsewhere where that is asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from cli_support import Outcome

Cli = Callable[..., Outcome]
pytestmark = pytest.mark.usefixtures("archive")
ASKED = ("query", "saltmarsh cable")


def titles(found: Outcome) -> list[str]:
    return [line for line in found.out.splitlines() if line[:1].isdigit()]


def answer(cli: Cli, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = cli(*ASKED, "--format", "json", *options).json
    return found


def test_text_has_a_row_for_each_story_and_says_how_many_copies_there_are(cli: Cli) -> None:
    found = cli(*ASKED, "--width", "200")
    assert len([title for title in titles(found) if title.endswith(" +2 copies")]) == 1
    total, stories = answer(cli)["total"], answer(cli)["total_stories"]
    assert len(titles(found)) == stories == total - 2
    assert f"{total} articles in {stories} stories" in found.err or f"{total} articles in 1 story" in found.err


def test_each_article_has_a_row_of_its_own_where_that_is_asked_for(cli: Cli) -> None:
    found = cli(*ASKED, "--no-stories", "--width", "200")
    assert len(titles(found)) == answer(cli)["total"]
    assert "copies" not in found.out
    assert "stories" not in found.err


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "ids"])
def test_other_formats_have_a_row_for_each_article_unless_stories_are_asked_for(cli: Cli, form: str) -> None:
    alone, grouped = (cli(*ASKED, "--format", form, *options).out.count("m-33") for options in ((), ("--stories",)))
    assert alone > grouped


def test_what_scripts_are_told_of_stories(cli: Cli) -> None:
    alone, grouped = answer(cli), answer(cli, "--stories")
    assert "copies" not in alone["hits"][0]
    assert alone["total_stories"] == grouped["total_stories"] == len(grouped["hits"])
    assert sum(1 + hit["copies"] for hit in grouped["hits"]) == grouped["total"] == alone["total"]
    header, *lines = cli(*ASKED, "--stories", "--format", "tsv").out.splitlines()
    assert header.endswith("\tcopies\tstory")
    assert {line.split("\t")[-2] for line in lines} >= {"2"}
    assert set(cli(*ASKED, "--format", "tsv", "--fields", "copies,story").out.splitlines()[1:]) == {"\t"}


@pytest.mark.parametrize(("lead", "extreme"), [("earliest", min), ("longest", max)])
def test_the_earliest_or_the_longest_stands_for_a_story(
    cli: Cli, lead: str, extreme: Callable[[list[tuple[Any, str]]], tuple[Any, str]]
) -> None:
    def measure(hit: dict[str, Any]) -> Any:
        return hit["published"] if lead == "earliest" else len(hit["body"].split())

    fields = ("--fields", "id,published,body,copies,story")
    (row,) = [hit for hit in answer(cli, "--stories", "--lead", lead, *fields)["hits"] if hit["copies"]]
    copies = answer(cli, *fields)["hits"]  # all that match are of one story
    assert measure(row) == extreme(list(map(measure, copies)))


def test_pages_count_stories(cli: Cli) -> None:
    whole = cli("query", "", "--limit", "all", "--no-pager", "--quiet")
    found = cli("query", "", "--limit", "5", "--offset", "5")
    assert [title.split(".")[0] for title in titles(found)] == ["6", "7", "8", "9", "10"]
    assert titles(found) == titles(whole)[5:10]
    assert "6–10 of 54 articles in 52 stories; more with --offset 10" in found.err
    assert "54 articles in 52 stories; none behind the first 52" in cli("query", "", "--offset", "52").err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--lead", "newest"), "--lead: 'newest' is not known"),
        (("--lead", "earliest", "--no-stories"), "each article stands for itself"),
        (("--lead", "earliest", "--format", "csv"), "each article stands for itself"),
    ],
    ids=["unknown", "not-grouped", "csv"],
)
def test_a_lead_that_leads_nothing_is_refused(cli: Cli, options: tuple[str, ...], complaint: str) -> None:
    found = cli(*ASKED, *options)
    assert (found.code, found.out) == (2, "")
    assert complaint in found.err


def test_the_exit_code_follows_the_articles(cli: Cli) -> None:
    assert cli(*ASKED, "--offset", "500").code == 0
    assert cli("query", "nosuchword").code == 1


def test_the_status_counts_stories(cli: Cli) -> None:
    assert cli("status", "--format", "json").json["stories"] == 52
    assert "stories      52" in cli("status").out
