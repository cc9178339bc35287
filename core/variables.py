"""How the text of an environment variable is read: a function per kind of value.

Each function returns the value of a text, and raises ValueError or BadSize for an invalid text.
"""

import re
from fractions import Fraction
from typing import Final
from urllib.parse import unquote, urlsplit

from core.imaging.formats import MAX_VARIANT_SIDE
from core.keys import CONTROL
from core.size import FORMATS, Format, parse

LEAST_KEY: Final = 16
"""The fewest bytes of UTF-8 in a signing key. RFC 2104, section 3, discourages fewer than the hash's 32 bytes."""

_REDIRECT_STATUSES: Final = (301, 302, 307, 308)


def whole(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`, in ASCII digits only: int() also accepts 1_000, +1 and other digits."""
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ValueError(text)
    return int(text)


def name(text: str) -> str:
    """A name without control characters. A folder's name can have any other character, such as an ideographic space."""
    if re.search(f"[{CONTROL}]", text):
        raise ValueError(text)
    return text


def header(text: str) -> str:
    """An HTTP header's value, in printable ASCII."""
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return text


def url(text: str) -> str:
    """A path, or an http or https URL without user, query and fragment, without the slash at its end."""
    url = urlsplit(text)
    if not url.scheme and not url.netloc and text.startswith("/") and text.strip("/"):
        return _plain(text)
    # `port` raises ValueError for a port out of range.
    named = url.scheme in ("http", "https") and url.hostname and url.port != 0
    if not named or "@" in url.netloc:
        raise ValueError(text)
    return _plain(text)


def _plain(text: str) -> str:
    """An address without query and fragment, to which a path can be appended."""
    address = header(text).rstrip("/")
    scheme, colon, rest = address.rpartition("://")
    segments = rest.split("/")[1:]
    if re.search(r"[?#\s\\]", text) or any(unquote(part, errors="strict") in ("", ".", "..") for part in segments):
        raise ValueError(text)
    return scheme.lower() + colon + rest


def widths(text: str) -> tuple[int, ...]:
    """Widths in pixels, in ascending order."""
    return tuple(sorted({whole(part.strip(), 1, MAX_VARIANT_SIDE) for part in text.split(",")}))


def ratios(text: str) -> tuple[str, ...]:
    """Ratios in lowest terms, such as 16:9."""
    if text.lower() == "none":
        return ()
    ratios = [_ratio(*part.strip().split(":", 1)) for part in text.split(",")]
    return tuple(dict.fromkeys(f"{ratio.numerator}:{ratio.denominator}" for ratio in ratios))


def _ratio(width: str, height: str = "") -> Fraction:
    return Fraction(whole(width, 1, MAX_VARIANT_SIDE), whole(height, 1, MAX_VARIANT_SIDE))


def sizes(text: str) -> tuple[str, ...]:
    """Sizes in their canonical spelling, without signatures: a listed size needs none."""
    sizes = [parse(part.strip()) for part in text.split(",")]
    if any(size.signature for size in sizes):
        raise ValueError(text)
    return tuple(map(str, sizes))


def output_format(text: str) -> Format:
    """The format of variants."""
    if text not in FORMATS:
        raise ValueError(text)
    return text


def signing_keys(text: str) -> tuple[bytes, ...]:
    """Keys that sign addresses. The ValueError does not contain the keys, because it may be logged."""
    keys = [part.strip() for part in text.split(",")]
    if not all(key.isprintable() and len(key.encode()) >= LEAST_KEY for key in keys):
        raise ValueError
    return tuple(key.encode() for key in keys)


def boolean(text: str) -> bool:
    """True or false."""
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def redirect_status(text: str) -> int:
    """The status of a redirect to a variant."""
    status = whole(text, _REDIRECT_STATUSES[0], _REDIRECT_STATUSES[-1])
    if status not in _REDIRECT_STATUSES:
        raise ValueError(text)
    return status
