"""Manner 13: flag > environment > project file > user file, for each setting, and nothing else in the home folder."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from cli_support import ESC, Outcome, run_process

from newsearch.cli.settings import DEFAULTS, resolve
from newsearch.errors import UsageError

Cli = Callable[..., Outcome]
VALUES: dict[str, tuple[str, str, str, str]] = {
    "index": ("by-flag", "by-environment", "by-project", "by-user"),
    "format": ("json", "json", "json", "json"),
    "color": ("never", "always", "never", "always"),
    "hyperlinks": ("never", "always", "never", "always"),
    "tz": ("Asia/Tokyo", "Europe/Berlin", "America/Lima", "UTC"),
    "assume_tz": ("Asia/Tokyo", "Europe/Berlin", "America/Lima", "UTC"),
    "limit": ("1", "2", "3", "4"),
    "sort": ("newest", "oldest", "updated", "newest"),
    "width": ("50", "60", "70", "90"),
    "pager": ("one", "two", "three", "four"),
}
"""A value for each layer: flag, environment, project file, user file."""
SHARED = [name for name in VALUES if name != "pager"]
"""Settings that a project file may make."""
FLAGS = ("index", "format", "color", "hyperlinks", "tz", "width")
"""Settings for which `config` has a flag."""


class Layers:
    """The places where a setting can be made."""

    def __init__(self, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project = folder / "newsearch.toml"
        self.user = home / ".config/newsearch/config.toml"
        self.user.parent.mkdir(parents=True)
        self._monkeypatch = monkeypatch

    def set(self, name: str, *, user: bool = False, project: bool = False, environment: bool = False) -> None:
        _, in_environment, in_project, in_user = VALUES[name]
        if user:
            self.user.write_text(f"{name} = {in_user!r}")
        if project:
            self.project.write_text(f"{name} = {in_project!r}")
        if environment:
            self._monkeypatch.setenv(f"NEWSEARCH_{name.upper()}", in_environment)


@pytest.fixture
def layers(empty_folder: Path, clean_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Layers:
    return Layers(empty_folder, clean_environment, monkeypatch)


def shown(cli: Cli, name: str, *flags: str) -> tuple[str, str]:
    """What `config --origin` tells of a setting: its value and its origin."""
    asked = () if name == "format" else ("--format", "json")
    found = cli("config", "--origin", *asked, *flags)
    assert found.code == 0, found.err
    if not found.out.startswith("{"):
        (line,) = (line for line in found.out.splitlines() if line.startswith(f"{name} = "))
        value, _, origin = line.removeprefix(f"{name} = ").partition(" # ")
        return value, origin
    setting = found.json[name]
    assert set(setting) == {"value", "origin"}
    return setting["value"], setting["origin"]


def test_every_setting_is_tried_here() -> None:
    assert VALUES.keys() == DEFAULTS.keys()


@pytest.mark.parametrize("name", VALUES)
def test_manner_13_without_a_word_from_anyone_the_default_holds(cli: Cli, layers: Layers, name: str) -> None:
    assert not layers.project.exists()
    assert shown(cli, name) == (DEFAULTS[name], "default")


@pytest.mark.parametrize("name", VALUES)
def test_manner_13_the_user_file_comes_before_the_default(cli: Cli, layers: Layers, name: str) -> None:
    layers.set(name, user=True)
    assert shown(cli, name) == (VALUES[name][3], str(layers.user))


@pytest.mark.parametrize("name", SHARED)
def test_manner_13_the_project_file_comes_before_the_user_file(cli: Cli, layers: Layers, name: str) -> None:
    layers.set(name, user=True, project=True)
    assert shown(cli, name) == (VALUES[name][2], str(layers.project))


@pytest.mark.parametrize("name", SHARED)
def test_manner_13_the_environment_comes_before_the_files(cli: Cli, layers: Layers, name: str) -> None:
    layers.set(name, user=True, project=True, environment=True)
    assert shown(cli, name) == (VALUES[name][1], f"NEWSEARCH_{name.upper()}")


@pytest.mark.parametrize("name", FLAGS)
def test_manner_13_a_flag_comes_before_everything(cli: Cli, layers: Layers, name: str) -> None:
    layers.set(name, user=True, project=True, environment=True)
    assert shown(cli, name, f"--{name}", VALUES[name][0]) == (VALUES[name][0], f"--{name}")


def test_manner_13_the_own_pager_comes_before_the_general_one(
    cli: Cli, layers: Layers, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.set("pager", user=True)
    monkeypatch.setenv("PAGER", "general")
    assert shown(cli, "pager") == ("general", "PAGER")
    monkeypatch.setenv("NEWSEARCH_PAGER", "own")
    assert shown(cli, "pager") == ("own", "NEWSEARCH_PAGER")


@pytest.mark.parametrize("command", ["query nvidia", "config", "status"])
def test_manner_13_a_project_file_cannot_choose_a_program_to_run(cli: Cli, layers: Layers, command: str) -> None:
    layers.project.write_text('pager = "rm -rf ."')
    found = cli(*command.split())
    assert (found.code, found.out) == (2, "")
    assert "pager" in found.complaint
    assert str(layers.project) in found.complaint


def test_manner_13_the_nearest_project_file_holds(
    cli: Cli, layers: Layers, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.project.write_text("limit = 3\nsort = 'oldest'")
    monkeypatch.chdir(empty_folder / "sources")
    assert shown(cli, "limit") == ("3", str(layers.project))
    nearer = empty_folder / "sources/newsearch.toml"
    nearer.write_text("limit = 7")
    assert shown(cli, "limit") == ("7", str(nearer))
    assert shown(cli, "sort") == ("relevance", "default")


def test_manner_13_the_user_file_is_where_xdg_says(
    cli: Cli, layers: Layers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.set("limit", user=True)
    elsewhere = tmp_path / "xdg/newsearch/config.toml"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text("limit = 9")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert shown(cli, "limit") == ("9", str(elsewhere))


def test_manner_13_without_a_home_there_is_no_user_file(
    cli: Cli, layers: Layers, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.set("limit", user=True)
    monkeypatch.delenv("HOME")
    assert shown(cli, "limit") == ("10", "default")


def test_manner_13_config_without_origin_shows_values_only(cli: Cli, layers: Layers) -> None:
    layers.set("limit", project=True)
    found = cli("config")
    assert "limit = 3\n" in found.out
    assert "#" not in found.out


@pytest.mark.parametrize("name", SHARED)
def test_the_first_layer_that_says_something_wins_whatever_the_others_say(tmp_path: Path, name: str) -> None:
    flag, environment, project, _ = VALUES[name]
    (tmp_path / "newsearch.toml").write_text(f"{name} = {project!r}")
    variables = {f"NEWSEARCH_{name.upper()}": environment}
    assert resolve({name: flag}, variables, tmp_path)[name] == flag
    assert resolve({name: None}, variables, tmp_path)[name] == environment
    assert resolve({}, {f"NEWSEARCH_{name.upper()}": ""}, tmp_path)[name] == project


@pytest.mark.parametrize("name", ["color", "hyperlinks", "sort"])
def test_a_value_that_cannot_be_used_is_refused_with_its_origin(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"NEWSEARCH_{name.upper()}: 'x'"):
        resolve({}, {f"NEWSEARCH_{name.upper()}": "x"}, tmp_path)
    (tmp_path / "newsearch.toml").write_text(f"{name} = 'x'")
    with pytest.raises(UsageError, match=rf"newsearch\.toml: {name}: 'x'"):
        resolve({}, {}, tmp_path)


@pytest.mark.usefixtures("archive")
def test_manner_13_settings_do_what_their_flags_do(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = cli("query", "the", "--sort", "newest", "--limit", "3", "--format", "ids").out
    for name, value in {"LIMIT": "3", "SORT": "newest", "FORMAT": "ids", "COLOR": "always"}.items():
        monkeypatch.setenv(f"NEWSEARCH_{name}", value)
    assert cli("query", "the").out == ids
    assert len(cli("query", "the", "--limit", "2").out.split()) == 2
    assert ESC in cli("query", "the", "--format", "text").out


@pytest.mark.usefixtures("archive")
def test_manner_13_the_zone_is_that_of_days_typed_and_times_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSEARCH_TZ", "Asia/Hong_Kong")
    assert "2025-04-18 09:20 HKT" in cli("query", "nvidia", "--limit", "1").out
    assert cli("query", "nvidia", "--since", "2025-04-18", "--until", "2025-04-18").code == 0
    assert "2025-04-17 20:20 -05" in cli("query", "nvidia", "--limit", "1", "--tz", "America/Lima").out.replace(
        "-0500", "-05"
    )


def test_manner_13_nothing_is_written_to_the_home_folder(own_archive: Path, clean_environment: Path) -> None:
    for command in ("index", "query the", "show m-3301", "status", "verify", "config", "remove m-3301 --yes", "--help"):
        assert run_process(*command.split(), cwd=own_archive).code == 0
    assert list(clean_environment.iterdir()) == []


@pytest.mark.usefixtures("archive")
def test_folders_that_are_locked_or_gone_are_passed_by_or_told_of(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", locked)  # as the settings of another user's home are
        assert cli("query", "nvidia").code == 0
    monkeypatch.setattr(Path, "cwd", locked)
    found = cli("query", "nvidia")
    assert found.code == 2
    assert found.err.startswith("newsearch: the working folder cannot be used (Permission denied)\n")
