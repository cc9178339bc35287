"""Content codings: originals that were compressed before they were stored."""

import zlib
from typing import Final

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.storage import StoredObject, too_large

_GZIP: Final = ("gzip", "x-gzip")
"""The names of gzip in Content-Encoding (RFC 9110, section 8.4.1.3)."""

_GZIP_BITS: Final = 31
"""zlib's `wbits` for data with a gzip header (zlib's manual, inflateInit2)."""

_PIECE: Final = 64 * 1024
"""Bytes that are decoded at a time. They are few, because zlib copies those that follow a member's end."""

_MOST_MEMBERS: Final = 10_000


def decoded(key: str, original: StoredObject, max_bytes: int) -> bytes:
    """The bytes of an original without its Content-Encoding (RFC 9110, section 8.4).

    Raises UnsupportedFormat for several codings or any other than gzip, BrokenOriginal for a damaged gzip file, and
    TooLarge for more than `max_bytes` decoded bytes or too many gzip members.
    """
    named = [coding.strip().lower() for coding in original.content_encoding.split(",")]
    codings = [coding for coding in named if coding not in ("", "identity")]
    if not codings:
        return original.data
    if len(codings) > 1 or codings[0] not in _GZIP:
        raise UnsupportedFormat(
            f"The image is stored with Content-Encoding: {original.content_encoding}. Only gzip is supported."
        )
    try:
        return _ungzipped(key, original.data, max_bytes)
    except (EOFError, zlib.error) as error:
        raise BrokenOriginal(
            "The image is stored with Content-Encoding: gzip, but is not a complete gzip file."
        ) from error


def _ungzipped(key: str, data: bytes, max_bytes: int) -> bytes:
    """The members of a gzip file (RFC 1952, section 2.2), decompressed and joined. Zeros after a member are skipped.

    The standard library's gzip is slower: it reads headers, which can be long, byte by byte in Python. Raises TooLarge,
    zlib.error for invalid data, and EOFError for a truncated or missing member.
    """
    parts: list[bytes] = []
    left, members, member = max_bytes, 0, None
    for start in range(0, len(data), _PIECE):
        rest = data[start : start + _PIECE]
        while rest := rest if member or not members else rest.lstrip(b"\0"):
            if member is None:
                member, members = zlib.decompressobj(_GZIP_BITS), members + 1
            part = member.decompress(rest, left + 1)
            parts.append(part)
            left -= len(part)
            if left < 0:
                raise too_large(key, max_bytes)
            if members > _MOST_MEMBERS:
                raise TooLarge(f"The image is a gzip file of more than {_MOST_MEMBERS} members: compress it as one.")
            rest = member.unused_data
            member = None if member.eof else member
    if member or not members:
        raise EOFError(key)
    return b"".join(parts)
