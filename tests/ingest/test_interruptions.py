"""Whatever a run has committed is there after its end, however it ends; and the next run finishes the work."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ingest_support import Quiet, StopAfter, Workshop, record, records
from whoosh.fields import FieldType

from newsearch.engines.whoosh.engine import WhooshWriter
from newsearch.engines.whoosh.schema import schema
from newsearch.errors import IndexUnusableError, NewsearchError
from newsearch.ingest import pipeline, settlement
from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.ledger import CaptureEntry, Ledger

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Whoosh closes late what it had open at the time
    # Python itself swallows an interruption that arrives while it lets go of a generator; the run then goes on.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <generator object:pytest.PytestUnraisableExceptionWarning"
    ),
]
KEPT = {"0", "1", "2", "3", "5", "20"}
"""Articles that are there before and after."""
WANTED = KEPT | {"30", "100"}
"""Articles that are there at last."""
MOMENTS = 10_000
EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # no moment is simpler than another
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit after every article."""
    monkeypatch.setattr(pipeline, "COMMIT_SECONDS", 0.0)


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """An indexed archive whose files have changed since: lines shifted, changed and gone, a file gone, another come."""
    workshop = Workshop(tmp_path_factory.mktemp("shifted"))
    workshop.write("a.jsonl", records(0, 1, 2, 3, 4, 5))
    workshop.write("b.jsonl", records(20, 21))
    workshop.index()
    workshop.write("a.jsonl", [*records(100, 0, 1, 2), record(3, "Something happened."), record(5)])
    (workshop.sources / "b.jsonl").unlink()
    workshop.write("z.jsonl", [*records(20, 30), record(3, "Another edition.", updated="2025-01-01T08:00:00Z")])
    return workshop


@pytest.fixture(scope="module")
def finished(shifted: Workshop, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What a run that nobody interrupts makes of it."""
    workshop = Workshop(tmp_path_factory.mktemp("finished"))
    shutil.copytree(shifted.base, workshop.base, dirs_exist_ok=True)
    workshop.index()
    assert workshop.ids() == WANTED
    return comparable(workshop)


@pytest.fixture(scope="module")
def calls(shifted: Workshop, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls of functions a run consists of that commits after every article."""
    workshop = Workshop(tmp_path_factory.mktemp("counted"))
    shutil.copytree(shifted.base, workshop.base, dirs_exist_ok=True)
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "COMMIT_SECONDS", 0.0)
        with at_calls(counted):
            workshop.index()
    return count


@pytest.mark.usefixtures("often")
@EXAMPLES
@given(moment=st.integers(0, MOMENTS - 1))
def test_a_run_interrupted_at_any_moment_loses_nothing(
    new_workshop: Callable[..., Workshop], shifted: Workshop, finished: list[Any], calls: int, moment: int
) -> None:
    workshop = new_workshop(shifted)
    left = calls * moment // MOMENTS

    def interrupt() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt), at_calls(interrupt):
        workshop.index()
    # The copy is what another process finds; in this one, Whoosh may still hold its lock.
    check(new_workshop(workshop), finished)


@pytest.mark.parametrize("field", [field for _, field in schema().items()], ids=lambda field: type(field).__name__)
def test_an_interruption_stays_one_while_the_schema_is_made(monkeypatch: pytest.MonkeyPatch, field: FieldType) -> None:
    def interrupt(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(field), "__init__", interrupt)
    with pytest.raises(KeyboardInterrupt):
        schema()


@pytest.mark.usefixtures("often")
@EXAMPLES
@given(moment=st.integers(0, MOMENTS - 1))
def test_a_run_killed_at_any_moment_loses_nothing(
    new_workshop: Callable[..., Workshop], shifted: Workshop, finished: list[Any], calls: int, moment: int
) -> None:
    workshop = new_workshop(shifted)
    left = calls * moment // MOMENTS
    killed: list[Workshop] = []

    def look() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            killed.append(new_workshop(workshop))  # the files as a process that ends here leaves them

    with at_calls(look):
        workshop.index()
    check(killed[0] if killed else workshop, finished)


@EXAMPLES
@given(articles=st.integers(1, 9), pending=st.integers(1, 4))
def test_an_interruption_between_articles_loses_nothing(
    new_workshop: Callable[..., Workshop], shifted: Workshop, finished: list[Any], articles: int, pending: int
) -> None:
    workshop = new_workshop(shifted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settlement, "PENDING_ARTICLES", pending)
        with suppress(KeyboardInterrupt):
            workshop.index(progress=StopAfter(articles))
    check(workshop, finished)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_without_a_commit_on_the_way_an_exception_leaves_everything_as_it_was(
    new_workshop: Callable[..., Workshop], shifted: Workshop, error: type[BaseException]
) -> None:
    class Trouble(Quiet):
        def advance(self, read_bytes: int, articles: int) -> None:  # noqa: ARG002 - as in the base class
            if articles:
                raise error

    workshop = new_workshop(shifted)
    before, generation = workshop.editions(), workshop.generation()
    with pytest.raises(error):
        workshop.index(progress=Trouble())
    assert workshop.editions() == before
    assert workshop.generation() == generation
    assert not workshop.faults()


