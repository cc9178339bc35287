"""A folder as a bucket. Several processes and threads can share one."""

import errno
import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from core.errors import SettingsError, StorageRefused
from core.imaging.formats import SIGNATURE_BYTES, content_type
from core.storage import Description, NewObject, StoredObject, missing, too_large
from providers.local import sidecar
from providers.local.disk import PART, link, written
from providers.local.failures import MISSING, PASSING, storage_errors
from providers.local.focal import listed_focal

RESERVED: Final = ".sizewise"
"""The sub-folder for files that are being written, and for sidecars."""

_FOCAL: Final = "focal.json"
"""A file in RESERVED that people write: see `providers.local.focal`."""

_STALE: Final = 3600
"""Seconds after which an unfinished file is considered left by a killed process."""


@dataclass(frozen=True)
class OpenFile:
    """A stored file, open for reading at its start. The caller closes it.

    `length` is in bytes, `modified` in seconds since 1970.
    """

    file: BinaryIO
    length: int
    modified: float
    description: Description


class FolderStorage:
    """The storage interface (port) for one folder, which must exist; see `core.storage.Storage`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._inside = os.path.join(self._root, "")  # noqa: PTH118 -- pathlib drops the slash at its end
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
        if opened.length > max_bytes:
            opened.file.close()
            raise too_large(key, max_bytes)
        with opened.file, storage_errors():
            data = opened.file.read(opened.length + 1)
            if len(data) != opened.length or etag(os.fstat(opened.file.fileno())) != opened.description.etag:
                raise OSError(errno.EAGAIN, "the file changed while it was read")
        return self._with_focal(key, opened.description).with_data(data)

    def create(self, key: str, new: NewObject) -> bool:
        """Stores a file unless the key is taken; see the port."""
        path = self._resolved(key)
        if path is None:
            raise StorageRefused
        with storage_errors():
            if not self._root.is_dir():
                raise FileNotFoundError(errno.ENOENT, "no such folder", self._root)
            self._reserved.mkdir(exist_ok=True)
            with written(self._reserved, new.data) as part:
                return self._linked(part, path, new)

    def open(self, key: str) -> OpenFile | None:
        """The file under the key, None if there is none inside the folder. Raises the port's errors."""
        path = self._resolved(key)
        file = _opened(path) if path else None
        if file is None:
            if not self._root.is_dir():
                raise StorageRefused from FileNotFoundError(errno.ENOENT, "no such folder", str(self._root))
            return None
        try:
            with storage_errors():
                status, start = os.fstat(file.fileno()), file.read(SIGNATURE_BYTES)
                file.seek(0)
                return OpenFile(file, status.st_size, status.st_mtime, self._description(status, start))
        except BaseException:
            file.close()
            raise

    def _resolved(self, key: str) -> Path | None:
        """The path of a key's file, with symbolic links followed; None if it is outside the folder."""
        try:
            # pathlib takes five times as long for this, and each miss does it four times.
            path = os.path.realpath(os.path.join(self._root, key))  # noqa: PTH118
        except (OSError, ValueError):  # The key has a NUL.
            return None
        reserved = f"{path}/".startswith(f"{self._reserved}/")
        return Path(path) if path.startswith(self._inside) and not reserved else None

    def _description(self, status: os.stat_result, start: bytes) -> Description:
        """The description of a file with this status. Without a sidecar, its first bytes tell its type."""
        tag = etag(status)
        return sidecar.read(self._sidecar(status), tag) or Description(tag, content_type(start), "", {})

    def _with_focal(self, key: str, described: Description) -> Description:
        """The description with the focal point that is listed for the key, if any."""
        focal = listed_focal(self._reserved / _FOCAL, key)
        if focal is None:
            return described
        return replace(described, metadata={**described.metadata, "focal": focal})

    def _sidecar(self, status: os.stat_result) -> Path:
        # A sidecar is named by its file's inode and time, not by the key. So it can be stored before the file has its
        # name, and it does not apply to a file that somebody puts in place of this one.
        return self._reserved / f"{status.st_ino}-{status.st_mtime_ns}.json"

    def _linked(self, part: Path, path: Path, new: NewObject) -> bool:
        """Stores a written file's sidecar, then gives the file its key's name. False if the name is taken."""
        beside = self._sidecar(part.stat())
        linked = False
        try:
            sidecar.store(beside, new)
            linked = link(part, path)
            if not linked and not path.is_file():
                raise FileExistsError(errno.EEXIST, "the variant's name is taken, but not by a file")
        finally:
            if not linked:
                beside.unlink(missing_ok=True)
        return linked

    def _sweep(self) -> None:
        with suppress(OSError):
            for part in self._reserved.glob(f"*{PART}"):
                status = part.stat()
                if status.st_mtime < time.time() - _STALE:
                    # A file with only one name never got its key's name, so its sidecar belongs to no stored file.
                    if status.st_nlink == 1:
                        self._sidecar(status).unlink(missing_ok=True)
                    part.unlink(missing_ok=True)


def check_writable(root: Path) -> None:
    """Tries to store a file in the folder, as variants are stored, and deletes it again.

    Raises SettingsError if the file can't be stored, but not for a cause that can pass, such as a full disk: requests
    are then answered with a 503.
    """
    own = root / RESERVED
    step = ""
    try:
        with (
            TemporaryDirectory(prefix=f"{RESERVED}-", dir=root) as tried,
            written(own if own.exists() else Path(tried), b"Sizewise tries the folder.") as part,
        ):
            step = "its file system has no hard links, which Sizewise needs so that it never overwrites a variant: "
            link(part, Path(tried) / "link")
    except OSError as error:
        if error.errno not in PASSING:
            raise SettingsError(
                f"No variants can be stored in {root}: {step}{error.strerror}. Serve another folder (BUCKET), "
                "and name this one with ORIGINALS_BUCKET if your images are in it."
            ) from error


def etag(status: os.stat_result) -> str:
    """A strong entity tag (RFC 9110, section 8.8.3) of a file with this status."""
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'


def _opened(path: Path) -> BinaryIO | None:
    """The file, opened for reading; None if there is no file."""
    with storage_errors():
        try:
            # Opening a pipe would wait for its writer.
            return path.open("rb") if S_ISREG(path.stat().st_mode) else None
        except OSError as error:
            if error.errno in MISSING:
                return None
            raise
