"""The facts at the top level of a deployment's file: a field for each, with the values that it accepts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from typing import Any

from cli.deployment_file import SETTINGS, meant
from tools.deployment.errors import DeploymentError

CLOUDS = ("aws", "gcp", "azure")
"""Each cloud has a module in this folder, whose KIND is the cloud's class of `cloud.Deployment`."""

_ALWAYS = {"cloud": f"one of {', '.join(CLOUDS)}", "settings": "Sizewise's own settings, below the line [settings]"}
"""Names that a file has on every cloud."""


def fact(takes: str, accepts: Callable[[Any], bool], default: object = MISSING) -> Any:
    """A field that the file sets. `takes` describes its values in words. Without a default the file must set it."""
    return field(default=default, kw_only=True, metadata={"takes": takes, "accepts": accepts})


def text(pattern: str) -> Callable[[Any], bool]:
    """A function that accepts text that the whole pattern matches."""
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def number(low: int, high: int) -> Callable[[Any], bool]:
    """A function that accepts whole numbers from `low` to `high`."""
    return lambda value: type(value) is int and low <= value <= high


def choice(*allowed: object) -> Callable[[Any], bool]:
    """A function that accepts these values, of the same type: 1 is not accepted for true, although they are equal."""
    return lambda value: any(type(value) is type(other) and value == other for other in allowed)


def read(kind: type[Any], table: Mapping[str, object], settings: Mapping[str, str]) -> Any:
    """The deployment that the facts describe. Raises DeploymentError if a fact is unknown, wrong or missing."""
    known = {row.name: row for row in fields(kind) if row.metadata}
    for name in table:
        if name not in known:
            if name in SETTINGS:
                raise DeploymentError(f"{name} is a setting: it belongs below the line [settings]")
            takes = {row.name: row.metadata["takes"] for row in known.values()}
            raise DeploymentError(f"{name} is not known here. {meant(name, takes | _ALWAYS)}")
    given = {name: _value(row, table) for name, row in known.items()}
    return kind(**given, settings=settings)


def _value(row: Field[Any], table: Mapping[str, object]) -> object:
    takes = row.metadata["takes"]
    if row.name not in table:
        if row.default is MISSING:
            raise DeploymentError(f"{row.name} is missing: it takes {takes}")
        return row.default
    value = table[row.name]
    if not row.metadata["accepts"](value):
        raise DeploymentError(f"{row.name} = {_shown(value)} is not {takes}")
    return value


def _shown(value: object) -> str:
    """The value as TOML writes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)