def test_a_disk_that_is_full_is_not_taken_for_a_source_that_cannot_be_read(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index cannot be written: the run must end, leave what was there, and blame no source."""
    workshop.write("a.jsonl", records(1))
    workshop.index()
    workshop.write("b.jsonl", records(2, 3))

    def add(*_: object) -> NoReturn:
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(WhooshWriter, "add", add)
        with pytest.raises((OSError, NewsearchError), match="No space left"):
            workshop.index()
    assert workshop.ids() == {"1"}
    assert not workshop.skipped()
    workshop.index()
    assert workshop.ids() == {"1", "2", "3"}
    assert not workshop.faults()


@pytest.mark.parametrize("state", ["new", "shifted"])
def test_a_run_cut_off_between_its_two_commits_is_made_good_by_the_next(
    new_workshop: Callable[..., Workshop],
    shifted: Workshop,
    finished: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    state: str,
) -> None:
    workshop = new_workshop(shifted)
    if state == "new":
        shutil.rmtree(workshop.folder)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", _fail)
        with pytest.raises(OSError, match="cut off"):
            workshop.index()
    assert workshop.ids() >= KEPT
    workshop.index()
    assert not workshop.faults()
    assert comparable(workshop) == finished
    assert workshop.index().nothing_changed


def test_a_file_changed_back_after_an_interruption_shows_what_it_showed_before(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed of the changed file must not stay when the file is again the one that was read before."""
    workshop.write("a.jsonl", records(*range(6)))
    workshop.index()
    before = workshop.bodies()
    workshop.write("a.jsonl", records(*range(6), body="Something happened."))
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "COMMIT_SECONDS", 0.0)
        with pytest.raises(KeyboardInterrupt):
            workshop.index(progress=StopAfter(4))
    assert workshop.bodies() != before
    workshop.write("a.jsonl", records(*range(6)))
    workshop.index()
    assert workshop.bodies() == before


def test_after_a_kill_in_the_middle_of_a_large_run_one_can_read_at_once(
    workshop: Workshop, new_workshop: Callable[..., Workshop]
) -> None:
    """A transaction that has outgrown SQLite's cache leaves a journal, which readers must be able to live with."""
    workshop.write("a.jsonl", records(1))
    workshop.index()
    with open_for_writing(workshop.folder, create=False) as archive:
        archive.ledger.begin()
        for nth in range(25_000):
            archive.ledger.set_capture(
                CaptureEntry(0.0, 0.0, nth, "big.jsonl", nth, f"b-{nth}", f"id b-{nth}", "d" * 32)
            )
        killed = new_workshop(workshop)
    assert killed.ids() == {"1"}
    assert killed.index().nothing_changed
    assert not killed.faults()


def test_a_first_run_killed_before_its_first_commit_leaves_no_index_and_no_obstacle(
    workshop: Workshop, new_workshop: Callable[..., Workshop]
) -> None:
    workshop.write("a.jsonl", records(1))
    killed: list[Workshop] = []

    class Look(Quiet):
        def start(self, total_bytes: int) -> None:  # noqa: ARG002 - as in the base class
            killed.append(new_workshop(workshop))

    workshop.index(progress=Look())
    with suppress(IndexUnusableError):
        assert not killed[0].ids()
    assert killed[0].index().added == 1
    assert killed[0].ids() == {"1"}


def check(workshop: Workshop, finished: list[Any]) -> None:
    """Check that an interrupted archive is readable and whole, and that the next run finishes it."""
    assert workshop.ids() >= KEPT
    assert not workshop.faults()
    workshop.index()
    assert not workshop.faults()
    assert comparable(workshop) == finished
    assert workshop.index().nothing_changed


def comparable(workshop: Workshop) -> list[Any]:
    """The editions without the times at which their files were saved."""
    return [
        (edition.article.id, edition.digest, edition.superseded, str(edition.article.origin))
        for edition in workshop.editions()
    ]


@contextmanager
def at_calls(action: Callable[[], None]) -> Iterator[None]:
    """Do something at each call of a function of newsearch or Whoosh; once that raises, Python does it no more.

    A generator that is let go of half way is called once more, to clean up. That is no call of ours (it comes with
    the exception that ends it, where Python says so), and what is raised in it Python prints and forgets.
    """

    def profile(frame: FrameType, event: str, thrown: object) -> None:
        if event == "call" and thrown is None and _concerned(frame):
            action()

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def _concerned(frame: FrameType) -> bool:
    """Tell whether a frame is one in which Ctrl-C may arrive and is not swallowed by Python itself."""
    parts = Path(frame.f_code.co_filename).parts
    return ("newsearch" in parts or "whoosh" in parts) and frame.f_code.co_name != "__del__"


def _fail(*_: object) -> None:
    message = "cut off"
    raise OSError(message)
