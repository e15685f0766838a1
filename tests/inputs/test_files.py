"""The source files under the roots a user names: each once, in a fixed order, and never one by surprise."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsearch.inputs.files import Roots, SourceFile, find, is_under, location_of, open_source, path_name, resolve_roots
from newsearch.model import Skipped


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def found(*roots: Path, base: Path, exclude: tuple[str, ...] = ()) -> list[str]:
    return [
        item.path if isinstance(item, SourceFile) else f"{item.origin}!{item.reason}"
        for item in find(roots, base, exclude)
    ]


def test_files_come_folder_by_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    root = make(tmp_path / "in", "b.txt", "a.txt", "sub/c.txt", "B.txt", "dir/z/y.txt", "dir/x.txt", "é.txt", "10", "9")
    expected = ["10", "9", "B.txt", "a.txt", "b.txt", "é.txt", "dir/x.txt", "dir/z/y.txt", "sub/c.txt"]
    assert found(root, base=root) == expected
    assert found(root / "sub", root / "dir", base=root) == ["sub/c.txt", "dir/x.txt", "dir/z/y.txt"]


def test_hidden_files_and_folders_below_a_root_are_left_alone(tmp_path: Path) -> None:
    root = make(tmp_path / ".archive", ".hidden", ".git/config", "seen.txt", "sub/.x/y.txt")
    assert found(root, base=root) == ["seen.txt"]
    assert found(root / ".hidden", root / ".git", base=root) == [".hidden", ".git/config"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (("*.log",), ["a.txt", "sub/b.txt"]),
        (("b.txt",), ["a.txt", "sub/c.log"]),
        (("sub/*",), ["a.txt"]),
        (("*.txt", "*.log"), []),
        (("A.TXT",), ["a.txt", "sub/b.txt", "sub/c.log"]),
        (("?.txt",), ["sub/c.log"]),
    ],
)
def test_files_that_match_an_excluded_name_or_path_are_left_out(
    tmp_path: Path, patterns: tuple[str, ...], expected: list[str]
) -> None:
    root = make(tmp_path, "a.txt", "sub/b.txt", "sub/c.log")
    assert found(root, base=root, exclude=patterns) == expected


def test_a_file_is_found_once_however_often_it_is_named(tmp_path: Path) -> None:
    root = make(tmp_path / "in", "a.txt", "sub/b.txt")
    (root / "z.txt").symlink_to(root / "a.txt")
    (tmp_path / "again").symlink_to(root)
    assert found(root, root / "sub", root / "a.txt", tmp_path / "again", base=root) == ["a.txt", "sub/b.txt"]


def test_folders_too_deep_for_a_path_are_told_and_cost_only_themselves(tmp_path: Path) -> None:
    (tmp_path / "zz.txt").touch()
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    *skipped, found = sorted(find([tmp_path], tmp_path, []), key=lambda one: isinstance(one, SourceFile))
    assert isinstance(found, SourceFile)
    assert [one.reason for one in skipped if isinstance(one, Skipped)] == ["unreadable"]


def test_links_are_followed_to_files_inside_the_roots_only(tmp_path: Path) -> None:
    root = make(tmp_path / "in", "sub/real.txt")
    other = make(tmp_path / "out", "secret.txt", "folder/deep.txt")
    (root / "a").symlink_to(root / "sub" / "real.txt")
    (root / "b").symlink_to(other / "secret.txt")
    (root / "c").symlink_to(other / "folder")
    (root / "d").symlink_to(root / "sub")
    (root / "e").symlink_to(root)
    assert found(root, base=root) == ["a", "b!link-outside", "c!link-outside"]
    assert found(root, other, base=root) == ["a", "b", f"{other / 'folder' / 'deep.txt'}"]
    assert found(root / "b", base=root) == ["b"]


@pytest.mark.parametrize("target", ["nowhere", "x"])
def test_a_link_that_leads_nowhere_or_to_itself_is_unreadable(tmp_path: Path, target: str) -> None:
    make(tmp_path, "y.txt")
    (tmp_path / "x").symlink_to(tmp_path / target)
    assert found(tmp_path, base=tmp_path) == ["x!unreadable", "y.txt"]


def test_a_pipe_is_skipped_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    make(tmp_path, "b.txt")
    assert found(tmp_path, base=tmp_path) == ["a.txt!not-a-file", "b.txt"]


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a.txt", "locked/b.txt", "zoo/c.txt")
    scandir = os.scandir

    def refuse(path: Any = ".") -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert sorted(found(tmp_path, base=tmp_path)) == ["a.txt", "locked!unreadable", "zoo/c.txt"]


def test_links_of_folders_to_each_other_come_to_an_end(tmp_path: Path) -> None:
    root = make(tmp_path / "in", "a/x.txt", "b/y.txt")
    (root / "a/to-b").symlink_to(root / "b")
    (root / "b/to-a").symlink_to("../a")
    (root / "a/up").symlink_to("..")
    (root / "a/far").symlink_to("/".join(["..", "a"] * 30))
    assert found(root, base=root) == ["a/x.txt", "b/y.txt"]


@pytest.mark.parametrize("put", ["link", "pipe", "link to a folder"])
def test_a_file_whose_place_was_taken_since_it_was_found_is_not_opened(tmp_path: Path, put: str) -> None:
    secret = make(tmp_path / "out", "a.txt") / "a.txt"
    place = make(tmp_path / "in", "sub/a.txt") / "sub/a.txt"
    (source,) = find([tmp_path / "in"], tmp_path, [])
    assert isinstance(source, SourceFile)
    place.unlink()
    if put == "link":
        place.symlink_to(secret)
    elif put == "pipe":
        os.mkfifo(place)
    else:
        place.parent.rmdir()
        place.parent.symlink_to(secret.parent)
    with pytest.raises(OSError, match=r"symbolic links|link has taken|no regular file"):
        open_source(source)


def test_a_file_that_was_replaced_since_it_was_found_is_opened(tmp_path: Path) -> None:
    place = make(tmp_path / "in", "a.txt") / "a.txt"
    (source,) = find([tmp_path / "in"], tmp_path, [])
    assert isinstance(source, SourceFile)
    make(tmp_path, "new.txt").joinpath("new.txt").replace(place)
    with open_source(source) as stream:
        assert stream.read() == b"new.txt"


def test_a_root_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    (skipped,) = find([tmp_path / "gone"], tmp_path, [])
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("unreadable", True)


def test_a_source_file_knows_its_place_size_and_time(tmp_path: Path) -> None:
    path = make(tmp_path, "a.txt") / "a.txt"
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (file,) = find([tmp_path], tmp_path, [])
    assert isinstance(file, SourceFile)
    assert (file.location, file.size, file.modified) == (path, len("a.txt"), 1_700_000_000)


@pytest.mark.parametrize("change", ["content", "touch", "replace"])
def test_the_mark_changes_whenever_the_file_does(tmp_path: Path, change: str) -> None:
    path = make(tmp_path, "a.txt") / "a.txt"
    (before,), (same,) = find([path], tmp_path, []), find([path], tmp_path, [])
    if change == "content":
        path.write_text("other")
    elif change == "touch":
        os.utime(path, (1, 1))
    else:
        make(tmp_path, "new").joinpath("new").rename(path)
    (after,) = find([path], tmp_path, [])
    assert isinstance(before, SourceFile)
    assert isinstance(after, SourceFile)
    assert before == same
    assert before.mark != after.mark


def test_arguments_become_roots_once_each_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "b.txt", "a.txt", "sub/c.txt", "[x]", "*")
    monkeypatch.chdir(tmp_path)
    present = tuple(tmp_path / name for name in ("sub", "a.txt", "b.txt", "sub/c.txt"))
    assert resolve_roots(["sub", "./sub/", "?.txt", "a.txt", "**/c.txt"]) == Roots(present, ())
    assert resolve_roots(["[x]", "*"]) == Roots((tmp_path / "[x]", tmp_path / "*"), ())


def test_arguments_that_name_nothing_are_missing_as_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    assert resolve_roots(["nope", "*.pdf", "a.txt", ""]) == Roots((tmp_path / "a.txt",), ("nope", "*.pdf", ""))


def test_a_dash_is_standard_input_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "-")
    monkeypatch.chdir(tmp_path)
    assert resolve_roots(["-"]) == Roots((), (), stdin=True)
    assert resolve_roots(["./-"]) == Roots((tmp_path / "-",), ())


def test_a_recursive_glob_does_not_run_round_in_linked_circles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert len(resolve_roots(["**/*.txt"]).present) == 1


def test_paths_are_shown_relative_to_the_base_and_always_printable(tmp_path: Path) -> None:
    assert path_name(tmp_path / "a" / "b.txt", tmp_path) == "a/b.txt"
    assert path_name(Path("/elsewhere/b.txt"), tmp_path) == "/elsewhere/b.txt"
    assert path_name(tmp_path / "bad\udcff.txt", tmp_path) == r"bad\xff.txt"


def test_is_under_compares_whole_names() -> None:
    roots = [Path("/a/b"), Path("/c.txt")]
    assert [is_under(Path(name), roots) for name in ("/a/b", "/a/b/c", "/c.txt", "/a/bc", "/a", "/c.txt2")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_no_two_files_have_the_same_name(tmp_path: Path) -> None:
    names = [b"latin\xe9.txt", b"latin\\xe9.txt", b"latin\\x5cxe9.txt"]
    for name in names:
        Path(tmp_path, os.fsdecode(name)).touch()
    paths = found(tmp_path, base=tmp_path)
    assert len(set(paths)) == len(names)
    assert {os.fsencode(location_of(path, tmp_path).name) for path in paths} == set(names)


def test_slashes_too_many_in_front_of_a_pattern_change_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt")
    assert resolve_roots([f"//{tmp_path}/*.txt"]).present == (tmp_path / "a.txt", tmp_path / "b.txt")


def test_a_file_is_not_read_that_lies_elsewhere_than_where_it_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder leads elsewhere for just the moment in which it is opened."""
    make(tmp_path / "in", "sub/a.txt")
    make(tmp_path / "out", "a.txt")
    (source,) = find([tmp_path / "in"], tmp_path, [])
    assert isinstance(source, SourceFile)
    sub, aside = tmp_path / "in/sub", tmp_path / "in/aside"

    def exchanged(*arguments: Any) -> int:
        sub.rename(aside)
        sub.symlink_to(tmp_path / "out")
        try:
            return opened(*arguments)
        finally:
            sub.unlink()
            aside.rename(sub)

    opened = os.open
    monkeypatch.setattr(os, "open", exchanged)
    with pytest.raises(OSError, match="link"):
        open_source(source)
    monkeypatch.undo()
    with open_source(source) as stream:
        assert stream.read() == b"sub/a.txt"


