"""Files in compressed files and archives: each is read as if it lay beside them, and nothing gets out of hand."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
import zstandard

from newsearch.inputs import compression, read
from newsearch.model import Capture, Origin, RecordCapture, Skipped

RECORD = b'{"title": "Ferry", "body": "It sailed."}\n'
COMPRESSED = {
    "gz": gzip.compress(RECORD, mtime=0),
    "bz2": bz2.compress(RECORD),
    "xz": lzma.compress(RECORD),
    "zst": zstandard.compress(RECORD),
}


def read_all(data: bytes, path: str = "x", captured: datetime | None = None) -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), path, captured))


def zip_of(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tar_of(members: Mapping[str, bytes], mode: str = "w", mtime: int = 1_700_000_000) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def places(found: list[Capture | Skipped]) -> list[str]:
    return [str(one.origin) for one in found]


@pytest.mark.parametrize("kind", COMPRESSED)
def test_what_is_compressed_is_read_as_it_was(kind: str) -> None:
    (record,) = read_all(COMPRESSED[kind], f"a.jsonl.{kind}")
    assert isinstance(record, RecordCapture)
    assert (record.fields["title"], str(record.origin)) == ("Ferry", f"a.jsonl.{kind}:1")


@pytest.mark.parametrize("kind", COMPRESSED)
def test_what_is_compressed_twice_is_too(kind: str) -> None:
    assert len(read_all(lzma.compress(COMPRESSED[kind]))) == 1


@pytest.mark.parametrize("kind", COMPRESSED)
def test_what_breaks_off_is_told(kind: str) -> None:
    whole = {
        "gz": gzip.compress(RECORD * 50_000, mtime=0),
        "bz2": bz2.compress(RECORD * 50_000),
        "xz": lzma.compress(RECORD * 50_000),
        "zst": zstandard.compress(RECORD * 50_000),
    }[kind]
    *_, last = read_all(whole[: len(whole) // 2])
    assert isinstance(last, Skipped)
    assert last.fatal


@pytest.mark.parametrize("make", [zip_of, tar_of], ids=["zip", "tar"])
def test_each_file_of_an_archive_is_read_by_its_own_kind(make: object) -> None:
    archive = make({"a/1.jsonl": RECORD, "b.jsonl.gz": COMPRESSED["gz"], "c.txt": b"A page\n\nWith a text.\n"})  # type: ignore[operator]
    assert places(read_all(archive, "x.bin")) == ["x.bin!a/1.jsonl:1", "x.bin!b.jsonl.gz:1", "x.bin!c.txt"]


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_tar_archive_is_unpacked(mode: str) -> None:
    assert places(read_all(tar_of({"1.jsonl": RECORD}, mode))) == ["x!1.jsonl:1"]


def test_archives_in_archives_are_unpacked_as_far_as_anyone_packs_them() -> None:
    archive = zip_of({"in.tar.gz": tar_of({"1.jsonl": RECORD}, "w:gz")})
    assert places(read_all(archive)) == ["x!in.tar.gz!1.jsonl:1"]
    for _ in range(8):
        archive = zip_of({"a.zip": archive})
    (skipped,) = read_all(archive)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("nested", True)


def test_a_page_in_a_tar_archive_was_saved_when_that_says() -> None:
    (record,) = read_all(tar_of({"1.jsonl": RECORD}))
    assert isinstance(record, RecordCapture)
    assert record.captured == datetime.fromtimestamp(1_700_000_000, UTC)


def test_a_page_in_a_zip_archive_was_saved_when_the_archive_was() -> None:
    captured = datetime(2025, 4, 17, 12, tzinfo=UTC)
    (record,) = read_all(zip_of({"1.jsonl": RECORD}), captured=captured)
    assert isinstance(record, RecordCapture)
    assert record.captured == captured


def test_names_that_lead_outside_are_names_only() -> None:
    found = read_all(zip_of({"../../etc/1.jsonl": RECORD, "/abs.jsonl": RECORD}))
    assert places(found) == ["x!../../etc/1.jsonl:1", "x!/abs.jsonl:1"]


def test_links_and_devices_in_a_tar_archive_lead_nowhere() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in {"link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "device": tarfile.CHRTYPE}.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    found = read_all(stream.getvalue())
    assert [(one.reason, one.harmless) for one in found if isinstance(one, Skipped)] == [("not-a-file", True)] * 3


def test_hidden_files_and_shadows_of_macs_are_left_alone() -> None:
    found = read_all(zip_of({".hidden/1.jsonl": RECORD, "__MACOSX/1.jsonl": RECORD, "1.jsonl": RECORD}))
    assert places(found) == ["x!1.jsonl:1"]


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_bomb_is_refused_and_what_came_before_it_is_kept(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE", 1 << 20)
    monkeypatch.setattr(compression, "RATIO", 10)
    data = RECORD + b" " * (8 << 20)
    bomb = {
        "gz": lambda: gzip.compress(data, mtime=0),
        "bz2": lambda: bz2.compress(data),
        "xz": lambda: lzma.compress(data),
        "zst": lambda: zstandard.compress(data),
    }[kind]()
    *_, last = read_all(bomb, "x.jsonl")
    assert isinstance(last, Skipped)
    assert (last.reason, last.fatal) == ("bomb", True)


def test_a_bomb_in_an_archive_ends_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE", 1 << 20)
    monkeypatch.setattr(compression, "RATIO", 10)
    first, *_, last = read_all(zip_of({"1.jsonl": RECORD, "2.jsonl": RECORD + b" " * (8 << 20)}), "x.zip")
    assert str(first.origin) == "x.zip!1.jsonl:1"
    assert isinstance(last, Skipped)
    assert (last.reason, last.origin) == ("bomb", Origin("x.zip"))


def test_what_needs_a_password_is_told() -> None:
    archive = bytearray(zip_of({"1.jsonl": RECORD}))
    archive[6] |= 1  # of the member's own head
    archive[archive.index(b"PK\x01\x02") + 8] |= 1  # of the directory's entry
    (skipped,) = read_all(bytes(archive))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "encrypted"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_each_taken_in() -> None:
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive, tarfile.open(fileobj=tarred, mode="w") as tape:
        for _ in range(3):
            archive.writestr("1.jsonl", RECORD)
            info = tarfile.TarInfo("1.jsonl")
            info.size = len(RECORD)
            tape.addfile(info, io.BytesIO(RECORD))
    for packed in (zipped, tarred):
        assert places(read_all(packed.getvalue())) == ["x!1.jsonl:1", "x!(2) 1.jsonl:1", "x!(3) 1.jsonl:1"]


def test_a_damaged_member_costs_only_itself() -> None:
    archive = bytearray(zip_of({"1.jsonl": RECORD, "2.jsonl": RECORD}, zipfile.ZIP_STORED))
    archive[archive.index(b"Ferry")] ^= 1
    found = read_all(bytes(archive))
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["damaged"]
    assert "x!2.jsonl:1" in places(found)


@pytest.mark.parametrize("cut", [30, 60, 600])
def test_an_archive_that_breaks_off_never_raises(cut: int) -> None:
    for archive in (zip_of({"1.jsonl": RECORD}), tar_of({"1.jsonl": RECORD, "2.jsonl": RECORD})):
        assert read_all(archive[:cut]) != []


def test_a_tar_archive_cut_off_within_a_member_is_told_of_and_costs_no_more() -> None:
    whole = tar_of({"a.jsonl": RECORD, "b.jsonl": RECORD * 5_000})
    found = read_all(whole[: len(whole) // 2], "x.tar")
    assert isinstance(found[0], RecordCapture)
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason == "damaged"


def test_bytes_in_a_members_name_that_are_no_text_are_written_out() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        info = tarfile.TarInfo("café.jsonl")
        info.size = len(RECORD)
        archive.addfile(info, io.BytesIO(RECORD))
    assert places(read_all(stream.getvalue(), "x.tar")) == ["x.tar!caf\\xe9.jsonl:1"]


def test_damaged_lzma_in_a_zip_archive_is_told_of() -> None:
    data = bytearray(zip_of({"a.jsonl": RECORD * 500, "b.jsonl": RECORD}, zipfile.ZIP_LZMA))
    data[70:90] = bytes(20)
    found = read_all(bytes(data), "x.zip")
    assert {one.reason for one in found if isinstance(one, Skipped)} == {"damaged"}
    assert isinstance(found[-1], RecordCapture)


def test_a_zip_member_whose_own_name_is_no_text_is_told_of() -> None:
    data = bytearray(zip_of({"é.jsonl": RECORD, "b.jsonl": RECORD}))
    place = data.index("é".encode())
    data[place : place + 2] = b"\xff\xfe"
    found = read_all(bytes(data), "x.zip")
    assert isinstance(found[0], Skipped)
    assert isinstance(found[-1], RecordCapture)


def test_a_zip_member_without_a_name_stops_nothing() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        archive.writestr(nameless, RECORD)
        archive.writestr("b.jsonl", RECORD)
    found = read_all(stream.getvalue(), "x.zip")
    assert len(found) == 2
    assert places(found)[1] == "x.zip!b.jsonl:1"


def test_marks_in_a_name_are_no_archives() -> None:
    (record,) = read_all(zip_of({"wow!!!!.zip": zip_of({"a.jsonl": RECORD})}), "x.zip")
    assert isinstance(record, RecordCapture)


@pytest.mark.parametrize("data", [zip_of({}), zip_of({".hidden": RECORD})], ids=["nothing", "hidden files"])
def test_an_archive_with_nothing_in_it_is_told_as_such(data: bytes) -> None:
    (skipped,) = read_all(data, "x.zip")
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", True)


def test_what_has_nothing_of_the_format_that_was_asked_for_is_told_as_such() -> None:
    (skipped,) = read(io.BytesIO(b"Nothing of Reuters here."), "x", None, "reuters")
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", False)


@pytest.mark.parametrize("size", [1 << 87, 1 << 50, -512])
def test_a_member_of_a_tar_archive_of_no_possible_size_is_damage(size: int) -> None:
    info = tarfile.TarInfo("b.jsonl")
    info.size = size
    data = tar_of({"a.jsonl": RECORD}).rstrip(b"\0")
    data += bytes(-len(data) % 512) + info.tobuf(tarfile.GNU_FORMAT) + RECORD
    first, *others = read_all(data)
    assert isinstance(first, RecordCapture)
    assert others
    assert {one.reason for one in others if isinstance(one, Skipped)} == {"damaged"}


@pytest.mark.parametrize("damage", ["name", "cut off", "length"])
def test_a_damaged_header_in_a_tar_archive_is_not_taken_for_its_end(damage: str) -> None:
    data = bytearray(tar_of({"a.jsonl": RECORD, "b.jsonl": RECORD, "c.jsonl": RECORD}))
    place = data.index(b"b.jsonl")
    if damage == "name":
        data[place] ^= 1
    elif damage == "cut off":
        del data[place + 100 :]
    else:
        told = b"9" * 20 + b" path=c\n"
        header = tarfile.TarInfo("header")
        header.type, header.size = tarfile.XHDTYPE, len(told)
        data[place:place] = header.tobuf() + told.ljust(512, b"\0")
    first, last = read_all(bytes(data))
    assert isinstance(first, RecordCapture)
    assert isinstance(last, Skipped)
    assert last.reason == "damaged"


@pytest.mark.parametrize("place", [1 << 63, (1 << 64) - 1])
def test_a_place_in_a_zip_archive_that_no_file_can_have_is_damage(place: int) -> None:
    """In the extension for large archives (APPNOTE 4.5.3), which has room for it."""
    data = zip_of({"a.jsonl": RECORD, "b.jsonl": RECORD})
    entry = data.rindex(b"PK\1\2")
    end = data.rindex(b"PK\5\6")
    head = bytearray(data[entry:end])
    head[42:46] = b"\xff" * 4
    head[30:32] = struct.pack("<H", 12)
    head += struct.pack("<HHQ", 1, 8, place)
    tail = bytearray(data[end:])
    tail[12:16] = struct.pack("<I", int.from_bytes(tail[12:16], "little") + 12)
    (first, last) = read_all(data[:entry] + head + tail, "x.zip")
    assert isinstance(first, RecordCapture)
    assert isinstance(last, Skipped)
    assert last.reason == "damaged"
