"""Content codings: originals that were compressed before they were stored."""

import zlib
from gzip import GzipFile
from io import BytesIO
from typing import Final

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.storage import StoredObject, too_large

_GZIP: Final = ("gzip", "x-gzip")
"""RFC 9110, section 8.4.1.3."""

_MEMBER: Final = b"\x1f\x8b\x08"
"""How each part of a gzip file begins (RFC 1952, section 2.3.1), and other bytes by chance."""

_MOST_MEMBERS: Final = 10_000


def decoded(key: str, original: StoredObject, max_bytes: int) -> bytes:
    """The bytes of an original without its Content-Encoding (RFC 9110, section 8.4), up to `max_bytes` of them.

    Raises UnsupportedFormat, naming any coding but gzip; BrokenOriginal; TooLarge.
    """
    named = [coding.strip().lower() for coding in original.content_encoding.split(",")]
    codings = [coding for coding in named if coding not in ("", "identity")]
    if not codings:
        return original.data
    if len(codings) > 1 or codings[0] not in _GZIP:
        raise UnsupportedFormat(
            f"The image is stored with Content-Encoding: {original.content_encoding}. Only gzip is decoded here."
        )
    if original.data.count(_MEMBER) > _MOST_MEMBERS:
        raise TooLarge(f"The image is a gzip file of more than {_MOST_MEMBERS} members.")
    try:
        with GzipFile(fileobj=BytesIO(original.data)) as file:
            data = file.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenOriginal("The image is stored with Content-Encoding: gzip, but is no whole gzip file.") from error
    if len(data) > max_bytes:
        raise too_large(key, max_bytes)
    return data
