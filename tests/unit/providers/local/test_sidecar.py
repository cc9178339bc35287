"""The sidecar of a variant's file: damaged, unreadable, after a power cut, and left over."""

import errno
import json
import os
from pathlib import Path

import pytest

from core.errors import StorageUnavailable
from core.storage import NewObject
from providers.local.storage import RESERVED, FolderStorage
from tests.support.pictures.samples import CAT
from tests.unit.providers.local.conftest import LIMIT, fail, sidecar_of

DAMAGED = (
    *(b"", b"{", b'{"content_type": "image/jp', b"text", b"\xff\xfe", b"\0" * 90, b"[" * 99_999),
    *(b"[]", b"null", b"1", b'"text"', b"{}", b'{"content_type": "image/gif"}'),
    b'{"content_type": 1, "cache_control": "no-store", "metadata": {}}',
    b'{"content_type": "image/gif", "cache_control": null, "metadata": {}}',
    b'{"content_type": "image/gif", "cache_control": "no-store", "metadata": ["a"]}',
    b'{"content_type": "image/gif", "cache_control": "no-store", "metadata": {"a": 1}}',
    b'{"content_type": "image/gif\\r\\nX: y", "cache_control": "no-store", "metadata": {}}',
    b'{"content_type": "image/gif", "cache_control": "\\u2028", "metadata": {}}',
)
"""Damaged and changed sidecars."""


@pytest.mark.parametrize("kept", DAMAGED)
def test_a_file_with_a_damaged_sidecar_is_read_like_one_without(tmp_path: Path, kept: bytes) -> None:
    folder = FolderStorage(tmp_path)
    folder.create("600x/cat.jpg", NewObject(CAT, "image/gif", "no-store", {"originaletag": "1"}))
    sidecar_of(tmp_path, "600x/cat.jpg").write_bytes(kept)
    assert_as_without_sidecar(folder, "600x/cat.jpg")


def test_a_file_with_an_unreadable_sidecar_is_read_like_one_without(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    folder.create("600x/cat.jpg", NewObject(CAT, "image/gif", "no-store", {"originaletag": "1"}))
    sidecar_of(tmp_path, "600x/cat.jpg").unlink()
    sidecar_of(tmp_path, "600x/cat.jpg").mkdir()
    assert_as_without_sidecar(folder, "600x/cat.jpg")


def assert_as_without_sidecar(folder: FolderStorage, key: str) -> None:
    stored, found = folder.read(key, LIMIT), folder.find(key)
    assert found
    for described in (stored, found):
        assert (described.content_type, described.cache_control, dict(described.metadata)) == ("image/jpeg", "", {})
    assert stored.data == CAT


@pytest.mark.parametrize("code", [errno.EMFILE, errno.EIO])
def test_a_file_is_unavailable_while_its_sidecar_can_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Causes are too many open files and a failing disk. A test can't have these for one file, so the call fails."""
    folder = FolderStorage(tmp_path)
    folder.create("600x/cat.jpg", NewObject(CAT, "image/jpeg", "no-store"))
    monkeypatch.setattr(Path, "read_bytes", lambda _: fail(code))
    for method in (folder.find, folder.open, lambda key: folder.read(key, LIMIT)):
        with pytest.raises(StorageUnavailable):
            method("600x/cat.jpg")


def test_a_power_cut_leaves_no_variant_without_its_sidecar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the variant gets its name, its bytes and the whole sidecar are on the disk.

    File systems with a journal keep that order of names.
    """
    synced: list[int] = []
    real_sync, real_link = os.fsync, os.link

    def sync(handle: int) -> None:
        real_sync(handle)
        synced.append(os.fstat(handle).st_ino)

    def link(part: Path, path: Path) -> None:
        reserved = tmp_path / RESERVED
        (kept,) = reserved.glob("*.json")
        assert json.loads(kept.read_text())["content_type"] == "image/jpeg"
        assert synced == [part.stat().st_ino, kept.stat().st_ino]
        real_link(part, path)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    assert FolderStorage(tmp_path).create("600x/cat.jpg", NewObject(CAT, "image/jpeg"))


def test_the_sidecar_of_an_unfinished_variant_of_a_killed_process_is_removed_with_it(tmp_path: Path) -> None:
    """The process was killed just before the variant got its name, or just after."""
    reserved = tmp_path / RESERVED
    reserved.mkdir()
    for name in ("unfinished", "finished"):
        (reserved / f"{name}.part").write_bytes(CAT)
        os.utime(reserved / f"{name}.part", (0, 0))
        kept = {"content_type": "image/gif", "cache_control": "", "metadata": {}}
        sidecar_of(tmp_path, f"{RESERVED}/{name}.part").write_text(json.dumps(kept))
    (tmp_path / "cat.jpg").hardlink_to(reserved / "finished.part")
    assert FolderStorage(tmp_path).read("cat.jpg", LIMIT).content_type == "image/gif"
    assert list(reserved.iterdir()) == [sidecar_of(tmp_path, "cat.jpg")]
