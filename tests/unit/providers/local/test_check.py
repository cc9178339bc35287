"""The check of a folder at start: whether variants can be stored in it."""

import errno
import os
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.storage import NewObject
from providers.local.storage import RESERVED, FolderStorage, check_writable
from tests.unit.providers.local.conftest import fail


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_folder_on_a_file_system_without_hard_links_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Examples are exFAT and some network folders. A test can't mount them, so it makes the call fail as theirs."""
    monkeypatch.setattr(os, "link", lambda *_: fail(code))
    with pytest.raises(SettingsError, match=f"in {tmp_path}: its file system has no hard links, .*ORIGINALS_BUCKET"):
        check_writable(tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_a_missing_folder_and_one_with_a_file_named_sizewise_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        check_writable(tmp_path / "nowhere")
    (tmp_path / RESERVED).touch()
    with pytest.raises(SettingsError, match="Not a directory"):
        check_writable(tmp_path)


def test_the_check_leaves_no_file(tmp_path: Path) -> None:
    check_writable(tmp_path)
    assert list(tmp_path.rglob("*")) == []
    FolderStorage(tmp_path).create("600x/cat.jpg", NewObject(b"cat"))
    before = sorted(tmp_path.rglob("*"))
    check_writable(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["fsync", "link"])
def test_a_full_disk_does_not_prevent_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Stored variants can be served, and there may be space later. A test can't fill a disk, so the call fails."""
    monkeypatch.setattr(os, name, lambda *_: fail(errno.ENOSPC))
    check_writable(tmp_path)
    assert list(tmp_path.rglob("*")) == []
