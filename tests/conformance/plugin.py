"""A plugin for pytest that puts a codec in the place of Whoosh's own and notes how each test ended."""

import json
from functools import partialmethod
from pathlib import Path

import pytest
import whoosh.codec.whoosh3
from whoosh.multiproc import MpWriter

from newsearch.engines.whoosh.generic import ArrayCodec
from newsearch.engines.whoosh.generic.codec import ArraySegment


class CountedCodec(ArrayCodec):
    """The codec, which counts the segments it begins, so that one can see it was used.

    What some tests tell Whoosh's own codec is about how that one packs postings.
    """

    begun = 0

    def __init__(self, **_packing: object) -> None:
        super().__init__()

    def new_segment(self, storage: object, indexname: str) -> ArraySegment:
        CountedCodec.begun += 1
        return super().new_segment(storage, indexname)


class Recorder:
    """Writes down how each test ended and what it said.

    Args:
        file: to write to, as JSON, when all is over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._outcomes: dict[str, tuple[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._outcomes[report.nodeid] = ("failed", _last_line(report))
        elif report.skipped:
            self._outcomes.setdefault(report.nodeid, ("skipped", ""))
        elif report.when == "call":
            self._outcomes.setdefault(report.nodeid, ("passed", ""))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._outcomes[report.nodeid] = ("failed", _last_line(report))

    def pytest_sessionfinish(self) -> None:
        ended = {"outcomes": self._outcomes, "segments": CountedCodec.begun}
        self._file.write_text(json.dumps(ended), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--codec", choices=["stock", "arrays"], help="what writes the indexes")
    parser.addoption("--outcomes", type=Path, help="file for how each test ended")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("codec") == "arrays":
        # Whoosh's default codec is looked up here each time one is made, and so are those that tests ask for by name.
        whoosh.codec.whoosh3.W3Codec = CountedCodec
        # Processes that are started anew know nothing of this one, so they are told the codec.
        MpWriter.__init__ = partialmethod(MpWriter.__init__, codec=CountedCodec())
    config.pluginmanager.register(Recorder(config.getoption("outcomes")))


def _last_line(report: pytest.TestReport | pytest.CollectReport) -> str:
    lines = report.longreprtext.strip().splitlines()
    said = [line.removeprefix("E").strip() for line in lines if line.startswith("E  ")]
    return (said or lines or [""])[0]
