"""A folder as a bucket. Two processes, and any number of threads, may share one."""

import errno
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

from core.errors import StorageRefused, StorageUnavailable
from core.imaging.formats import SIGNATURE_BYTES, content_type
from core.storage import Description, NewObject, StoredObject, missing, too_large

RESERVED: Final = ".sizewise"
"""The sub-folder that holds what is being written, and what a file can't: its cache control and metadata."""

_FOCAL: Final = "focal.json"
"""Below it, and written by people: the focal points of originals by their keys, such as {"albums/cat.jpg": "30x70"}."""

_STALE: Final = 3600
"""Seconds after which a half-written file is one that a killed process left."""

_MISSING: Final = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR)
_PASSING: Final = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE),
    *(errno.ETIMEDOUT, errno.ESTALE, errno.EAGAIN, errno.EBUSY),
)


@dataclass(frozen=True)
class OpenFile:
    """A stored file, open for reading at its start. Whoever has it closes it.

    `length` is in bytes, `modified` in seconds since 1970.
    """

    file: BinaryIO
    length: int
    modified: float
    description: Description


class FolderStorage:
    """The storage port over one folder, which must be there; see `core.storage.Storage`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._reserved = self._root / RESERVED
        self._sweep()

    def find(self, key: str) -> Description | None:
        """What is stored under the key; see the port."""
        opened = self.open(key)
        if opened is None:
            return None
        opened.file.close()
        return self._with_focal(key, opened.description)

    def read(self, key: str, max_bytes: int) -> StoredObject:
        """The file under the key; see the port."""
        opened = self.open(key)
        if opened is None:
            raise missing(key)
        with opened.file, _our_errors():
            # A file may grow while it is read, so the limit holds for what was read too.
            data = b"" if opened.length > max_bytes else opened.file.read(max_bytes + 1)
            if max(opened.length, len(data)) > max_bytes:
                raise too_large(key, max_bytes)
        return self._with_focal(key, opened.description).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores a file unless the key is taken; see the port."""
        path = self._resolved(key)
        if path is None:
            raise StorageRefused
        with _our_errors():
            if not self._root.is_dir():
                raise FileNotFoundError(errno.ENOENT, "no such folder", self._root)
            self._reserved.mkdir(exist_ok=True)
            with self._written(new) as written:
                path.parent.mkdir(parents=True, exist_ok=True)
                return self._linked(written, path, new)

    def open(self, key: str) -> OpenFile | None:
        """The file under the key, None if there is none inside the folder. Raises what the port says."""
        path = self._resolved(key)
        file = _opened(path) if path else None
        if file is None:
            if not self._root.is_dir():
                raise StorageRefused from FileNotFoundError(errno.ENOENT, "no such folder", str(self._root))
            return None
        try:
            with _our_errors():
                status, start = os.fstat(file.fileno()), file.read(SIGNATURE_BYTES)
                file.seek(0)
                return OpenFile(file, status.st_size, status.st_mtime, self._description(status, start))
        except BaseException:
            file.close()
            raise

    def _resolved(self, key: str) -> Path | None:
        """Where a key's file would be, symbolic links followed; None if that is outside the folder."""
        try:
            path = (self._root / key).resolve()
        except (OSError, RuntimeError, ValueError):  # Links in a circle; a NUL.
            return None
        inside = path.is_relative_to(self._root) and path != self._root
        return path if inside and not path.is_relative_to(self._reserved) else None

    def _description(self, status: os.stat_result, start: bytes) -> Description:
        """What is known of a file with this status, whose first bytes tell its type."""
        try:
            kept = json.loads(self._sidecar(status).read_text())
        except FileNotFoundError:
            return Description(etag(status), content_type(start), "", {})
        return Description(etag(status), **kept)

    def _with_focal(self, key: str, described: Description) -> Description:
        """The description with the focal point that people wrote down for the key.

        It is text that nobody has read yet. Where the list itself can't be read, it says why.
        """
        try:
            listed = json.loads((self._reserved / _FOCAL).read_bytes())
            if not isinstance(listed, dict):
                raise TypeError("no JSON object")
            focal = str(listed[key])
        except (FileNotFoundError, KeyError):
            return described
        except OSError as error:
            if error.errno in _PASSING:
                raise StorageUnavailable from error
            focal = f"{RESERVED}/{_FOCAL}: {error.strerror}"
        except (ValueError, TypeError, RecursionError) as error:
            focal = f"{RESERVED}/{_FOCAL}: {error}"
        return replace(described, metadata={**described.metadata, "focal": focal})

    def _sidecar(self, status: os.stat_result) -> Path:
        # By inode and time, not by key: it is in place before the file is, and a file that is
        # replaced by hand has none.
        return self._reserved / f"{status.st_ino}-{status.st_mtime_ns}.json"

    @contextmanager
    def _written(self, new: NewObject) -> Iterator[Path]:
        """A temporary file with the object's bytes on the disk, gone after the block."""
        handle, name = tempfile.mkstemp(dir=self._reserved, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(new.data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            yield Path(name)
        finally:
            Path(name).unlink()

    def _linked(self, written: Path, path: Path, new: NewObject) -> bool:
        """Gives a written file its key's name, which unlike a rename never overwrites; False if it is taken."""
        kept = {"content_type": new.content_type, "cache_control": new.cache_control, "metadata": dict(new.metadata)}
        sidecar = self._sidecar(written.stat())
        sidecar.write_text(json.dumps(kept))
        try:
            os.link(written, path)
        except OSError as error:
            sidecar.unlink()
            if isinstance(error, FileExistsError):
                return False
            raise
        return True

    def _sweep(self) -> None:
        with suppress(OSError):
            for part in self._reserved.glob("*.part"):
                if part.stat().st_mtime < time.time() - _STALE:
                    part.unlink(missing_ok=True)


def etag(status: os.stat_result) -> str:
    """A strong entity tag (RFC 9110, section 8.8.3) of a file with this status."""
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'


def _opened(path: Path) -> BinaryIO | None:
    """The file, open for reading; None if there is none."""
    with _our_errors():
        try:
            # To open a pipe would wait for its writer.
            return path.open("rb") if S_ISREG(path.stat().st_mode) else None
        except OSError as error:
            if error.errno in _MISSING:
                return None
            raise


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise (StorageUnavailable if error.errno in _PASSING else StorageRefused)() from error
