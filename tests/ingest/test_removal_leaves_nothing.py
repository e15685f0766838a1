"""What is removed for good is gone from the files too, or it is not called removed."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
from ingest_support import Workshop, record

from newsearch.engines.whoosh import writer
from newsearch.errors import IndexUnusableError, InterruptedByUserError, UsageError

WORD = "lughsecretword"


@pytest.fixture
def secret(workshop: Workshop) -> Workshop:
    """An index of which an article is to go."""
    workshop.write("a.jsonl", [record(1, f"P{WORD} stays not."), record(2, "Another word stays.")])
    workshop.index()
    assert is_somewhere(workshop)
    return workshop


def is_somewhere(workshop: Workshop) -> bool:
    """Tell whether the word is in a file of the index."""
    return any(WORD.encode() in file.read_bytes() for file in workshop.folder.rglob("*") if file.is_file())


def cut_off(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the article, and be interrupted when it has left the index and not yet its files."""

    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writer, "tidy", interrupted)
        with pytest.raises(InterruptedByUserError):
            workshop.remove("1")


def test_no_word_of_a_removed_article_is_left_in_the_index(secret: Workshop) -> None:
    secret.remove("1")
    assert secret.ids() == {"2"}
    assert not secret.faults()
    assert not is_somewhere(secret)


@pytest.mark.parametrize("then", ["index", "remove"])
def test_what_a_removal_that_was_cut_off_left_goes_when_the_index_is_next_written(
    secret: Workshop, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    cut_off(secret, monkeypatch)
    assert secret.ids() == {"2"}
    assert is_somewhere(secret)
    if then == "index":
        assert secret.index().nothing_changed
    else:
        secret.remove("2")
    assert not is_somewhere(secret)
    assert not secret.faults()


def test_what_cannot_be_deleted_is_not_called_removed(secret: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, missing_ok: bool = False) -> NoReturn:  # noqa: ARG001, FBT001, FBT002 - as in the base class
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        for use in (lambda: secret.remove("1"), secret.index):
            with pytest.raises(IndexUnusableError, match="Operation not permitted"):
                use()
    assert is_somewhere(secret)
    secret.index()
    assert not is_somewhere(secret)
    assert secret.ids() == {"2"}


def test_what_has_left_in_the_meantime_is_not_called_removed(secret: Workshop) -> None:
    with pytest.raises(UsageError, match="'3' has left in the meantime; nothing was removed"):
        secret.remove("1", "3")
    assert secret.ids() == {"1", "2"}
    secret.index()
    assert secret.ids() == {"1", "2"}


def test_a_removal_that_was_cut_off_is_done_when_it_is_asked_for_again(
    secret: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(secret, monkeypatch)
    secret.remove("1")
    assert secret.ids() == {"2"}
    assert not is_somewhere(secret)
