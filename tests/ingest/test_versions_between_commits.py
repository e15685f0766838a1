"""The versions of an article while the index has been committed and the ledger has not."""

import pytest
from ingest_support import Workshop, record

from newsearch.ingest.archive import open_archive
from newsearch.ingest.ledger import Ledger
from newsearch.ingest.versions import steps_of, versions_of

OLD, NEW = "The old text.", "The new text."
DAY = 86_400.0


def saved(workshop: Workshop, *bodies: str) -> None:
    """One capture of the same article after the other, saved a day apart."""
    for day, body in enumerate(bodies, 1):
        workshop.write(f"{day}.jsonl", [record("ferry", body)], saved=day * DAY)


def killed(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run, and end between the two commits."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", end)
        with pytest.raises(KeyboardInterrupt):
            workshop.index()


def told(workshop: Workshop) -> tuple[list[tuple[int, str, bool]], list[tuple[str, str]]]:
    """The versions by number with what they are captured in, and the changes."""
    with open_archive(workshop.folder) as archive:
        versions = versions_of(archive, "ferry")
    bodies = [(version.number, version.edition.article.body, bool(version.captures)) for version in versions]
    return bodies, [(old.edition.article.body, new.edition.article.body) for old, new in steps_of(versions)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((OLD,), (OLD, NEW)),
        ((OLD, NEW), (OLD, NEW, OLD)),
        ((OLD,), (OLD, NEW, OLD)),
    ],
    ids=["a new one", "one that came back", "both at once"],
)
def test_they_are_told_as_the_next_run_will_have_them(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    saved(workshop, *before)
    workshop.index()
    saved(workshop, *after)
    killed(workshop, monkeypatch)
    between = told(workshop)
    assert between[1][-1][1] == after[-1]
    workshop.index()
    assert between == told(workshop)
