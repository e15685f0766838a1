"""The source archive of the Whoosh that is installed, which holds its tests."""

import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path


class NoTestsError(Exception):
    """An archive has no folder of tests."""


def installed() -> tuple[str, str]:
    """Return name and version of the distribution that is imported as whoosh."""
    name = packages_distributions()["whoosh"][0]
    return name, version(name)


def download(name: str, release: str, folder: Path) -> Path:
    """Fetch the source archive of a release into an empty folder."""
    command = [
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        ":all:",
        "--dest",
        folder,
        f"{name}=={release}",
    ]
    subprocess.run([sys.executable, "-m", *map(str, command)], check=True)
    (archive,) = folder.iterdir()
    return archive


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack an archive into a folder, and return the one in it that has the folder of tests.

    Raises:
        NoTestsError: there is none.
    """
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(folder)  # noqa: S202 - its tests are trusted enough to be run
    else:
        with tarfile.open(archive) as tarred:
            tarred.extractall(folder, filter="data")
    found = [tests.parent for tests in folder.glob("*/tests") if tests.is_dir()]
    if not found:
        message = f"{archive.name} has no tests"
        raise NoTestsError(message)
    return found[0]
