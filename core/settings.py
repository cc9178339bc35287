"""The settings: read from the environment once, checked at start.

`Settings` is their table, a row per setting: its default, how its text is read, and which values it accepts.
An empty variable counts as unset, so that a deployment's manifest can pass every variable on.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from core import variables
from core.errors import BadSize, SettingsError
from core.imaging.formats import MAX_VARIANT_SIDE
from core.imaging.settings import ImagingSettings
from core.size import FORMATS, Format, parse


def _longest(sizes: tuple[str, ...]) -> int:
    return max(max(size.width or 0, size.height or 0) for size in map(parse, sizes))


def _row(
    default: object,
    read: Callable[[str], object],
    takes: str,
    longest: Callable[[Any], int] | None = None,
    *,
    secret: bool = False,
) -> Any:
    """A setting. `read` parses the variable's text; `takes` says in words what it accepts.

    For any other text, `read` raises ValueError or BadSize. `longest` returns the value's longest side in pixels, which
    MAX_SIDE limits; `{max_side}` in `takes` stands for that limit. A secret's text is never shown.
    """
    metadata = {"read": read, "takes": takes, "longest": longest, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


def _number(default: int, low: int, high: int) -> Any:
    return _row(default, lambda text: variables.whole(text, low, high), f"a whole number from {low} to {high}")


@dataclass(frozen=True)
class Settings:
    """The effective settings of one deployment, each read from the variable of its name in capitals.

    Sides are in pixels, ages in seconds. If `public_url` is not set, it is None until the entry point
    replaces it with the store's own address.
    """

    bucket: str = _row("", variables.name, "a bucket's name")
    originals_bucket: str = _row("", variables.name, "a bucket's name")
    region: str = _row("", variables.name, "a region's name")
    public_url: str | None = _row(
        None, variables.url, "a path, or an http or https URL without user, query or fragment"
    )
    max_side: int = _number(4096, 1, MAX_VARIANT_SIDE)
    widths: tuple[int, ...] = _row(
        (), variables.widths, "a list of widths from 1 to {max_side} (MAX_SIDE), such as 250,600,1200", max
    )
    ratios: tuple[str, ...] = _row(
        ("1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"),
        variables.ratios,
        "a list of ratios such as 1:1,4:3,16:9, or none",
    )
    sizes: tuple[str, ...] = _row(
        (),
        variables.sizes,
        "a list of sizes with sides up to {max_side} (MAX_SIDE), such as 300x200,600x,600x400-contain.webp",
        _longest,
    )
    format: Format | None = _row(None, variables.output_format, f"one of {', '.join(FORMATS)}")
    quality: int = _number(80, 1, 100)
    enlarge: bool = _row(default=False, read=variables.boolean, takes="true or false")
    redirect_status: int = _row(301, variables.redirect_status, "301, 302, 307 or 308")
    redirect_max_age: int = _number(0, 0, 31_536_000)
    variant_cache_control: str = _row("public, max-age=31536000", variables.header, "a Cache-Control header's value")
    max_original_bytes: int = _number(64 * 1024 * 1024, 1, 2**31)
    max_original_pixels: int = _number(64_000_000, 1, 2**31)
    signing_keys: tuple[bytes, ...] = _row(
        (),
        variables.signing_keys,
        f"a list of keys of {variables.LEAST_KEY} bytes or more, separated by commas",
        secret=True,
    )

    @property
    def imaging(self) -> ImagingSettings:
        """The settings that core.imaging needs."""
        return ImagingSettings(self.format, self.quality, self.enlarge, self.max_side, self.max_original_pixels)


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises SettingsError for the first invalid value, with the variable's name and the values that it accepts.
    """
    values: dict[str, Any] = {}
    for row in fields(Settings):
        text = environ.get(row.name.upper(), "").strip()
        values[row.name] = _value(row, text, values) if text else row.default
    if not values["bucket"]:
        raise SettingsError("BUCKET is not set: set it to the bucket, container or folder of the images")
    return Settings(**{**values, "originals_bucket": values["originals_bucket"] or values["bucket"]})


def _value(row: Field[Any], text: str, before: Mapping[str, Any]) -> object:
    """The value of a setting's text; `before` has the settings of the rows above it."""
    try:
        value: object = row.metadata["read"](text)
        if row.metadata["longest"] and row.metadata["longest"](value) > before["max_side"]:
            raise ValueError(text)
    except (ValueError, BadSize) as error:
        takes = row.metadata["takes"].format(**before)
        shown = "" if row.metadata["secret"] else f"={text!r}"
        raise SettingsError(f"{row.name.upper()}{shown} is not {takes}") from error
    return value
