"""The folder adapter: the contract, and the rules that only a folder needs."""

import errno
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import NotFound, StorageRefused, StorageUnavailable
from core.storage import NewObject, Storage
from providers.local import storage
from providers.local.storage import FolderStorage
from tests.contract.suite import LIMIT, FailureContract, StorageContract


class TestFolder(StorageContract, FailureContract):
    @pytest.fixture
    def bucket(self, tmp_path: Path) -> Storage:
        return FolderStorage(tmp_path)

    @pytest.fixture
    def absent(self, tmp_path: Path) -> Storage:
        return FolderStorage(tmp_path / "nowhere")

    @pytest.fixture
    def unreachable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
        """A network folder whose server is gone, simulated by calls that fail: a test can't make a real one."""

        def fails(*_: object, **__: object) -> None:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

        monkeypatch.setattr(Path, "stat", fails)
        monkeypatch.setattr(tempfile, "mkstemp", fails)
        monkeypatch.setattr(Path, "is_dir", lambda _: True)
        monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
        return FolderStorage(tmp_path)

    @pytest.fixture
    def overwrite(self, tmp_path: Path) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            (tmp_path / key).write_bytes(data)

        return write


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A secret next to the folder `inside`."""
    (tmp_path / "inside").mkdir()
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"secret")
    return secret


@pytest.mark.parametrize("key", ["../secret.jpg", "link.jpg", "linked/secret.jpg", "a/../../secret.jpg", "{absolute}"])
def test_no_key_reads_a_file_outside_the_folder(outside: Path, key: str) -> None:
    inside = outside.parent / "inside"
    (inside / "link.jpg").symlink_to(outside)
    (inside / "linked").symlink_to(outside.parent)
    folder = FolderStorage(inside)
    key = key.format(absolute=outside)
    assert folder.find(key) is None
    with pytest.raises(NotFound):
        folder.read(key, LIMIT)


@pytest.mark.parametrize("key", ["../new.jpg", "linked/new.jpg", "{absolute}"])
def test_nothing_is_written_outside_the_folder(outside: Path, key: str) -> None:
    inside = outside.parent / "inside"
    (inside / "linked").symlink_to(outside.parent)
    with pytest.raises(StorageRefused):
        FolderStorage(inside).create(key.format(absolute=outside.parent / "new.jpg"), NewObject(b"new"))
    assert not (outside.parent / "new.jpg").exists()


def test_a_file_that_is_being_written_can_not_be_requested(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    folder.create("600x/cat.jpg", NewObject(b"cat"))
    kept = [path.name for path in (tmp_path / storage.RESERVED).iterdir()]
    assert kept, "the test needs a file there"
    assert not any(folder.find(f"{storage.RESERVED}/{name}") for name in kept)
    with pytest.raises(StorageRefused):
        folder.create(f"{storage.RESERVED}/new", NewObject(b"new"))


def test_the_type_of_a_file_comes_from_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "named.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert FolderStorage(tmp_path).read("named.txt", LIMIT).content_type == "image/png"


def test_a_folder_a_pipe_and_a_name_too_long_are_not_found(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    folder = FolderStorage(tmp_path)
    for key in ("folder", "pipe", "x" * 300, "folder\0", "pipe/below"):
        with pytest.raises(NotFound):
            folder.read(key, LIMIT)


def test_the_loser_of_a_race_leaves_no_file(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    folder.create("600x/cat.jpg", NewObject(b"cat"))
    before = sorted(tmp_path.rglob("*"))
    assert folder.create("600x/cat.jpg", NewObject(b"dog")) is False
    assert sorted(tmp_path.rglob("*")) == before


def test_files_of_a_killed_process_are_removed_an_hour_later(tmp_path: Path) -> None:
    reserved = tmp_path / storage.RESERVED
    reserved.mkdir()
    old, new = reserved / "old.part", reserved / "new.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    FolderStorage(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


POINTS = {"albums/cat.jpg": "30x70", "dög.jpg": "1x2", "odd.jpg": [30, 70], "none.jpg": None}


@pytest.mark.parametrize(
    ("key", "focal"),
    [("albums/cat.jpg", "30x70"), ("dög.jpg", "1x2"), ("odd.jpg", "[30, 70]"), ("none.jpg", "None"), ("cat.jpg", None)],
)
def test_a_focal_point_in_the_list_becomes_the_files_metadata(tmp_path: Path, key: str, focal: str | None) -> None:
    listed(tmp_path, json.dumps(POINTS))
    folder = FolderStorage(tmp_path)
    folder.create(key, NewObject(b"cat", metadata={"originaletag": "1"}))
    expected = {"originaletag": "1", **({"focal": focal} if focal else {})}
    assert folder.read(key, LIMIT).metadata == expected
    found = folder.find(key)
    assert found
    assert found.metadata == expected


@pytest.mark.parametrize("text", ["{", "[]", "30x70", "null", '"text"', "\xff", '{"cat.jpg": "30x70",}', "[" * 99_999])
def test_an_unreadable_list_gives_its_error_as_the_focal_point(tmp_path: Path, text: str) -> None:
    """It is no point that the core can parse: the core ignores it and logs it."""
    listed(tmp_path, text)
    (tmp_path / "cat.jpg").write_bytes(b"cat")
    focal = FolderStorage(tmp_path).read("cat.jpg", LIMIT).metadata["focal"]
    assert focal.startswith(".sizewise/focal.json: ")


def test_a_folder_in_place_of_the_list_gives_its_error_without_the_path(tmp_path: Path) -> None:
    (tmp_path / storage.RESERVED / "focal.json").mkdir(parents=True)
    (tmp_path / "cat.jpg").write_bytes(b"cat")
    focal = FolderStorage(tmp_path).read("cat.jpg", LIMIT).metadata["focal"]
    assert focal == f".sizewise/focal.json: {os.strerror(errno.EISDIR)}"


def test_a_list_that_can_not_be_read_at_the_moment_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example is too many open files. A variant rendered without the point would be stored."""
    listed(tmp_path, '{"cat.jpg": "30x70"}')
    (tmp_path / "cat.jpg").write_bytes(b"cat")

    def fails(_: Path) -> bytes:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(Path, "read_bytes", fails)
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path).read("cat.jpg", LIMIT)


def test_the_list_of_focal_points_can_not_be_requested(tmp_path: Path) -> None:
    listed(tmp_path, "{}")
    assert FolderStorage(tmp_path).find(".sizewise/focal.json") is None


def listed(root: Path, text: str) -> None:
    """Writes a folder's list of focal points."""
    (root / storage.RESERVED).mkdir()
    (root / storage.RESERVED / "focal.json").write_bytes(text.encode("latin-1"))


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_a_key_taken_by_a_folder_or_a_pipe_is_refused_with_the_reason(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """`find` does not find it: each request would render the variant again and could not store it."""
    (tmp_path / "600x").mkdir()
    make(tmp_path / "600x" / "cat.jpg")
    folder = FolderStorage(tmp_path)
    assert folder.find("600x/cat.jpg") is None
    with pytest.raises(StorageRefused) as raised:
        folder.create("600x/cat.jpg", NewObject(b"cat"))
    assert "not by a file" in str(raised.value.__cause__)
