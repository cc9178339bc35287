"""A deployment's file: at the top level facts of its cloud, and in the table `[settings]` Sizewise's own settings."""

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
    "BUCKET": "the deployment itself says where variants are",
    "ORIGINALS_BUCKET": "the deployment itself says where originals are",
    "REGION": "it is `region`, above [settings]",
    "SIGNING_KEYS": "it is a secret: `signing_keys`, above [settings], names what your cloud keeps it in",
}

SETTINGS: Final = {
    name: row.metadata["takes"].format(max_side=Settings.max_side)
    for name, row in _ROWS.items()
    if name not in _NOT_HERE
}
"""Each setting that may be in the file, with what it takes."""


@dataclass(frozen=True)
class DeploymentFile:
    """What a deployment's file says: `facts` as they stand there, and `settings` as the environment has them."""

    path: Path
    facts: Mapping[str, object]
    settings: Mapping[str, str]


def read(path: Path) -> DeploymentFile:
    """Reads a file and checks its settings.

    Raises SettingsError in one line, if it can't be read, is not TOML, or a setting is unknown or out of range.
    """
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Some editors put a mark at the beginning.
    except FileNotFoundError as error:
        raise SettingsError(f"{path} is not there: make it from deployments/example.toml") from error
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8: save it as that") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}. Text stands in straight quotes") from error
    table = facts.pop("settings", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: settings is not a table: its line is [settings]")
    for name in (name for name, value in facts.items() if isinstance(value, dict)):
        raise SettingsError(f"{path}: [{name}] is not known: the one table is [settings]")
    try:
        settings = {name: _text(name, value) for name, value in table.items()}
        load({**settings, "BUCKET": "any"})
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    return DeploymentFile(path, facts, settings)


def meant(name: str, known: Mapping[str, str]) -> str:
    """What to say of a name that is not known: the one that was meant, or all that there are.

    `known` has the names with what each takes.
    """
    by_letters = {other.lower(): other for other in known}
    close = get_close_matches(name.lower(), by_letters, n=1)
    if not close:
        return f"Known are {', '.join(sorted(known))}."
    return f"Did you mean {by_letters[close[0]]}? It takes {known[by_letters[close[0]]]}."


def _text(name: str, value: object) -> str:
    """A setting's value as its variable would have it."""
    if name in _NOT_HERE:
        raise SettingsError(f"{name} can't be in [settings]: {_NOT_HERE[name]}")
    if name not in _ROWS:
        elsewhere = " A fact of the cloud stands above [settings]." if name.islower() else ""
        raise SettingsError(f"[settings] has no {name}. {meant(name, SETTINGS)}{elsewhere}")
    if value in ("", []):
        raise SettingsError(f"{name} is empty: leave its line out")
    if _ROWS[name].type is str and not isinstance(value, str):
        raise SettingsError(f"{name} = {value!r} is not text: put it in quotes")
    # A value of any other wrong type has a text that `load` refuses.
    if isinstance(value, list) and get_origin(_ROWS[name].type) is tuple:
        return ",".join(map(_word, value))
    return _word(value)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def completed(environ: Mapping[str, str], file: str | None) -> dict[str, str]:
    """The environment, with the settings of a deployment's file, if one is named, where it has none itself.

    PUBLIC_URL is left out: it says where that deployment's variants are. Raises SettingsError as `read` does.
    """
    settings = read(Path(file)).settings if file else {}
    return {**{name: text for name, text in settings.items() if name != "PUBLIC_URL"}, **_set(environ)}


def _set(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are set: an empty one counts as unset."""
    return {name: text for name, text in environ.items() if text}
