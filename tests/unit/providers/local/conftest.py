"""Helpers of the tests of the local provider's files."""

import os
from pathlib import Path
from typing import NoReturn

from providers.local.storage import RESERVED

LIMIT = 2**20


def fail(code: int) -> NoReturn:
    """Raises the OSError with this number."""
    raise OSError(code, os.strerror(code))


def sidecar_of(root: Path, key: str) -> Path:
    """The sidecar of a variant."""
    status = (root / key).stat()
    return root / RESERVED / f"{status.st_ino}-{status.st_mtime_ns}.json"
