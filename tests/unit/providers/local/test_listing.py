"""The front page's list: the files of a folder, their order, and what a search finds."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import BadKey, NotFound
from providers.local import listing
from providers.local.listing import Found, Listing

LONG_AGO = 1_000_000_000


def put(root: Path, *keys: str) -> None:
    for key in keys:
        path = root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def everything(root: Path, folder: str = "", search: str = "") -> Found:
    return Listing(root).find(folder, search, 0, 1000)


def test_images_of_every_decoded_format_are_listed_and_nothing_else(tmp_path: Path) -> None:
    images = ["a.jpg", "b.JPEG", "c.png", "d.webp", "e.avif", "f.gif", "g.heic", "h.HEIF", "i.tif", "j.tiff", "k.bmp"]
    put(tmp_path, *images, "notes.txt", "drawing.svg", "page.html", "jpg", "raw.cr2")
    assert everything(tmp_path) == Found(images, len(images), {}, complete=True)


def test_a_folder_s_own_images_come_before_those_of_its_folders(tmp_path: Path) -> None:
    put(tmp_path, "b/1.jpg", "z.jpg", "b/a/2.jpg", "A/3.jpg", "b/b/c/4.jpg")
    found = everything(tmp_path)
    assert found.keys == ["z.jpg", "A/3.jpg", "b/1.jpg", "b/a/2.jpg", "b/b/c/4.jpg"]
    assert found.folders == {"A": 1, "b": 3}
    below = everything(tmp_path, "b")
    assert (below.keys, below.folders) == (["b/1.jpg", "b/a/2.jpg", "b/b/c/4.jpg"], {"b/a": 1, "b/b": 1})


def test_no_variant_and_no_hidden_file_is_listed(tmp_path: Path) -> None:
    put(
        tmp_path, "cat.jpg", "600x/cat.jpg", "300x200-top.webp/cat.jpg", ".sizewise/cat.jpg", ".git/cat.jpg", ".cat.jpg"
    )
    put(tmp_path, "albums/600x/cat.jpg")  # Only a folder at the top can have variants.
    assert everything(tmp_path).keys == ["cat.jpg", "albums/600x/cat.jpg"]


def test_a_file_that_can_not_be_requested_is_not_listed(tmp_path: Path) -> None:
    put(tmp_path, "cat.jpg", "1/" * 505 + "cat.jpg")
    for name in (b"\xff.jpg", b"a\nb.jpg", b"a\\b.jpg"):
        with suppress(OSError):  # Not every file system has every name.
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "broken.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "inside.jpg").symlink_to("cat.jpg")
    (tmp_path / "outside.jpg").symlink_to(__file__)
    assert everything(tmp_path).keys == ["cat.jpg", "inside.jpg"]


def test_a_folder_outside_the_root_is_not_listed(tmp_path: Path) -> None:
    root = tmp_path / "images"
    put(root, "cat.jpg")
    put(tmp_path, "other/secret.jpg")
    (root / "way").symlink_to("../other")
    assert everything(root).keys == ["cat.jpg"]
    for folder in ("..", "../other", "/", str(tmp_path), "a/../..", ".sizewise"):
        with pytest.raises(BadKey):
            everything(root, folder)
    for folder in ("way", "nowhere", "cat.jpg"):
        with pytest.raises(NotFound):
            everything(root, folder)


def test_a_search_finds_each_word_anywhere_whatever_its_case_and_accents(tmp_path: Path) -> None:
    put(tmp_path, "Albums/Café 1.jpg", "albums/cafe\u0301 2.jpg", "Straße.jpg", "other.jpg")
    assert len(everything(tmp_path, search="CAFÉ").keys) == len(everything(tmp_path, search="cafe").keys) == 2
    assert everything(tmp_path, search=" 2  albums ").keys == ["albums/cafe\u0301 2.jpg"]
    assert everything(tmp_path, search="STRASSE").keys == ["Straße.jpg"]
    assert everything(tmp_path, search="nobody") == Found([], 0, {}, complete=True)


def test_the_pages_together_are_the_whole_list(tmp_path: Path) -> None:
    names = [f"{number:02}.jpg" for number in range(25)]
    put(tmp_path, *names)
    pages = [Listing(tmp_path).find("", "", start, 10) for start in (0, 10, 20, 30)]
    assert [page.keys for page in pages] == [names[:10], names[10:20], names[20:], []]
    assert {page.total for page in pages} == {25}


def test_new_and_deleted_images_change_the_list_at_once(tmp_path: Path) -> None:
    put(tmp_path, "albums/cat.jpg")
    kept = Listing(tmp_path)
    for number in range(5):
        assert kept.find("", "", 0, 9).total == number + 1
        put(tmp_path, f"albums/{number}.jpg")
    (tmp_path / "albums" / "cat.jpg").unlink()
    assert kept.find("", "", 0, 9).total == 5


def test_an_unchanged_folder_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "albums/cat.jpg")
    for folder in (tmp_path / "albums", tmp_path):
        os.utime(folder, (LONG_AGO, LONG_AGO))
    kept = Listing(tmp_path)
    before = kept.find("", "", 0, 9)
    monkeypatch.setattr(os, "scandir", None)
    assert kept.find("", "", 0, 9) == before


def test_a_folder_with_too_many_files_has_a_list_marked_as_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_ENTRIES", 10)
    put(tmp_path, *(f"{folder}/{name}.jpg" for folder in "abc" for name in range(8)))
    assert (everything(tmp_path).total, everything(tmp_path).complete) == (8, False)
    assert everything(tmp_path, "c").complete
