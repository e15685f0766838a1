"""What the tests of all rooms share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from newsearch.engines import ENGINES
from newsearch.engines.base import Engine

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read the diff")


@pytest.fixture(scope="session", params=list(ENGINES))
def new_engine(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    """Make engines of each registered kind; one whose files a test wants to see again is opened by its class."""
    make = cast("Callable[..., Engine]", ENGINES.load(request.param))
    return (lambda _folder: make()) if request.param == "memory" else lambda folder: make(folder, create=True)


@pytest.fixture
def engine(new_engine: Callable[[Path], Engine], tmp_path: Path) -> Engine:
    """An empty engine of each registered kind."""
    return new_engine(tmp_path / "index")


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a golden file, byte by byte; write the file when asked to update."""
    update: Any = request.config.getoption("--update-golden")

    def check(name: str, text: str) -> None:
        file = GOLDEN / name
        if update:
            file.write_bytes(text.encode())
        assert text == file.read_bytes().decode(), f"{name} differs; if it should, run pytest --update-golden"

    return check
