"""Archives of files: zip and tar, a member at a time. Nothing is unpacked to a disk under a name from inside."""

import lzma
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from tarfile import InvalidHeaderError, ReadError, TruncatedHeaderError  # type: ignore[attr-defined] # no stubs have them
from typing import BinaryIO, NamedTuple, Self, cast

from newsearch.model import Origin, Skipped

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
"""What the libraries raise where an archive, or a member, is not what it should be."""
_BEHIND = 100
"""Times that it is looked whether a stream has really ended."""
_OFFICE = "[Content_Types].xml"
"""What a zip file that is an Office document has in it: the list of the kinds of its parts."""
_WORD = b"wordprocessingml.document.main+xml"
"""The kind of the text of a Word document."""
_LONGEST_LIST = 1 << 20


class Member(NamedTuple):
    """A file in an archive."""

    stream: BinaryIO
    """To be read before the next member is asked for."""
    origin: Origin
    captured: datetime | None
    """When it was saved (UTC), as far as the archive tells."""


def office_document(stream: BinaryIO) -> str:
    """Tell what Office document a zip file is: `docx`, `office` for another one, else nothing.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if _OFFICE not in names:
                return ""
            # Some programs give the text another name.
            return "docx" if "word/document.xml" in names or _WORD in _beginning(archive, _OFFICE) else "office"
    except _BROKEN:
        return ""
    finally:
        stream.seek(0)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return what a member begins with; nothing when it cannot be read."""
    try:
        with archive.open(name) as member:
            return member.read(_LONGEST_LIST)
    except (*_BROKEN, RuntimeError, EOFError):  # also where a password is needed
        return b""


def members_of_zip(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Member | Skipped]:
    """Yield the files in a zip archive, and why others cannot be had.

    Args:
        stream: rewindable.
        origin: of the archive.
        captured: when it was saved; a zip archive tells times of its members without a zone, so these are not believed.

    Raises:
        OSError: the archive cannot be read on.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        message = f"the zip archive is damaged ({error})"
        raise OSError(message) from error
    names = Counter[str]()
    with archive:
        for info in archive.infolist():
            place = _place(info.filename, origin, names)
            if info.filename.endswith("/") or _is_hidden(info.filename):
                continue
            if info.flag_bits & 1:
                yield Skipped(
                    place, "encrypted", "it needs a password; unpack the archive and index the files", fatal=True
                )
                continue
            try:
                with archive.open(info) as member:
                    yield Member(cast("BinaryIO", _Checked(cast("BinaryIO", member))), place, captured)
            except (*_BROKEN, RuntimeError) as error:
                yield Skipped(place, "damaged", f"damaged, or compressed in an unknown way ({error})", fatal=True)


def members_of_tar(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Member | Skipped]:
    """Yield the files in a tar archive as they come; links and devices lead nowhere.

    Raises:
        OSError: the archive cannot be read on.
    """
    names = Counter[str]()
    try:
        with tarfile.open(fileobj=cast("BinaryIO", _Ending(stream)), mode="r|", tarinfo=_Header) as archive:
            for info in archive:
                if info.size < 0:
                    message = "a member of less than no bytes"
                    raise ValueError(message)
                place = _place(info.name, origin, names)
                member = archive.extractfile(info) if info.isfile() else None
                if member is not None and not _is_hidden(info.name):
                    saved = datetime.fromtimestamp(info.mtime, UTC) if 0 < info.mtime < 1 << 33 else captured
                    checked = cast("BinaryIO", _Checked(cast("BinaryIO", member)))
                    yield Member(checked, place, saved)
                elif not info.isfile() and not info.isdir():
                    detail = "a link or a device, which leads nowhere outside of its archive"
                    yield Skipped(place, "not-a-file", detail, fatal=True, harmless=True)
    except _BROKEN as error:
        message = f"the tar archive is damaged or cut off ({error})"
        raise OSError(message) from error


class _Header(tarfile.TarInfo):
    """A header in a tar archive; the library takes a damaged one for the end, and says nothing of what follows it."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        """Return the next header.

        Raises:
            tarfile.TarError: it is damaged, or there is none.
        """
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError) as error:
            raise ReadError(str(error)) from error


class _Ending:
    """A stream that is not asked for more again and again when it has ended, as for a member of endless size."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _BEHIND

    def read(self, size: int) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: more and more is asked for behind the end.
        """
        data = self._stream.read(size)
        self._left -= not data
        if self._left < 0:
            message = "the tar archive is damaged or cut off (a member goes on behind its end)"
            raise OSError(message)
        return data


class _Checked:
    """A member of an archive whose damage is an `OSError`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            message = f"it is damaged ({error})"
            raise OSError(message) from error

    def seekable(self) -> bool:
        return False


def _place(name: str, origin: Origin, names: Counter[str]) -> Origin:
    """Return the place of a member, as text; bytes that are none are written out, and namesakes are numbered.

    The number stands in front, since the end of a name tells the format.
    """
    names[name] += 1
    number = f"({names[name]}) " if names[name] > 1 else ""
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") or "(no name)"
    return origin.inside(number + readable)


def _is_hidden(name: str) -> bool:
    """Tell whether a member is left alone, as hidden files outside of archives are, or a Mac's shadow of another."""
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in name.split("/"))
