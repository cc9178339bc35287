"""The images of a folder, as the front page lists and searches them."""

import os
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import BadKey, NotFound
from core.keys import check
from core.size import is_size

_ENDINGS: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".avif", ".gif"),
    *(".heic", ".heif", ".hif", ".tif", ".tiff", ".bmp"),
)
"""The endings of images' names, in lower case."""

_LONGEST_SIZE: Final = "10000x10000-bottomright-bgffffff-q100.webp"
"""Listed keys must leave room for a size: a variant's key is longer than its original's."""

_MOST_ENTRIES: Final = 200_000
"""Entries read for one list, which takes half a second. A home folder can have millions."""

_LONGEST_SEARCH: Final = 200
"""Characters of a search that are used."""

_SETTLED: Final = 2.0
"""Seconds after which a folder's next change gets a different modification time, on any file system."""


@dataclass(frozen=True)
class Found:
    """The images that a search found.

    `keys` are the requested part of `total`. `folders` are the folders directly below the searched one, each with the
    number of images found below it. `complete` is False if there were too many files to read.
    """

    keys: list[str]
    total: int
    folders: dict[str, int]
    complete: bool


@dataclass(frozen=True)
class _Entries:
    """The content of one folder: the keys of its images and folders, and the number of all its entries."""

    images: tuple[str, ...]
    folders: tuple[str, ...]
    looked_at: int


class Listing:
    """The images below a folder. The content of each folder is cached until that folder changes."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._kept: dict[str, tuple[int, _Entries]] = {}

    def find(self, folder: str, search: str, start: int, count: int) -> Found:
        """Finds the images below a folder ("" is the root) whose keys have each word of the search.

        Ignores case and accents. Returns `count` of the images, from number `start` on. Raises BadKey for an invalid
        folder, and NotFound for a missing one.
        """
        keys, complete = self._below(folder)
        words = set(_folded(search[:_LONGEST_SEARCH]).split())
        found = [key for key in keys if _has(_folded(key), words)] if words else keys
        depth = folder.count("/") + 1 if folder else 0
        parts = (key.split("/", depth + 1) for key in found)
        folders = Counter("/".join(part[: depth + 1]) for part in parts if len(part) > depth + 1)
        return Found(found[start : start + count], len(found), dict(sorted(folders.items())), complete)

    def images(self) -> Iterator[str]:
        """The keys of all images in the list's order, one by one."""
        for entries in self._walk(""):
            yield from entries.images

    def _below(self, folder: str) -> tuple[list[str], bool]:
        """The keys of the images below a folder, and whether these are all."""
        if folder:
            check(folder)
            path = (self._root / folder).resolve()
            of_variants = is_size(folder.split("/", 1)[0])
            if of_variants or not path.is_relative_to(self._root) or not path.is_dir():
                raise NotFound(f"There is no folder {folder!r}.")
        keys: list[str] = []
        looked_at = 0
        for entries in self._walk(folder):
            keys += entries.images
            looked_at += entries.looked_at
        return keys, looked_at <= _MOST_ENTRIES

    def _walk(self, folder: str) -> Iterator[_Entries]:
        """The content of a folder, then of each folder below it, until the limit is passed."""
        waiting, looked_at = [folder], 0
        while waiting and looked_at <= _MOST_ENTRIES:
            entries = self._entries(waiting.pop())
            looked_at += entries.looked_at
            yield entries
            waiting.extend(reversed(entries.folders))

    def _entries(self, folder: str) -> _Entries:
        path = self._root / folder
        try:
            changed = path.stat().st_mtime_ns
            kept_at, entries = self._kept.get(folder, (0, _Entries((), (), 0)))
            if kept_at != changed:
                entries = _scanned(self._root, folder)
                if time.time() - changed / 1e9 > _SETTLED:
                    self._kept[folder] = (changed, entries)
        except OSError:  # It is gone, or not readable.
            return _Entries((), (), 1)
        return entries


def _scanned(root: Path, folder: str) -> _Entries:
    """The content of a folder that can be requested: no hidden files, no variants, nothing outside the root."""
    images, folders, looked_at = [], [], 0
    with os.scandir(root / folder) as entries:
        for entry in entries:
            looked_at += 1
            key = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.lower().endswith(_ENDINGS) and _is_readable(entry, root) and _is_key(key):
                images.append(key)
            elif entry.is_dir(follow_symlinks=False) and _is_key(key) and (folder or not is_size(key)):
                folders.append(key)
    return _Entries(tuple(sorted(images, key=_in_order)), tuple(sorted(folders, key=_in_order)), looked_at)


def _is_readable(entry: "os.DirEntry[str]", root: Path) -> bool:
    if not entry.is_file() or not os.access(entry.path, os.R_OK):
        return False
    return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)


def _is_key(key: str) -> bool:
    try:
        check(f"{_LONGEST_SIZE}/{key}")
    except (BadKey, UnicodeError):  # UnicodeError: a name that is not UTF-8.
        return False
    return True


def _has(text: str, words: set[str]) -> bool:
    return all(word in text for word in words)


def _in_order(key: str) -> tuple[str, str]:
    return _folded(key), key


def _folded(text: str) -> str:
    """The text without case and accents, which some file systems store as separate characters."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))
