"""The settings: read from the environment once, checked at start.

An empty variable counts as unset, so that a manifest may pass every variable on.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from core.errors import BadSize, SettingsError
from core.size import FORMATS, Format, parse

REDIRECT_STATUSES: Final = (301, 302, 307, 308)
LARGEST_SIDE: Final = 16383
"""Pixels: what WebP holds, the least of the five formats (RFC 9649, section 2.5)."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Settings:
    """The effective settings of one deployment. Sides in pixels, ages in seconds."""

    bucket: str
    originals_bucket: str
    region: str = ""
    public_url: str | None = None
    widths: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    max_side: int = 4096
    format: Format | None = None
    quality: int = 80
    enlarge: bool = False
    redirect_status: int = 301
    redirect_max_age: int = 0
    variant_cache_control: str = "public, max-age=31536000"
    max_original_bytes: int = 64 * 1024 * 1024
    max_original_pixels: int = 64_000_000


def load(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment holds.

    Raises SettingsError, naming the variable and what it takes, for the first value out of range.
    """

    def read(name: str, parse_text: Callable[[str], Value], default: Value, takes: str) -> Value:
        text = environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse_text(text)
        except ValueError as error:
            raise SettingsError(f"{name}={text!r} is not {takes}") from error

    def number(name: str, default: int, low: int, high: int) -> int:
        return read(name, lambda text: _number(text, low, high), default, f"a whole number from {low} to {high}")

    max_side = number("MAX_SIDE", 4096, 1, LARGEST_SIDE)
    bucket = read("BUCKET", _bucket, "", "a bucket's name")
    if not bucket:
        raise SettingsError("BUCKET is not set: it takes the bucket, container or folder of the images")
    return Settings(
        bucket=bucket,
        originals_bucket=read("ORIGINALS_BUCKET", _bucket, bucket, "a bucket's name"),
        region=read("REGION", _bucket, "", "a region's name"),
        public_url=read("PUBLIC_URL", _url, None, "an http or https URL without user, query or fragment"),
        widths=read(
            "WIDTHS",
            lambda text: _widths(text, max_side),
            (),
            f"widths from 1 to {max_side} (MAX_SIDE), such as 250,600,1200",
        ),
        sizes=read(
            "SIZES",
            lambda text: _sizes(text, max_side),
            (),
            f"sizes of sides up to {max_side} (MAX_SIDE), such as 300x200,600x,600x400-contain.webp",
        ),
        max_side=max_side,
        format=read("FORMAT", _format, None, f"one of {', '.join(FORMATS)}"),
        quality=number("QUALITY", 80, 1, 100),
        enlarge=read("ENLARGE", _boolean, False, "true or false"),
        redirect_status=read("REDIRECT_STATUS", _redirect_status, 301, "301, 302, 307 or 308"),
        redirect_max_age=number("REDIRECT_MAX_AGE", 0, 0, 31_536_000),
        variant_cache_control=read(
            "VARIANT_CACHE_CONTROL", _header, "public, max-age=31536000", "a Cache-Control header's value"
        ),
        max_original_bytes=number("MAX_ORIGINAL_BYTES", 64 * 1024 * 1024, 1, 2**31),
        max_original_pixels=number("MAX_ORIGINAL_PIXELS", 64_000_000, 1, 2**31),
    )


def _number(text: str, low: int, high: int) -> int:
    # int() alone takes 1_000, +1 and every script's digits too.
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ValueError(text)
    return int(text)


def _bucket(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _url(text: str) -> str:
    url = urlsplit(text)
    # A port out of range is a ValueError of urlsplit's, raised when it is asked for.
    named = url.scheme in ("http", "https") and url.hostname and url.port != 0
    if not named or "@" in url.netloc or re.search(r"[?#\s]", text):
        raise ValueError(text)
    return _header(text).rstrip("/")


def _widths(text: str, max_side: int) -> tuple[int, ...]:
    return tuple(sorted({_number(part.strip(), 1, max_side) for part in text.split(",")}))


def _sizes(text: str, max_side: int) -> tuple[str, ...]:
    try:
        sizes = [parse(part.strip()) for part in text.split(",")]
    except BadSize as error:
        raise ValueError(text) from error
    if any(max(size.width or 0, size.height or 0) * size.dpr > max_side for size in sizes):
        raise ValueError(text)
    return tuple(str(size) for size in sizes)


def _format(text: str) -> Format:
    if text not in FORMATS:
        raise ValueError(text)
    return text


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _redirect_status(text: str) -> int:
    status = _number(text, REDIRECT_STATUSES[0], REDIRECT_STATUSES[-1])
    if status not in REDIRECT_STATUSES:
        raise ValueError(text)
    return status


def _header(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return text
