"""What was known at a time is searched, ranked and counted as it was then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from small_archives import EngineMaker, article, edition, ids, search

from newsearch.engines.base import Engine
from newsearch.engines.whoosh import segment, view
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.model import Interval
from newsearch.query import Filters
from newsearch.query.tree import Term

DAYS = [datetime(2025, 5, day, tzinfo=UTC) for day in range(1, 9)]
BEFORE, LATER = DAYS[0] - timedelta(1), DAYS[-1] + timedelta(365)
Version = tuple[str, tuple[Interval, ...]]


def take_in(engine: Engine, *articles: tuple[str, list[Version]]) -> Engine:
    """Take in articles in a transaction: of each the bodies of its versions and when they were the newest known."""
    writer = engine.writer()
    for name, versions in articles:
        writer.delete(name)
        for body, known in versions:
            captured = known[0][0] if known else DAYS[0]
            shown = article(name, "Ferry", body, captured=captured)
            superseded = not known or known[-1][1] is not None
            writer.add(edition(shown, superseded=superseded, known=known))
    writer.commit()
    return engine


def since(day: int, until: int | None = None) -> Interval:
    return DAYS[day], None if until is None else DAYS[until]


@pytest.fixture
def engine(new_engine: EngineMaker, tmp_path: Path) -> Engine:
    """Of `a` the text sails, sank, and sails again; `b` follows on the third day, and of `c` no time is known."""
    return take_in(
        new_engine(tmp_path / "index"),
        ("a", [("It sank.", (since(1, 2),)), ("It sails.", (since(0, 1), since(2)))]),
        ("b", [("It sails too.", (since(3),))]),
        ("c", [("It sails as ever.", ((None, None),))]),
        ("d", [("Never the newest.", ()), ("It is late.", (since(4),))]),
    )


@pytest.mark.parametrize(
    ("text", "as_of", "expected"),
    [
        ("sails", None, "abc"),
        ("sails", LATER, "abc"),
        ("sails", BEFORE, "c"),
        ("sails", DAYS[0], "ac"),
        ("sails", DAYS[1] - timedelta(microseconds=1), "ac"),
        ("sails", DAYS[1], "c"),
        ("sank", DAYS[1], "a"),
        ("sank", DAYS[2], ""),
        ("sank", None, ""),
        ("sails", DAYS[2], "ac"),
        ("newest", LATER, ""),
        ("", DAYS[2], "ac"),
        ("", DAYS[4], "abcd"),
        ("NOT sails", DAYS[1], "a"),
    ],
)
def test_the_edition_of_the_time_is_searched(engine: Engine, text: str, as_of: datetime | None, expected: str) -> None:
    results = search(engine, text, as_of=as_of)
    assert "".join(sorted(ids(results))) == expected
    assert results.total == len(expected)


def test_the_hit_shows_the_text_of_the_time(engine: Engine) -> None:
    (hit,) = search(engine, "ferry -ever", as_of=DAYS[1]).hits
    assert hit.article.body == "It sank."


def test_what_came_later_does_not_count_in_the_ranking(engine: Engine) -> None:
    """As of a time the scores are those of an index in which nothing came later."""
    then = dict(search(engine, "sails", as_of=DAYS[0]).ranking)
    now = dict(search(engine, "sails").ranking)
    assert then["a"] != now["a"]


def test_scores_are_those_of_an_index_of_that_time(new_engine: EngineMaker, tmp_path: Path, engine: Engine) -> None:
    earlier = take_in(
        new_engine(tmp_path / "earlier"),
        ("a", [("It sails.", (since(0),))]),
        ("c", [("It sails as ever.", ((None, None),))]),
    )
    found, expected = search(engine, "sails OR ferry", as_of=DAYS[0]), search(earlier, "sails OR ferry")
    assert dict(found.ranking) == pytest.approx(dict(expected.ranking), abs=1e-12)
    assert ids(found) == ids(expected)


def test_articles_without_a_date_are_counted_as_they_were(engine: Engine) -> None:
    undated = [search(engine, "sails", filters=Filters(since="2025"), as_of=time).undated for time in (BEFORE, None)]
    assert undated == [1, 3]


def test_forms_are_counted_in_the_editions_of_the_time(engine: Engine) -> None:
    assert engine.forms(Term("sank"), 5).total == 0
    assert engine.forms(Term("sank"), 5, DAYS[1]).articles == (("sank", 1),)
    assert engine.forms(Term("sails"), 5, BEFORE).articles == (("sails", 1),)


def test_the_receipt_says_as_of_when(engine: Engine) -> None:
    receipts = [search(engine, "sails", as_of=time).receipt for time in (DAYS[0], None)]
    assert [receipt and receipt.as_of for receipt in receipts] == ["2025-05-01T00:00:00+00:00", None]


def test_editions_come_back_as_they_were_taken_in(engine: Engine) -> None:
    known = {one.article.body: one.known for one in engine.scan()}
    assert known["It sails."] == (since(0, 1), since(2))
    assert known["It sank."] == (since(1, 2),)
    assert known["Never the newest."] == ()
    assert known["It sails as ever."] == ((None, None),)
    assert list(engine.faults(lambda _: None, deep=True)) == []


def test_merging_keeps_the_times_and_what_is_deleted_stays_gone_at_all_times(engine: Engine) -> None:
    take_in(engine, ("b", [("It sails no more.", (since(5),))]))
    for nth in range(4):
        take_in(engine, (f"x{nth}", [("More.", (since(0),))]))
    assert "".join(sorted(ids(search(engine, "sails", as_of=DAYS[4])))) == "ac"
    assert ids(search(engine, "sank", as_of=DAYS[1])) == ["a"]
    assert list(engine.faults(lambda _: None, deep=True)) == []


def test_an_edition_that_never_was_the_newest_known_is_not_found_as_of_any_time(engine: Engine) -> None:
    writer = engine.writer()
    writer.add(edition(article("e", "Ferry", "It sails.", captured=DAYS[0]), known=()))
    writer.commit()
    assert "e" in ids(search(engine, "sails"))
    assert "e" not in ids(search(engine, "sails", as_of=LATER))


def test_one_interval_since_the_capture_takes_no_room(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index", create=True)
    take_in(engine, ("a", [("It sails.", (since(0),))]), ("b", [("Old.", ()), ("New.", (since(1),))]))
    (file,) = (tmp_path / "index").glob("*.news")
    assert not [name for name in segment.SegmentFile(file).file if name.startswith("known.")]


def test_nothing_of_it_is_read_unless_a_time_is_asked(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index", create=True)
    take_in(engine, ("a", [("It sank.", (since(0, 1),)), ("It sails.", (since(1),))]))
    with mock.patch.object(segment.SegmentFile, "known", side_effect=AssertionError):
        assert ids(search(engine, "sails")) == ["a"]


def test_the_same_time_asked_again_is_looked_up_once(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index", create=True)
    take_in(engine, ("a", [("It sank.", (since(0, 1),)), ("It sails.", (since(1),))]))
    with mock.patch.object(view, "IndexView", wraps=view.IndexView) as made:
        for _ in range(3):
            assert ids(search(engine, "sank", as_of=DAYS[0])) == ["a"]
        assert made.call_count == 1
    take_in(engine, ("a", []))
    assert ids(search(engine, "sank", as_of=DAYS[0])) == []
