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
"""How the names of images end, in lower case."""

_LONGEST_SIZE: Final = "10000x10000-bottomright-bgffffff-q100.webp"
"""A variant's key is longer than its original's, and has to be a key too."""

_MOST_ENTRIES: Final = 200_000
"""Files and folders that are looked at for one list: half a second. A home folder may have millions."""

_LONGEST_SEARCH: Final = 200
"""Characters of a search that count."""

_SETTLED: Final = 2.0
"""Seconds after which another change of a folder has another time, whatever the file system."""


@dataclass(frozen=True)
class Found:
    """Images that were looked for.

    `keys` are those of one page, of `total`. `folders` are the folders right below the one that was looked in, each
    with the number of images found below it. It is not `complete` where there were too many files to look at.
    """

    keys: list[str]
    total: int
    folders: dict[str, int]
    complete: bool


@dataclass(frozen=True)
class _Entries:
    """What is in one folder: the keys of its images and of its folders, and how many entries it has in all."""

    images: tuple[str, ...]
    folders: tuple[str, ...]
    looked_at: int


class Listing:
    """The images below a folder. What it knows of each folder is kept until that folder changes."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._kept: dict[str, tuple[int, _Entries]] = {}

    def find(self, folder: str, search: str, start: int, count: int) -> Found:
        """The images below a folder, by its key or "" for all, whose keys have each word of the search in any case.

        Of those, `count` from number `start` on. Raises BadKey and NotFound.
        """
        keys, complete = self._below(folder)
        words = set(_folded(search[:_LONGEST_SEARCH]).split())
        found = [key for key in keys if _has(_folded(key), words)] if words else keys
        depth = folder.count("/") + 1 if folder else 0
        parts = (key.split("/", depth + 1) for key in found)
        folders = Counter("/".join(part[: depth + 1]) for part in parts if len(part) > depth + 1)
        return Found(found[start : start + count], len(found), dict(sorted(folders.items())), complete)

    def images(self) -> Iterator[str]:
        """The keys of all images in the order of the list, as they are found."""
        for entries in self._walk(""):
            yield from entries.images

    def _below(self, folder: str) -> tuple[list[str], bool]:
        """The keys of the images below a folder, and whether those are all."""
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
        """What is in a folder, and then what is in each folder below it, until the limit is passed."""
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
        except OSError:  # It is gone, or closed to us.
            return _Entries((), (), 1)
        return entries


def _scanned(root: Path, folder: str) -> _Entries:
    """What is in a folder that can be asked for: no hidden file, no variants, nothing outside the root."""
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
    """The text without case and accents, which some file systems keep as characters of their own."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))
