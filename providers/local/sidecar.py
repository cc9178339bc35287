"""A sidecar is a JSON file with what a variant's own file can't hold: content type, cache control, metadata."""

import json
from pathlib import Path

from core.storage import Description, NewObject
from providers.local.disk import written
from providers.local.failures import PASSING


def store(path: Path, new: NewObject) -> None:
    """Stores an object's sidecar. It becomes visible when it is completely on the disk. Raises OSError."""
    kept = {"content_type": new.content_type, "cache_control": new.cache_control, "metadata": dict(new.metadata)}
    with written(path.parent, json.dumps(kept).encode()) as part:
        part.replace(path)


def read(path: Path, etag: str) -> Description | None:
    """The description that a sidecar holds; None if the sidecar is missing or damaged.

    Raises OSError if the sidecar can't be read for the moment.
    """
    try:
        kept = json.loads(path.read_bytes())
        described = Description(etag, kept["content_type"], kept["cache_control"], kept["metadata"])
    except OSError as error:
        if error.errno in PASSING:
            raise
        return None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return described if _is_sound(described) else None


def _is_sound(described: Description) -> bool:
    """Whether all texts of a description can be sent as headers."""
    if not isinstance(described.metadata, dict):
        return False
    texts = (described.content_type, described.cache_control, *described.metadata, *described.metadata.values())
    return all(isinstance(text, str) and text.isascii() and text.isprintable() for text in texts)