def test_a_file_that_was_saved_anew_since_it_was_found_is_read(tmp_path: Path) -> None:
    make(tmp_path / "in", "a.txt")
    (source,) = find([tmp_path / "in"], tmp_path, [])
    assert isinstance(source, SourceFile)
    (tmp_path / "draft").write_text("anew")
    (tmp_path / "draft").replace(tmp_path / "in/a.txt")
    with open_source(source) as stream:
        assert stream.read() == b"anew"


def test_a_file_that_is_saved_anew_while_it_is_opened_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "in", "a.txt")
    (source,) = find([tmp_path / "in"], tmp_path, [])
    assert isinstance(source, SourceFile)

    def saved(text: str) -> None:
        (tmp_path / "draft").write_text(text)
        (tmp_path / "draft").replace(source.location)

    def opened(*arguments: Any) -> int:
        descriptor = opens(*arguments)
        monkeypatch.undo()
        saved("last")
        return descriptor

    saved("then")
    opens = os.open
    monkeypatch.setattr(os, "open", opened)
    with open_source(source) as stream:
        assert stream.read() == b"then"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("../saved/*", {"a.txt", "sub"}),
        ("../saved/**/*.txt", {"a.txt", "b.txt"}),
        ("../.cache/saved/*", {"c.txt"}),
        ("../saved/.*", {".hidden.txt", ".trash"}),
        ("../*/.trash/*", {"t.txt"}),
        ("*/../../saved/*.txt", {"a.txt"}),
    ],
)
def test_hidden_files_match_hidden_names_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, expected: set[str]
) -> None:
    make(tmp_path / "saved", "a.txt", "sub/b.txt", ".hidden.txt", ".trash/t.txt")
    make(tmp_path / ".cache/saved", "c.txt", ".d.txt")
    (tmp_path / "work/any").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    assert {root.name for root in resolve_roots([pattern]).present} == expected


def test_no_file_is_taken_for_standard_input(tmp_path: Path) -> None:
    make(tmp_path, "stdin:abc", "sub/stdin:abc")
    names = found(tmp_path, base=tmp_path)
    assert [location_of(name, tmp_path) for name in names] == [tmp_path / "stdin:abc", tmp_path / "sub/stdin:abc"]
    assert not any(name.startswith("stdin:") for name in names)
