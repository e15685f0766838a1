"""What `--explain` says, and what is said when nothing matches."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome

ARTICLES = (
    {"id": "a", "title": "Grain deal", "body": "Wheat exports rise. Grain is dear.", "published": "2025-01-10"},
    {"id": "b", "title": "Rain", "body": "Grain, grain and wheat; GRAIN.", "published": "2025-02-20", "source": "Post"},
    {"id": "c", "title": "Curbs", "body": "Export curbs on wheat were announced.", "source": "Wire"},
)

Cli = Callable[..., Outcome]


@pytest.fixture
def three(cli: Cli, empty_folder: Path) -> Cli:
    lines = "".join(json.dumps(article) + "\n" for article in ARTICLES)
    (empty_folder / "three.jsonl").write_text(lines, encoding="utf-8")
    assert cli("index", "three.jsonl").code == 0
    return cli


def explained(three: Cli, *arguments: str) -> list[str]:
    found = three("query", "--explain", *arguments)
    return found.err.splitlines()


def test_each_part_of_a_query_is_shown_with_what_it_matches(three: Cli) -> None:
    lines = explained(three, '(grain^2 OR "export curbs"~5) -rain date:2025')
    assert lines[0].startswith('read as: (grain^2 OR "export curbs"~5) AND -rain AND since:2025-01-01T00:00:00')
    assert lines[2:10] == [
        "all of: 1 article",
        "  any of: 3 articles",
        "    2 times: 2 articles",
        "      grain: 2 articles",
        '    "export curbs"~5: 1 article',
        "  none of: 2 articles",
        "    rain: 1 article",
        f"  {lines[9].strip()}",
    ]


def test_the_range_of_dates_is_told_in_instants(three: Cli) -> None:
    lines = explained(three, "wheat", "--since", "2025-01", "--until", "2025-01", "--tz", "Asia/Hong_Kong")
    assert "published from 2025-01-01T00:00:00+08:00 to before 2025-02-01T00:00:00+08:00" in lines


def test_the_written_forms_of_a_word_are_told_with_their_articles(three: Cli) -> None:
    lines = explained(three, "export title:grain chipz")
    assert "export is written Export (1), exports (1)" in lines
    assert "title:grain is written Grain (1)" in lines
    assert "chipz is written nowhere" in lines
    assert "w* is written wheat (2), Wheat (1), were (1)" in explained(three, "w*")


def test_the_parts_of_each_score_add_up_to_it(three: Cli) -> None:
    hits = three("query", "grain^3 OR wheat OR (curbs export)", "--format", "json").json["hits"]
    lines = explained(three, "grain^3 OR wheat OR (curbs export)")
    for hit in hits:
        (line,) = (line for line in lines if line.startswith(f"{hit['id']}: "))
        total, parts = line.partition(": ")[2].split(" = ")
        shares = [float(number) for number in re.findall(r"(\d+\.\d{6}) ", parts)]
        assert sum(shares) == pytest.approx(float(total), abs=1e-9)
        assert float(total) == pytest.approx(hit["score"], abs=1e-4)


def test_where_nothing_is_ranked_that_is_said(three: Cli) -> None:
    (found,) = three("query", "source:post", "--format", "ids").out.split()
    assert f"{found}: nothing in it is ranked" in explained(three, "source:post")


def test_without_hits_each_clause_is_counted_and_left_out_in_turn(three: Cli) -> None:
    found = three("query", "grain curbs wheat")
    assert found.code == 1
    assert found.err.splitlines() == [
        "no article matches",
        "grain: 2 articles",
        "curbs: 1 article",
        "wheat: 3 articles",
        "without grain: 1 article",
        "without curbs: 2 articles",
        "without wheat: 0 articles",
    ]


def test_without_hits_near_spellings_of_what_stands_nowhere_are_named(three: Cli) -> None:
    lines = three("query", "whaet").err.splitlines()
    assert lines[1:] == ["whaet: 0 articles", "whaet is nowhere; near it: wheat (2), Wheat (1)"]
    lines = three("query", '"export cubs"').err.splitlines()
    assert lines[2] == "cubs is nowhere; near it: Curbs (1), curbs (1)"


def test_without_hits_a_word_that_stands_elsewhere_is_not_called_absent(three: Cli) -> None:
    assert "title:wheat is in no title; there is wheat (2), Wheat (1)" in three("query", "title:wheat").err
    assert '=="WHEAT" is nowhere; there is wheat (2), Wheat (1)' in three("query", "==WHEAT").err


def test_without_hits_what_is_excluded_is_not_blamed(three: Cli) -> None:
    assert "zzqqx is nowhere" not in three("query", "zzqqy -zzqqx").err


def test_without_hits_a_pasted_headline_tells_which_word_is_to_blame(three: Cli) -> None:
    lines = three("query", "--literal", "Grain zucchini deal").err.splitlines()
    assert "zucchini: 0 articles" in lines
    assert "Grain: 2 articles" in lines
    assert lines.count("zucchini is nowhere") == 1


def test_without_hits_words_that_are_not_near_say_where_they_are_together(three: Cli) -> None:
    assert "(grain NEAR/1 dear): 0 articles" not in three("query", "grain NEAR/1 dear").err
    assert "grain NEAR/1 dear: 0 articles; its words are all in 1 article" in three("query", "grain NEAR/1 dear").err


FLOODS = (" ".join(f"qx{nth}z" for nth in range(3_000)), "w" * 100_000, "% " * 3_000 + "qxqxq")
MISTAKES = ("date:" + "9" * 100_000, "saved:" + "x" * 100_000, "nope" * 50_000 + ":x")


@pytest.mark.parametrize("query", FLOODS, ids=["words", "a word", "signs"])
def test_without_hits_a_huge_query_floods_nothing(three: Cli, query: str) -> None:
    found = three("query", query)
    assert found.code == 1
    assert len(found.err) < 20_000


@pytest.mark.parametrize("query", MISTAKES, ids=["a date", "a name", "a field"])
def test_a_huge_mistake_is_told_in_few_words(three: Cli, query: str) -> None:
    found = three("query", query)
    assert found.code == 2
    assert len(found.err) < 2_000


def test_without_hits_a_phrase_says_where_its_words_are_together(three: Cli) -> None:
    assert '"curbs export": 0 articles; its words are all in 1 article' in three("query", '"curbs export"').err


def test_without_hits_articles_without_a_date_are_counted(three: Cli) -> None:
    found = three("query", "curbs", "--since", "2025")
    assert "1 article without a date left out, since the query asks for dates" in found.err
    assert "without since:" in found.err


@pytest.mark.parametrize("options", [("--quiet",), ("--quiet", "--explain")])
def test_quiet_says_none_of_it(three: Cli, options: tuple[str, ...]) -> None:
    assert three("query", "whaet", *options).err == ""


HUGE = ("a " * 10_000, "a OR " * 5_000 + "b", "(" * 150 + "a" + ")" * 150)


@pytest.mark.parametrize("query", HUGE, ids=["words", "alternatives", "parentheses"])
def test_a_huge_query_is_explained_in_few_lines(three: Cli, query: str) -> None:
    assert len(explained(three, query)) < 1_000


def test_of_a_long_query_it_is_told_how_much_more_there_is(three: Cli) -> None:
    words = [f"word{number}" for number in range(100, 161)]
    lines = explained(three, " OR ".join(["grain", *words]))
    assert "and 3 more parts" in lines
    assert "and 2 more words" in lines
    assert "and 1 more word" in explained(three, " OR ".join(words))
    lines = explained(three, " ".join(words[:13]))
    assert "and 1 more clause" in lines
