"""The errors of the storage interface (port) for the errors of a file system."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.errors import StorageRefused, StorageUnavailable

MISSING: Final = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR)
"""Errors that mean that there is no such file."""

PASSING: Final = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE),
    *(errno.ETIMEDOUT, errno.ESTALE, errno.EAGAIN, errno.EBUSY),
)
"""Transient errors: a later try may work."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raises the port's errors in place of an OSError in the block."""
    try:
        yield
    except OSError as error:
        raise (StorageUnavailable if error.errno in PASSING else StorageRefused)() from error
