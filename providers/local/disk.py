"""Files that are whole on the disk before anyone sees them, even after a power cut."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PART: Final = ".part"
"""How the name of a file ends that is being written."""


@contextmanager
def written(folder: Path, data: bytes) -> Iterator[Path]:
    """A temporary file in the folder that has the data on the disk. It is gone after the block. Raises OSError."""
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
    """Gives a written file another name, which unlike a rename never overwrites. False if the name is taken.

    Makes the folders that are missing, and takes them away if it fails. Raises OSError.
    """
    made = [folder for folder in path.parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _linked(part, path)
    except OSError:
        for folder in made:
            with suppress(OSError):  # It was not made, or has another file by now.
                folder.rmdir()
        raise


def _linked(part: Path, path: Path) -> bool:
    try:
        os.link(part, path)
    except FileExistsError:
        return False
    return True
