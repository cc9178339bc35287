"""A deployment's file: facts of its cloud at the top level, Sizewise's settings in the table `[settings]`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Final, get_origin

from core.errors import SettingsError
from core.settings import Settings, load

_ROWS: Final = {row.name.upper(): row for row in fields(Settings)}

_NOT_HERE: Final = {
    "BUCKET": "the deployment sets where variants are",
    "ORIGINALS_BUCKET": "the deployment sets where originals are",
    "REGION": "use `region`, above [settings]",
    "SIGNING_KEYS": "it is a secret: `signing_keys`, above [settings], names where your cloud keeps it",
}

SETTINGS: Final = {
    name: row.metadata["takes"].format(max_side=Settings.max_side)
    for name, row in _ROWS.items()
    if name not in _NOT_HERE
}
"""Each setting that can be in the file, with a description of its values."""


@dataclass(frozen=True)
class DeploymentFile:
    """The content of a deployment's file: `facts` as written there, `settings` as environment variables hold them."""

    path: Path
    facts: Mapping[str, object]
    settings: Mapping[str, str]


def read(path: Path) -> DeploymentFile:
    """Reads a file and checks its settings.

    Raises SettingsError, with one line, if it can't be read, is not TOML, or a setting is unknown or out of range.
    """
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Some editors begin files with a byte order mark.
    except FileNotFoundError as error:
        raise SettingsError(f"{path} is not there: make it from deployments/example.toml") from error
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}. Put text in straight quotes") from error
    table = facts.pop("settings", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: settings is not a table: begin it with the line [settings]")
    for name in (name for name, value in facts.items() if isinstance(value, dict)):
        raise SettingsError(f"{path}: [{name}] is not known: the only table is [settings]")
    try:
        settings = {name: _text(name, value) for name, value in table.items()}
        load({**settings, "BUCKET": "any"})
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    return DeploymentFile(path, facts, settings)


def meant(name: str, known: Mapping[str, str]) -> str:
    """The advice for an unknown name: the similar name, else all names.

    `known` has the names, each with a description of its values.
    """
    by_letters = {other.lower(): other for other in known}
    close = get_close_matches(name.lower(), by_letters, n=1)
    if not close:
        return f"The known names are {', '.join(sorted(known))}."
    return f"Did you mean {by_letters[close[0]]}? It takes {known[by_letters[close[0]]]}."


def _text(name: str, value: object) -> str:
    """A setting's value as its environment variable would hold it."""
    if name in _NOT_HERE:
        raise SettingsError(f"{name} can't be in [settings]: {_NOT_HERE[name]}")
    if name not in _ROWS:
        elsewhere = " Facts of the cloud belong above [settings]." if name.islower() else ""
        raise SettingsError(f"[settings] has no {name}. {meant(name, SETTINGS)}{elsewhere}")
    if value in ("", []):
        raise SettingsError(f"{name} is empty: leave its line out")
    if _ROWS[name].type is str and not isinstance(value, str):
        raise SettingsError(f"{name} = {value!r} is not text: put it in quotes")
    # Any other value of a wrong type becomes text that `load` refuses.
    if isinstance(value, list) and get_origin(_ROWS[name].type) is tuple:
        return ",".join(map(_word, value))
    return _word(value)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def completed(environ: Mapping[str, str], file: str | None) -> dict[str, str]:
    """The environment, completed with the settings of a deployment's file, if one is named.

    PUBLIC_URL is left out: it is the address of that deployment's variants. Raises SettingsError as `read` does.
    """
    settings = read(Path(file)).settings if file else {}
    return {**{name: text for name, text in settings.items() if name != "PUBLIC_URL"}, **_set(environ)}


def _set(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are set: an empty one counts as unset."""
    return {name: text for name, text in environ.items() if text}
