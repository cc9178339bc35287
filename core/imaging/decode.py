"""Original bytes to pixels. The header decides before any pixel is decoded."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, cast

from PIL import Image

from core.errors import BrokenOriginal, SizewiseError, TooLarge, UnsupportedFormat
from core.imaging import tiff
from core.imaging.animation import Shown, end
from core.imaging.compose import composed
from core.imaging.containers.contents import Colours, Contents
from core.imaging.depth import as_grey, divided, keyed, workable
from core.imaging.fit import Plan, Sides
from core.imaging.formats import not_decoded, sniff
from core.imaging.guard import check_contents, check_header, opened_by
from core.imaging.orient import orientation
from core.imaging.pillow import let_go, libtiff_failed, load_plugin
from core.imaging.settings import ImagingSettings
from core.imaging.whole import check_rows, check_strips, ended, mark

_READERS: Final = {
    "JPEG": "segments",
    "PNG": "chunks",
    "GIF": "blocks",
    "WEBP": "riff",
    "AVIF": "boxes",
    "HEIF": "boxes",
    "TIFF": "directories",
}
"""The modules that read what a format's file says of itself. They are loaded when they are needed, as decoders are."""

_UNKNOWN_KINDS: Final = ("unknown pixel mode", "Invalid value for samples per pixel", "Unsupported BMP")
"""How Pillow's errors begin over kinds of TIFF and BMP that it knows nothing of."""

_DIVISORS: Final = ((8, 9.0), (4, 5.0), (2, 2.5))
"""By these factors libjpeg can shrink a JPEG while it decodes it, each with the least reduction for which it is to.
With less, too little is left for Lanczos: the variant's SSIMULACRA2 is up to 10 lower (docs/quality.md)."""


@dataclass(frozen=True)
class Original:
    """An original whose header is read and whose pixels are not.

    `sides` are those of what is shown of it, before it is turned upright by `turn`, EXIF's orientation. Its `image` is
    Pillow's.
    """

    image: Image.Image
    contents: Contents
    sides: Sides
    turn: int
    colours: Colours


def opened(data: bytes, settings: ImagingSettings) -> Original:
    """An original, opened.

    Raises UnsupportedFormat, BrokenOriginal, and TooLarge for what is not to be decoded.
    """
    if not data:
        raise BrokenOriginal("The original is empty.")
    name = sniff(data)
    if name is None:
        if known := not_decoded(data):
            raise UnsupportedFormat(f"The original is {known}, which is not decoded here.")
        raise UnsupportedFormat(
            "The original is not an image of a format decoded here: JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF or BMP."
        )
    try:
        load_plugin(name)
    except ImportError as error:
        spoken = "HEIC" if name == "HEIF" else name
        raise UnsupportedFormat(f"The original's format is {spoken}, which this deployment does not decode.") from error
    with _reading():
        contents = _contents(name, data)
        check_contents(contents, settings)
        if contents.damaged:
            raise BrokenOriginal("The original is damaged: the checksum of its pixels is wrong.")
        image = _supported(name, contents)
        check_header(image, contents, settings, len(data))
        if not contents.ended:
            contents = ended(contents)
            image = opened_by(name, contents.data)
    # A TIFF tag has any type.
    profile = profile if isinstance(profile := image.info.get("icc_profile"), bytes) else None
    exif = contents.exif or image.info.get("exif")
    turn = 1 if name in ("TIFF", "HEIF") else orientation(exif)
    left, top, right, bottom = contents.aperture or (0, 0, *(contents.canvas or image.size))
    return Original(image, contents, (right - left, bottom - top), turn, profile or contents.colours)


def _contents(name: str, data: bytes) -> Contents:
    """What a file says of itself."""
    if name not in _READERS:
        return Contents(data)
    reader = importlib.import_module(f"core.imaging.containers.{_READERS[name]}")
    return cast(Contents, reader.contents(data))


def _supported(name: str, contents: Contents) -> Image.Image:
    """The image, opened. Raises UnsupportedFormat if Pillow knows the format, and not this kind of it."""
    try:
        image = opened_by(name, contents.data)
    except (SyntaxError, OSError) as error:
        if not str(error).startswith(_UNKNOWN_KINDS):
            raise
        kind = contents.kind or "a rare kind of BMP"
        raise UnsupportedFormat(f"The original is {kind}, which is not decoded here.") from error
    return tiff.decodable(image, contents.samples) if contents.samples else image


