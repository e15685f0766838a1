"""Which captures show the same article, and which of its editions is the current one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_support import Workshop, record

JUNE, JULY, AUGUST = 1_748_736_000.0, 1_751_328_000.0, 1_754_006_400.0
URL = "https://wire.example/ferry"


def anonymous(body: str, title: str = "Ferry", **fields: str) -> str:
    """A record without an id of its own."""
    return record("", body, **{"title": title, **fields})


def test_the_same_own_id_in_two_sources_is_two_articles(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(7, "Ships sail.", source="Wire"), record(7, "Trams run.", source="Courier")])
    assert workshop.index().added == 2
    assert sorted(workshop.bodies().values()) == ["Ships sail.", "Trams run."]
    assert "7" in workshop.ids()
    before = workshop.editions()
    workshop.write("b.jsonl", [record(7, "Trams run.", source="Courier")])
    assert workshop.index().added == 0
    assert workshop.ids() == {edition.article.id for edition in before}
    assert not workshop.faults()


def test_an_id_stays_with_its_article_when_another_of_the_same_id_leaves(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(7, "Ships sail.", source="Wire")])
    workshop.write("b.jsonl", [record(7, "Trams run.", source="Courier")])
    workshop.index()
    (other,) = workshop.ids() - {"7"}
    (workshop.sources / "a.jsonl").unlink()
    workshop.index()
    assert workshop.bodies() == {other: "Trams run."}


def test_the_own_id_counts_before_the_url(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, url=URL), record(2, url=URL)])
    workshop.index()
    assert workshop.ids() == {"1", "2"}


def test_the_url_counts_before_title_and_minute(workshop: Workshop) -> None:
    minute = {"published": "2025-06-01T08:00:00Z"}
    workshop.write(
        "a.jsonl", [anonymous("One.", url=f"{URL}/1", **minute), anonymous("Two.", url=f"{URL}/2", **minute)]
    )
    assert workshop.index().added == 2


@pytest.mark.parametrize(
    "other",
    [
        "http://www.wire.example/ferry",
        "https://wire.example:443/ferry/",
        f"{URL}?utm_source=mail&fbclid=1",
        f"{URL}#comments",
    ],
)
def test_addresses_of_the_same_page_are_one(workshop: Workshop, other: str) -> None:
    workshop.write("a.jsonl", [anonymous("One.", url=URL), anonymous("Two.", url=other)])
    summary = workshop.index()
    assert (summary.added, len(workshop.ids())) == (1, 1)


@pytest.mark.parametrize("other", [f"{URL}?page=2", "https://wire.example/Ferry", "https://courier.example/ferry"])
def test_addresses_of_different_pages_are_two(workshop: Workshop, other: str) -> None:
    workshop.write("a.jsonl", [anonymous("One.", url=URL), anonymous("Two.", url=other)])
    assert workshop.index().added == 2


def test_source_title_and_minute_make_an_article_without_id_and_url(workshop: Workshop) -> None:
    same = {"published": "2025-06-01T08:00:00Z"}
    workshop.write(
        "a.jsonl",
        [
            anonymous("One.", **same),
            anonymous("Two.", published="2025-06-01T10:00:00+02:00"),
            anonymous("Three.", published="2025-06-01T08:01:00Z"),
            anonymous("Four.", source="Courier", **same),
            anonymous("Five.", title="Tram", **same),
        ],
    )
    assert workshop.index().added == 4
    assert {edition.article.body for edition in workshop.editions() if edition.superseded} == {"One."}


@pytest.mark.parametrize("published", ["", "2025-06-01"])
def test_a_title_without_a_minute_does_not_make_two_texts_one_article(workshop: Workshop, published: str) -> None:
    workshop.write("a.jsonl", [anonymous("One.", published=published), anonymous("Two.", published=published)])
    assert workshop.index().added == 2


def test_the_same_text_twice_is_one_edition_with_two_captures(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1)], saved=JUNE)
    workshop.write("b.jsonl", [record(1)], saved=JULY)
    summary = workshop.index()
    assert (summary.added, summary.changed) == (1, 0)
    (edition,) = workshop.editions()
    assert str(edition.article.origin) == "sources/a.jsonl:1"
    assert [(str(capture.origin), capture.captured) for capture in workshop.captures("1")] == [
        ("sources/a.jsonl:1", JUNE),
        ("sources/b.jsonl:1", JULY),
    ]


def test_two_texts_are_two_editions_and_the_one_updated_last_is_current(workshop: Workshop) -> None:
    new = anonymous("Corrected.", url=URL, updated="2025-06-01T12:00:00Z")
    old = anonymous("Wrong.", url=URL, updated="2025-06-01T09:00:00Z")
    workshop.write("a.jsonl", [new], saved=JUNE)
    workshop.write("b.jsonl", [old], saved=JULY)
    workshop.index()
    assert list(workshop.bodies().values()) == ["Corrected."]
    assert [edition.article.body for edition in workshop.editions() if edition.superseded] == ["Wrong."]


def test_without_stated_times_the_edition_saved_last_is_current(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "New.")], saved=JULY)
    workshop.write("b.jsonl", [record(1, "Old.")], saved=JUNE)
    workshop.index()
    assert workshop.bodies() == {"1": "New."}


def test_when_the_current_edition_vanishes_the_one_before_it_is_current_again(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Old.")], saved=JUNE)
    newest = workshop.write("b.jsonl", [record(1, "New.")], saved=JULY)
    workshop.index()
    newest.unlink()
    summary = workshop.index()
    assert (summary.changed, summary.left) == (1, 0)
    assert [(edition.article.body, edition.superseded) for edition in workshop.editions()] == [("Old.", False)]
    assert not workshop.faults()


def test_when_one_of_two_captures_of_a_text_vanishes_the_other_is_its_origin(workshop: Workshop) -> None:
    first = workshop.write("a.jsonl", [record(1)], saved=JUNE)
    workshop.write("b.jsonl", [record(1)], saved=JULY)
    workshop.index()
    first.unlink()
    assert workshop.index().left == 0
    (edition,) = workshop.editions()
    assert str(edition.article.origin) == "sources/b.jsonl:1"
    assert edition.article.captured is not None
    assert edition.article.captured.timestamp() == JULY


CAPTURES = st.lists(
    st.tuples(
        st.sampled_from(["One.", "Two.", "Three."]),
        st.sampled_from(["", "2025-06-01T09:00:00Z", "2025-06-01T12:00:00Z"]),
        st.sampled_from([JUNE, JULY, AUGUST]),
    ),
    min_size=2,
    max_size=3,
)


@given(captures=CAPTURES, order=st.permutations(range(3)), together=st.booleans())
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_in_which_captures_arrive_plays_no_part(
    new_workshop: Callable[..., Workshop],
    captures: list[tuple[str, str, float]],
    order: list[int],
    together: bool,  # noqa: FBT001 - drawn
) -> None:
    def write(workshop: Workshop, nth: int) -> None:
        body, updated, saved = captures[nth]
        workshop.write(f"{nth}.jsonl", [anonymous(body, url=URL, updated=updated)], saved=saved)

    at_once, one_by_one = new_workshop(), new_workshop()
    for nth in range(len(captures)):
        write(at_once, nth)
    at_once.index()
    for nth in filter(lambda nth: nth < len(captures), order):
        write(one_by_one, nth)
        if not together:
            one_by_one.index()
    one_by_one.index()
    newest = max(range(len(captures)), key=lambda nth: (captures[nth][1], captures[nth][2], nth))
    assert list(at_once.bodies().values()) == [captures[newest][0]]
    assert one_by_one.editions() == at_once.editions()
    assert not one_by_one.faults()


@pytest.mark.parametrize("order", [(JUNE, JULY), (JULY, JUNE)], ids=["in order", "against it"])
def test_doubts_about_a_time_do_not_depend_on_which_capture_arrives_first(
    workshop: Workshop, order: tuple[float, float]
) -> None:
    """A time far ahead of the first capture is doubtful, whichever capture was taken in first."""
    line = anonymous("One.", url=URL, published="2025-06-20T08:00:00Z")
    for saved in order:
        workshop.write(f"{saved}.jsonl", [line], saved=saved)
        workshop.index()
    (edition,) = workshop.editions()
    assert edition.article.captured is not None
    assert edition.article.captured.timestamp() == JUNE
    assert edition.article.published is not None
    assert edition.article.published.flags == ("future",)


def test_an_article_that_returns_has_the_id_it_had(workshop: Workshop) -> None:
    file = workshop.write("a.jsonl", [anonymous("One.", url=URL)])
    workshop.index()
    before = workshop.editions()
    content = file.read_bytes()
    file.unlink()
    workshop.index()
    assert not workshop.ids()
    workshop.write("a.jsonl", content, saved=before[0].article.captured and before[0].article.captured.timestamp())
    workshop.index()
    assert [replace(edition.article, captured=None) for edition in workshop.editions()] == [
        replace(edition.article, captured=None) for edition in before
    ]


def test_records_without_a_source_are_told_apart_by_their_files(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "First dump.", source=None)])
    workshop.write("b.jsonl", [record(1, "Second dump.", source=None)])
    workshop.index()
    assert len(workshop.ids()) == 2


def test_the_articles_of_a_renamed_file_keep_their_ids(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Only dump.", source=None)])
    workshop.index()
    (workshop.sources / "a.jsonl").rename(workshop.sources / "b.jsonl")
    workshop.index()
    assert workshop.ids() == {"1"}
    assert not workshop.faults()
