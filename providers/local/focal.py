"""The focal points that people list in a file of the folder, by key, such as {"albums/cat.jpg": "30x70"}."""

import json
from pathlib import Path

from core.errors import StorageUnavailable
from providers.local.failures import PASSING


def listed_focal(path: Path, key: str) -> str | None:
    """The text that the list has for a key, not checked yet; None if the list does not have the key.

    If the list can't be read, the text says why. Raises StorageUnavailable if a later try may work.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        listed = json.loads(path.read_bytes())
        if not isinstance(listed, dict):
            raise TypeError("not a JSON object")
        return str(listed[key])
    except (FileNotFoundError, KeyError):
        return None
    except OSError as error:
        if error.errno in PASSING:
            raise StorageUnavailable from error
        return f"{name}: {error.strerror}"
    except (ValueError, TypeError, RecursionError) as error:
        return f"{name}: {error}"
