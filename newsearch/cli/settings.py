"""What the user wants, from flag, environment, project file and user file, the first that says something winning."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

from newsearch import private
from newsearch.errors import UsageError

PROJECT_FILE = "newsearch.toml"
_LARGEST = 1 << 20
"""Bytes of a file of settings."""
_DOTS = 100
"""Of a line; the library takes very long for names of many parts."""
DEFAULTS: dict[str, str] = {
    "index": "",
    "format": "text",
    "color": "auto",
    "hyperlinks": "auto",
    "tz": "",
    "assume_tz": "",
    "limit": "10",
    "sort": "relevance",
    "width": "",
    "pager": "less -FIRX",
}
"""Every setting with its built-in value; empty where that depends on the place or the machine."""
CHOICES: dict[str, tuple[str, ...]] = {
    "color": ("auto", "always", "never"),
    "hyperlinks": ("auto", "always", "never"),
    "sort": ("relevance", "newest", "oldest", "updated"),
}
SOURCES = "sources"
"""The table of a file that tells of sources."""
SOURCE_FACTS: dict[str, tuple[str, ...]] = {"zone": (), "dates": ("day-first", "month-first")}
"""What can be told of a source, with its values; any where there are none."""
_COMMANDS_RUN = frozenset({"pager"})
"""Not taken from a project file: a folder of captures from strangers must not choose a program to run."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it comes from."""

    value: str
    origin: str
    """`--limit`, `NEWSEARCH_LIMIT`, a file's path, or `default`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one call."""

    values: Mapping[str, Setting]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the files say of sources, by their names: see `SOURCE_FACTS`."""

    def __getitem__(self, name: str) -> str:
        return self.values[name].value

    def is_flag(self, name: str) -> bool:
        """Tell whether a value was given on the command line."""
        return self.values[name].origin.startswith("--")

    def is_named(self, name: str) -> bool:
        """Tell whether a value was given on the command line or in the environment, and not in a file."""
        return self.values[name].origin.startswith(("--", "NEWSEARCH_"))

    @property
    def limit(self) -> int | None:
        """Hits to return; None for all of them.

        Raises:
            UsageError: it is neither a whole number nor `all`.
        """
        if self["limit"] == "all":
            return None
        return self._number("limit", "a whole number, or all")

    @property
    def width(self) -> int | None:
        """Columns of text; None for those of the terminal.

        Raises:
            UsageError: it is no whole number.
        """
        return max(20, self._number("width", "a number of columns")) if self["width"] else None

    def _number(self, name: str, expected: str) -> int:
        value = self[name]
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise _unusable(name, self.values[name], expected)
        return int(value)


def resolve(flags: Mapping[str, str | None], environment: Mapping[str, str], folder: Path) -> Settings:
    """Settle every setting.

    Args:
        flags: what the command line says, None where it is silent.
        environment: of the process.
        folder: where to look for the project's file, upwards from there.

    Raises:
        UsageError: a file cannot be read, or a value cannot be used.
    """
    project, user = _read(_project_file(folder)), _read(_user_file(environment))
    layers = [
        {name: Setting(value, f"--{name.replace('_', '-')}") for name, value in flags.items() if value is not None},
        _from_environment(environment),
        _settings_in(project, trusted=False),
        _settings_in(user, trusted=True),
        {name: Setting(value, "default") for name, value in DEFAULTS.items()},
    ]
    values = {name: next(layer[name] for layer in layers if name in layer) for name in DEFAULTS}
    settings = Settings(values, _sources_in(user) | _sources_in(project))
    for name, choices in CHOICES.items():
        if settings[name] not in choices:
            raise _unusable(name, settings.values[name], f"one of {', '.join(choices)}")
    return settings


def _from_environment(environment: Mapping[str, str]) -> dict[str, Setting]:
    found = {name: f"NEWSEARCH_{name.upper()}" for name in DEFAULTS}
    settings = {name: Setting(environment[key], key) for name, key in found.items() if environment.get(key)}
    if "pager" not in settings and environment.get("PAGER"):
        settings["pager"] = Setting(environment["PAGER"], "PAGER")
    return settings


def _project_file(folder: Path) -> Path | None:
    found = (place / PROJECT_FILE for place in (folder, *folder.parents))
    return next((file for file in found if os.path.isfile(file)), None)  # noqa: PTH113 - of a folder that is locked: no


def _user_file(environment: Mapping[str, str]) -> Path | None:
    home = environment.get("XDG_CONFIG_HOME") or (f"{environment['HOME']}/.config" if environment.get("HOME") else "")
    file = Path(home, "newsearch", "config.toml")
    return file if Path(home).is_absolute() and os.path.isfile(file) else None  # noqa: PTH113 - as above


class _File(NamedTuple):
    """A file of settings."""

    name: str
    content: dict[str, Any]


def _read(file: Path | None) -> _File:
    if file is None:
        return _File("", {})
    import tomllib

    try:
        text = private.read(file, _LARGEST).decode()
        if any(line.count(".") > _DOTS for line in text.splitlines()):
            message = f"a line has more than {_DOTS} dots"
            raise ValueError(message)  # noqa: TRY301 - told as what the library finds is
        return _File(str(file), tomllib.loads(text))
    except (OSError, ValueError, RecursionError) as error:
        message = f"{file} cannot be read: {error}"
        raise UsageError(message, "settings look like: limit = 20") from error


def _settings_in(file: _File, *, trusted: bool) -> dict[str, Setting]:
    content = {name: value for name, value in file.content.items() if name != SOURCES}
    for name, value in content.items():
        if name not in DEFAULTS:
            message = f"{file.name}: there is no setting '{name}'"
            raise UsageError(message, f"the settings are: {', '.join((*DEFAULTS, SOURCES))}")
        if isinstance(value, bool) or not isinstance(value, str | int):
            message = f"{file.name}: {name} must be a text or a number"
            raise UsageError(message, f'for example: {name} = "{DEFAULTS[name]}"')
        if name in _COMMANDS_RUN and not trusted:
            message = f"{file.name}: {name} names a program to run, so it cannot be set here"
            raise UsageError(message, "set it in your own config.toml, or in the environment")
    return {name: Setting(str(value), file.name) for name, value in content.items()}


def _sources_in(file: _File) -> dict[str, dict[str, str]]:
    sources = file.content.get(SOURCES, {})
    usable = isinstance(sources, dict) and all(
        isinstance(facts, dict) and all(_is_fact(name, value) for name, value in facts.items())
        for facts in sources.values()
    )
    if not usable:
        message = f"{file.name}: what is said of sources cannot be used"
        example = '[sources."harbour.example"] zone = "Europe/Berlin", dates = "day-first" or "month-first"'
        raise UsageError(message, f"it looks like: {example}")
    return cast("dict[str, dict[str, str]]", sources)


def _is_fact(name: str, value: object) -> bool:
    choices = SOURCE_FACTS.get(name)
    return choices is not None and isinstance(value, str) and (not choices or value in choices)


def _unusable(name: str, setting: Setting, expected: str) -> UsageError:
    where = setting.origin if setting.origin.startswith(("--", "NEWSEARCH_", "PAGER")) else f"{setting.origin}: {name}"
    return UsageError(f"{where}: '{setting.value}' cannot be used", f"give {expected}")
