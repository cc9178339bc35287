"""Files that are written or read while the disk fails, or while another program writes them."""

import errno
import os
import resource
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from core.errors import StorageRefused, StorageUnavailable
from core.storage import NewObject
from providers.local import sidecar
from providers.local.storage import RESERVED, FolderStorage
from tests.contract.suite import RecordProperty
from tests.support.pictures.samples import CAT
from tests.unit.providers.local.conftest import LIMIT, fail

CHANGES: dict[str, Callable[[Path], object]] = {
    "shrinks": lambda path: os.truncate(path, 100),
    "is emptied": lambda path: os.truncate(path, 0),
    "grows": lambda path: os.truncate(path, len(CAT) + 1),
    "is rewritten": lambda path: path.write_bytes(CAT[::-1]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, record_property: RecordProperty
) -> None:
    """The change comes after its length was read, when its sidecar is read."""
    path = tmp_path / "cat.jpg"
    path.write_bytes(CAT)
    os.utime(path, (0, 0))
    monkeypatch.setattr(sidecar, "read", lambda *_: CHANGES[change](path) and None)
    with pytest.raises(StorageUnavailable) as raised:
        FolderStorage(tmp_path).read("cat.jpg", LIMIT)
    assert "changed" in str(raised.value.__cause__)
    record_property("store", "changed\tread\t503\t0.0")


def test_a_file_whose_stated_size_is_wrong_is_unavailable() -> None:
    """This happens in a network folder whose server has changed the file. Linux has such files in /proc."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux has such a file")
    with pytest.raises(StorageUnavailable):
        FolderStorage(Path("/proc/self")).read("status", LIMIT)


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(os, "fsync", 1), (os, "fsync", 2), (os, "fchmod", 2), (Path, "replace", 1), (os, "link", 1)],
    ids=["its bytes", "the sidecar", "a part of the sidecar", "its place", "the key"],
)
def test_a_failed_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int
) -> None:
    """The disk is full at any step. A test can't fill a disk, so the call fails."""
    real, calls = getattr(owner, name), count(1)
    monkeypatch.setattr(
        owner, name, lambda *given, **named: fail(errno.ENOSPC) if next(calls) == call else real(*given, **named)
    )
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path).create("600x/albums/cat.jpg", NewObject(CAT, "image/jpeg"))
    assert list(tmp_path.rglob("*")) == [tmp_path / RESERVED]
    assert next(calls) > call


def test_a_sidecar_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files simulates it: the image is within it, the sidecar is not."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(StorageUnavailable):
            FolderStorage(tmp_path).create("600x/cat.jpg", NewObject(b"cat", metadata={"originaletag": "1" * 2000}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.rglob("*")) == [tmp_path / RESERVED]


def test_an_existing_folder_is_kept_when_a_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "600x").mkdir()
    monkeypatch.setattr(os, "link", lambda *_: fail(errno.ENOSPC))
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path).create("600x/albums/cat.jpg", NewObject(CAT))
    assert [path.name for path in tmp_path.iterdir() if path.name != RESERVED] == ["600x"]
    assert list((tmp_path / "600x").iterdir()) == []


def test_a_file_in_place_of_the_variants_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "600x").write_bytes(b"a file")
    with pytest.raises(StorageRefused):
        FolderStorage(tmp_path).create("600x/cat.jpg", NewObject(CAT))
