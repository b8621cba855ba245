"""
Settings: what a run is told beside its arguments, and where each value came from.

    flags  over  environment  over  samework.toml  over  defaults

A setting is one row of SETTINGS; a command takes it as an option of the same name.
Tables of the file that belong to others ([feeds], [schedule], ...) are handed on as
they are. Does not: open an index or read a weights file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from indexer.errors import SettingsError

FILE: Final = "samework.toml"
FILE_VARIABLE: Final = "SAMEWORK_CONFIG"
DEFAULT_INDEX: Final = ".samework"
INDEX_VARIABLES: Final = ["SAMEWORK_INDEX", "OPENSEARCH_URL"]
# Tables that other parts read by `Settings.table`; their keys are those parts' to check.
TABLES: Final = ("feeds", "schedule", "opensearch")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the file and as an option, its variables, what it means."""

    name: str
    variables: tuple[str, ...]
    default: str | bool | int | tuple[str, ...]
    means: str
    or_number: bool = False  # a number is as good as a text

    @property
    def kind(self) -> str:
        """What a value has to be, in words."""
        words = {str: "a text", bool: "true or false", int: "a number", tuple: "a list of texts"}
        return words[type(self.default)] + (" or a number" if self.or_number else "")

    def accepts(self, value: Any) -> bool:
        """Whether a value of the file is of this kind."""
        if isinstance(self.default, tuple):
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        if self.or_number and type(value) is int:
            return True
        return type(value) is type(self.default)  # true is no number


SETTINGS: Final = (
    Setting("index", tuple(INDEX_VARIABLES), DEFAULT_INDEX, "a folder, or https://… of OpenSearch"),
    Setting("out", ("SAMEWORK_OUT",), "samework-out", "where `dedupe` writes its answer"),
    Setting("level", ("SAMEWORK_LEVEL",), "work", "what a run collapses: work or version"),
    Setting("collapse", (), (), "policies: conference to join it, no-preprint to keep it apart"),
    Setting("weights", ("SAMEWORK_WEIGHTS",), "", "a file of match weights; empty: those shipped"),
    Setting("patience", ("SAMEWORK_PATIENCE",), "10m", "how long to wait for who changes works"),
    Setting("by", ("SAMEWORK_BY",), "", "who judges; empty: your login name"),
    Setting("unique_source", (), (), "sources that promise no duplicates"),
    Setting("keeper", ("SAMEWORK_KEEPER",), "most-complete", "which record of a work is kept"),
    Setting("trust", (), (), "sources in the order of trust, for the keeper source-order"),
    Setting(
        "workers",
        ("SAMEWORK_WORKERS",),
        "auto",
        "processes that share the work: auto or a number",
        or_number=True,
    ),
    Setting("debug", ("SAMEWORK_DEBUG",), False, "show where an error arose"),
)
# `[policy] collapse` says `level` in verdicts; what it names beside them is `collapse`.
COLLAPSES: Final = {("duplicate",): "version", ("duplicate", "version"): "work"}
_VERDICTS: Final = frozenset({"duplicate", "version"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a file, checked; empty where there is none."""

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # of SETTINGS, by name
    tables: Mapping[str, Any] = field(default_factory=dict)  # of TABLES, as they stand

    def table(self, name: str) -> Mapping[str, Any]:
        """The table of another part; empty where the file has none."""
        rows: Mapping[str, Any] = self.tables.get(name, {})
        return rows

    def origin(self, setting: Setting, environ: Mapping[str, str] | None = None) -> tuple[Any, str]:
        """A setting's value, flags left out, and where it came from."""
        environ = os.environ if environ is None else environ
        for variable in setting.variables:
            if environ.get(variable):
                return environ[variable], f"environment {variable}"
        if setting.name in self.values:
            return self.values[setting.name], str(self.path)
        return setting.default, "default"


def load(path: Path | None = None) -> Settings:
    """
    The settings of a file: the one given, that of SAMEWORK_CONFIG, or ./samework.toml.

    Raises:
        SettingsError: a file that was asked for is not there, or a value cannot be used.
    """
    named = path or (Path(given) if (given := os.environ.get(FILE_VARIABLE)) else None)
    file = named or Path(FILE)
    if not file.exists():
        if named:
            raise SettingsError(f"there is no settings file {str(file)!r}; name one that is")
        return Settings()
    try:
        plain = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{str(file)!r} is no TOML file: {error}; correct that line") from error
    return Settings(file, _checked(plain, file), {k: v for k, v in plain.items() if k in TABLES})


def _checked(plain: Mapping[str, Any], file: Path) -> dict[str, Any]:
    known = {setting.name: setting for setting in SETTINGS}
    values: dict[str, Any] = {}
    for name, value in plain.items():
        if name in TABLES:
            continue
        if name == "policy":
            values |= _policy(value, file)
        elif name not in known:
            near = get_close_matches(name, [*known, *TABLES, "policy"], 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise SettingsError(f"{str(file)!r} has the unknown setting {name!r}; {hint}")
        elif not known[name].accepts(value):
            wanted = known[name].kind
            raise SettingsError(f"{str(file)!r}: {name} = {value!r}, expected {wanted}")
        else:
            values[name] = value
    return values


def _policy(policy: Any, file: Path) -> dict[str, Any]:
    """The level that the verdicts of a policy say, and the policies named beside them."""
    collapse = policy.get("collapse") if isinstance(policy, dict) else None
    given = collapse if isinstance(collapse, list) else []
    named = [name for name in given if isinstance(name, str)]
    kinds = [name for name in named if name not in _VERDICTS]
    level = COLLAPSES.get(tuple(sorted(set(named) - set(kinds))))
    if level is None or named != collapse:
        wanted = " or ".join(str(list(verdicts)) for verdicts in COLLAPSES)
        raise SettingsError(
            f"{str(file)!r}: [policy] collapse = {collapse!r}, expected {wanted}, "
            "each perhaps with policies such as 'conference' or 'no-preprint'"
        )
    return {"level": level, "collapse": kinds} if kinds else {"level": level}
