"""What was removed stays away."""

import pytest
from ingest_support import Workshop, record, records

from newsearch.engines.whoosh.engine import WhooshWriter
from newsearch.errors import InterruptedByUserError
from newsearch.ingest.ledger import Ledger


@pytest.fixture
def without_two(workshop: Workshop) -> Workshop:
    """Articles 1, 2 and 3, of which 2 was removed."""
    workshop.write("a.jsonl", records(1, 2, 3))
    workshop.index()
    workshop.remove("2")
    return workshop


def test_a_removed_article_is_gone(without_two: Workshop) -> None:
    assert without_two.ids() == {"1", "3"}
    assert not without_two.captures("2")
    assert not without_two.faults()


def test_indexing_again_does_not_bring_it_back(without_two: Workshop) -> None:
    assert without_two.index().nothing_changed
    without_two.write("a.jsonl", records(0, 1, 2, 3))
    summary = without_two.index()
    assert (summary.added, summary.kept_out) == (1, 1)
    assert without_two.ids() == {"0", "1", "3"}
    assert not without_two.faults()


def test_another_capture_of_it_with_another_text_is_kept_out_too(without_two: Workshop) -> None:
    without_two.write("b.jsonl", [record(2, "It is back.")])
    assert without_two.index().kept_out == 1
    assert without_two.ids() == {"1", "3"}


def test_the_same_id_in_another_source_is_another_article(without_two: Workshop) -> None:
    without_two.write("b.jsonl", [record(2, source="Courier")])
    assert without_two.index().added == 1
    assert len(without_two.ids()) == 3


def test_all_editions_of_an_article_leave_together(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Old."), record(1, "New.", updated="2025-06-01T08:00:00Z"), record(2)])
    workshop.index()
    assert len(workshop.editions("1")) == 2
    workshop.remove("1")
    assert [edition.article.id for edition in workshop.editions()] == ["2"]


def test_removing_after_a_run_was_cut_off_between_its_commits_does_no_harm(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.write("a.jsonl", records(1))
    workshop.index()
    workshop.write("b.jsonl", records(2, 3))
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", _fail)
        with pytest.raises(OSError, match="cut off"):
            workshop.index()
    workshop.remove("1")
    assert workshop.index().left == 0
    assert [edition.article.id for edition in workshop.editions()] == ["2", "3"]
    assert not workshop.faults()


def test_an_article_of_a_run_that_was_cut_off_can_be_removed(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.write("a.jsonl", records(1))
    workshop.index()
    workshop.write("b.jsonl", records(2, 3))
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", _fail)
        with pytest.raises(OSError, match="cut off"):
            workshop.index()
    workshop.remove("2")
    assert "2" not in workshop.ids()
    workshop.index()
    assert workshop.ids() == {"1", "3"}
    assert not workshop.faults()


@pytest.mark.parametrize(
    "moment", ["before the index changes", "before the index is committed", "before the ledger knows"]
)
def test_a_removal_that_was_cut_off_is_finished_by_the_next_run(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    workshop.write("a.jsonl", records(1, 2, 3))
    workshop.index()
    with monkeypatch.context() as patch:
        if moment == "before the index changes":
            patch.setattr(WhooshWriter, "delete", _fail)
        elif moment == "before the index is committed":
            patch.setattr(WhooshWriter, "commit", _fail)
        else:
            patch.setattr(Ledger, "drop_removed", _fail)
        with pytest.raises(OSError, match="cut off"):
            workshop.remove("2")
    assert workshop.ids() >= {"1", "3"}
    assert not workshop.faults()
    assert workshop.index().nothing_changed
    assert workshop.ids() == {"1", "3"}
    assert not workshop.captures("2")
    assert not workshop.faults()
    workshop.write("b.jsonl", records(2))
    assert workshop.index().kept_out == 1


def test_an_interrupted_removal_says_that_it_will_be_finished(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.write("a.jsonl", records(1, 2))
    workshop.index()
    with monkeypatch.context() as patch:
        patch.setattr(WhooshWriter, "commit", _interrupt)
        with pytest.raises(InterruptedByUserError, match="next command that writes"):
            workshop.remove("2")
    workshop.index()
    assert workshop.ids() == {"1"}


def _fail(*_: object, **__: object) -> None:
    message = "cut off"
    raise OSError(message)


def _interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
