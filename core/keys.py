"""Keys and paths: `{size}/{image}` is the variant's key and, percent-encoded, its URL's path."""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from core.errors import BadKey
from core.size import is_size

_MAX_BYTES: Final = 1024
"""The longest key that S3 and Cloud Storage allow, in bytes of UTF-8. A variant's key is longer than its original's."""

CONTROL: Final = r"\x00-\x1f\x7f-\x9f"
"""Control characters, Unicode's category Cc, as a part of a regular expression's set."""

_REFUSED: Final = re.compile(rf"[\\{CONTROL}]")
"""A backslash, or a control character."""


def from_path(path: str) -> str:
    """A URL's percent-encoded path as text, decoded exactly once; a plus sign stays a plus sign.

    A percent sign that starts no escape stays too (WHATWG URL, percent-decode).
    Raises BadKey if the bytes are not UTF-8.
    """
    try:
        return unquote_to_bytes(path).decode()
    except UnicodeError as error:
        raise BadKey("The path is not UTF-8: percent-encode the image's name as UTF-8.") from error


def to_path(key: str) -> str:
    """A key as a URL's path: each segment percent-encoded once, the slashes kept."""
    return quote(key, safe="/")


def split(path: str) -> tuple[str, str]:
    """A decoded path's first segment and the key after it.

    Raises BadKey for a variant's key, and for a key that a store cannot keep or could misread.
    """
    segment, _, key = path.removeprefix("/").partition("/")
    check(key)
    folder, below, _ = key.partition("/")
    # A key without a folder is never a variant's: 320x213.jpg is only a name.
    if below and is_size(folder):
        raise BadKey("A variant has no variants: write the original's own key after the size.")
    return segment, key


def check(key: str) -> None:
    """Raises BadKey unless an original or a variant may have the decoded key."""
    if not key:
        raise BadKey("No image is named: request /{size}/{image}, such as /600x400/albums/cat.jpg.")
    if len(key.encode()) > _MAX_BYTES:
        raise BadKey(f"The key is too long: it can have up to {_MAX_BYTES} bytes of UTF-8, including the size.")
    segments = key.split("/")
    if any(segment in ("", ".", "..") for segment in segments):
        raise BadKey("The key has an empty, '.' or '..' segment: name the image without them.")
    # By convention a dot hides a file: .env, .git, and files that a storage adapter keeps next to the images.
    if any(segment.startswith(".") for segment in segments):
        raise BadKey("The key has a segment that begins with a dot: such files are not served.")
    if _REFUSED.search(key):
        raise BadKey("The key has a backslash or a control character: name the image without them.")
