"""Conditional and range requests for a stored representation: RFC 9110, sections 13 and 14."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal

from werkzeug.datastructures import Headers
from werkzeug.http import http_date, parse_date, parse_etags, unquote_etag

from core.errors import SizewiseError

_RANGE: Final = re.compile(r"(?i:bytes)=(?:([0-9]{1,99})-([0-9]{0,99})|-([0-9]{1,99}))")
"""One range (RFC 9110, section 14.1.2). werkzeug's parser rejects `bytes=-0`, which is valid, as malformed."""

_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"
    r"|[A-Z][a-z]+, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8} GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9 ][0-9] [0-9:]{8} [0-9]{4}"
)
"""The forms of a date (RFC 9110, section 5.6.7). werkzeug's parser accepts others, and fails at a year of 19 digits."""


class PreconditionFailed(SizewiseError):
    """The request is for another version of the representation than the current one."""

    status: ClassVar[int] = 412


class RangeNotSatisfiable(SizewiseError):
    """The range has none of the representation's `length` bytes."""

    status: ClassVar[int] = 416

    def __init__(self, length: int) -> None:
        super().__init__(f"The Range header asks for none of the image's {length} bytes: the first is number 0.")
        self.length = length


@dataclass(frozen=True)
class Validators:
    """The validators of a representation's version: a strong ETag, and Last-Modified in seconds since 1970."""

    etag: str
    modified: int

    @property
    def last_modified(self) -> str:
        """The Last-Modified header's value."""
        return http_date(self.modified)

    def is_modified_since(self, date: str) -> bool | None:
        """Whether this version is modified since a header's date; None if the header has no valid date."""
        since = parse_date(date) if _DATE.fullmatch(date) else None
        return None if since is None else datetime.fromtimestamp(self.modified, UTC) > since


@dataclass(frozen=True)
class Selection:
    """The answer to send: the whole representation (200), a part of it (206), or "not modified" (304).

    `part` has the numbers of the bytes to send.
    """

    status: Literal[200, 206, 304]
    part: range


def select(method: str, headers: Headers, validators: Validators, length: int) -> Selection:
    """Selects the answer to a GET or HEAD of a representation of `length` bytes.

    The headers are evaluated in the order of RFC 9110, section 13.2.2. Raises PreconditionFailed and
    RangeNotSatisfiable.
    """
    if not _is_expected(headers, validators):
        raise PreconditionFailed("The image is not the version that If-Match or If-Unmodified-Since asks for.")
    if _is_known(headers, validators):
        return Selection(304, range(0))
    # Section 13.1.5: If-Range has one strong ETag, or exactly the date. werkzeug's parser does not mark weak ETags.
    same = headers.get("If-Range", validators.etag) in (validators.etag, validators.last_modified)
    part = _part(headers.get("Range", ""), length) if same and method == "GET" else None
    return Selection(200, range(length)) if part is None else Selection(206, part)


def _is_expected(headers: Headers, validators: Validators) -> bool:
    """Whether the current version is the one that the request is for (RFC 9110, sections 13.1.1 and 13.1.4)."""
    if "If-Match" in headers:
        return parse_etags(headers["If-Match"]).contains(unquote_etag(validators.etag)[0])
    return not validators.is_modified_since(headers.get("If-Unmodified-Since", ""))


def _is_known(headers: Headers, validators: Validators) -> bool:
    """Whether the client already has the current version (RFC 9110, sections 13.1.2 and 13.1.3)."""
    if "If-None-Match" in headers:
        return parse_etags(headers["If-None-Match"]).contains_weak(unquote_etag(validators.etag)[0])
    return validators.is_modified_since(headers.get("If-Modified-Since", "")) is False


def _part(text: str, length: int) -> range | None:
    """The bytes that a Range header asks for; None if the header is ignored.

    A server may ignore the header (RFC 9110, section 14.2). This server ignores one that is malformed, or has another
    unit or several ranges.
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    first, last, suffix = found.groups()
    if first and last and int(last) < int(first):
        return None
    whole = range(length)
    part = whole[int(first) : int(last) + 1 if last else None] if first else whole[max(0, length - int(suffix)) :]
    if part:
        return part
    # The last bytes of an empty file are the whole file, but no Content-Range can express that.
    if suffix and int(suffix):
        return None
    raise RangeNotSatisfiable(length)