def divisor(original: Original, plan: Plan) -> int:
    """By what both sides of an original are divided while it is decoded: the most that leaves a plan's look as it is.

    It is 1 for everything but a JPEG. The plan is for the original as it is stored.
    """
    if not original.contents.shrinks:
        return 1
    left, top, right, bottom = plan.box
    reduction = min((right - left) / plan.sides[0], (bottom - top) / plan.sides[1])
    return next((divisor for divisor, least in _DIVISORS if reduction >= least), 1)


def decoded(original: Original, shown: Shown, divided_by: int) -> Iterator[tuple[Image.Image, float]]:
    """The frames that are shown of an original, decoded one by one, in a mode that scales well, each with its ms.

    A frame may be the decoder's own image, which moves on to the next one. Raises TooLarge and BrokenOriginal.
    """
    image = original.image
    if divided_by > 1:
        image.draft("", (max(1, image.width // divided_by), max(1, image.height // divided_by)))
    with _reading():
        if shown.parts:
            pictures = composed(shown.parts, original.sides, partial(_picture, original))
            frames: Iterator[tuple[Image.Image, float]] = zip(
                pictures, (part.duration for part in shown.parts), strict=True
            )
        else:
            frames = _in_turn(original, shown.frames)
        for pixels, duration in frames:
            # Its profile is one of greys.
            yield as_grey(pixels) if original.contents.grey else pixels, duration


def _in_turn(original: Original, frames: int) -> Iterator[tuple[Image.Image, float]]:
    """The decoder's own frames, each with its duration in ms."""
    image, contents = original.image, original.contents
    ended = 0.0
    for index in range(frames):
        if frames > 1:
            image.seek(index)
        loaded = _tiff(image, contents) if contents.samples else _loaded(image, contents.data, contents.key)
        began, ended = ended, end(image)
        if frames == 1:
            let_go(image)
        cropped = loaded.crop(contents.aperture) if contents.aperture else loaded
        yield workable(cropped, contents.samples), ended - began


def _tiff(image: Image.Image, contents: Contents) -> Image.Image:
    """A TIFF's image with its pixels. Raises BrokenOriginal if some of them are missing."""
    if contents.samples and contents.samples.multiplied:
        if contents.samples.planes:  # Pillow does not give the low bytes of these: half of what they can be.
            return divided(_loaded(image, contents.data), Image.new("RGBA", image.size, (128,) * 4))
        low = _supported("TIFF", contents)
        tiff.take_bytes(image, low=False)
        tiff.take_bytes(low, low=True)
        return divided(_loaded(image, contents.data), _loaded(low, contents.data))
    loaded = _loaded(image, contents.data)
    if contents.beyond:
        check_strips(loaded, _loaded(_supported("TIFF", replace(contents, data=contents.beyond)), contents.beyond))
    return loaded


def _picture(original: Original, data: bytes) -> Image.Image:
    """The picture of a part's file."""
    return workable(_loaded(opened_by(original.image.format or "", data), data, original.contents.key))


def _loaded(image: Image.Image, data: bytes, key: tuple[int, ...] | None = None) -> Image.Image:
    """An image, given its file's data, with its pixels; those of the `key`, a PNG's transparent colour, transparent."""
    libtiff_failed()  # What came before is not about this image.
    if image.format == "JPEG":
        vars(image)["decodermaxblock"] = len(data)  # libjpeg decodes a row of blocks again where a piece of data ends.
    if image.format == "PNG":
        mark(image)
    image.load()
    if libtiff_failed():
        raise BrokenOriginal("The original, a TIFF, is damaged.")
    if image.format == "PNG":
        check_rows(image, data)
    if not key:
        return image
    low = opened_by("PNG", data)
    low.tile = [low.tile[0]._replace(args="RGB;16L")]
    low.load()
    return keyed(image, low, key)


@contextmanager
def _reading() -> Iterator[None]:
    """Turns whatever a decoder raises over an original's bytes into BrokenOriginal.

    Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more over bytes that
    lie, so inside this block, which is to hold nothing but decoding, any exception means that.
    """
    try:
        yield
    except (SizewiseError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge("The original has a frame or a tile of more pixels than are read here.") from error
    except Exception as error:
        raise BrokenOriginal("The original is damaged or cut short.") from error
