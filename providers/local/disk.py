"""Writes files completely to the disk before they become visible, so that even a power cut leaves no partial file."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PART: Final = ".part"
"""The ending of the names of files that are being written."""


@contextmanager
def written(folder: Path, data: bytes) -> Iterator[Path]:
    """Writes the data to a temporary file in the folder, on the disk. Deletes it after the block. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def link(part: Path, path: Path) -> bool:
    """Gives a written file another name. Unlike a rename, this never overwrites: returns False if the name is taken.

    Makes missing folders, and removes them again on failure. Raises OSError.
    """
    made = [folder for folder in path.parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _linked(part, path)
    except OSError:
        for folder in made:
            with suppress(OSError):  # The folder was not made, or holds another file now.
                folder.rmdir()
        raise


def _linked(part: Path, path: Path) -> bool:
    try:
        os.link(part, path)
    except FileExistsError:
        return False
    return True
