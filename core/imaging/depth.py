"""Converts decoded pixels of any depth and kind to modes that can be scaled."""

from functools import reduce
from math import inf, isfinite
from typing import Final, cast

from PIL import Image, ImageChops, ImageMath

from core.imaging.containers.contents import Samples

_CUT_OFF: Final = 65535 / 256
"""The largest level of 16 bits, as a level of 8 bits whose fraction is then cut off."""

_BAND: Final = 1 << 20
"""Pixels that are processed together."""


def workable(image: Image.Image, samples: Samples | None = None) -> Image.Image:
    """The loaded image in a mode that can be scaled: L, LA, RGB, RGBA or, unconverted, CMYK and LAB.

    `samples` are given for a TIFF.
    """
    if image.mode in ("LA", "RGBA", "CMYK", "LAB"):
        return image
    if samples and samples.signed and image.mode == "L":
        return image.point([level if level < 128 else 0 for level in range(256)])
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _eight_bits(image, samples)
    transparent = "transparency" in image.info
    if image.mode in ("L", "RGB") and not transparent:
        return image
    if image.mode in ("1", "L", "La"):
        return image.convert("LA" if transparent or image.mode == "La" else "L")
    return image.convert("RGBA" if transparent or image.mode in ("PA", "RGBa") else "RGB")


def _eight_bits(image: Image.Image, samples: Samples | None) -> Image.Image:
    """A grey image of more than 8 bits as L, or as LA if its file names a transparent grey. Numbers below 0 are black.

    With up to 16 bits, white is the largest number. 32 bits and floats define no white. White is then the smallest of 1
    (floats only), 255 and 65535 that no pixel exceeds, else the lightest pixel.
    """
    bits = samples.bits if samples else 16
    if image.mode.startswith("I;16") or bits <= 16:
        white = 2.0**bits - 1
    else:
        image = _unsigned(image) if samples and not (samples.signed or samples.floating) else image
        lightest = _lightest(image)
        usual = (1.0, 255.0, 65535.0) if samples and samples.floating else (255.0, 65535.0)
        white = next((limit for limit in usual if lightest <= limit), lightest)
    scale = 255 / white
    # Pillow's conversions to I and to L cut off fractions, so 0.5 is added.
    grey = (image if image.mode == "F" else image.convert("I")).point(lambda value: value * scale + 0.5).convert("L")
    if isinstance(colour := image.info.get("transparency"), int):
        grey.putalpha(image.convert("I").point(b"\xff" * colour + b"\0" + b"\xff" * (65535 - colour), "L"))
    return ImageChops.invert(grey) if samples and samples.inverted else grey


def _lightest(image: Image.Image) -> float:
    """The largest number in a grey image of 32 bits; infinities and NaN do not count."""
    _, lightest = cast(tuple[float, float], image.getextrema())
    if isfinite(lightest):
        return lightest
    lightest, rows = 0.0, max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        finite = cast(Image.Image, ImageMath.lambda_eval(lambda it: it["x"] < inf, x=band))
        numbers = Image.new("F", band.size)
        numbers.paste(band, mask=finite.convert("L").point([0] + [255] * 255))
        lightest = max(lightest, cast(tuple[float, float], numbers.getextrema())[1])
    return lightest


def _unsigned(image: Image.Image) -> Image.Image:
    """An image of unsigned 32-bit numbers, which Pillow treats as signed, as floats."""
    return cast(
        Image.Image,
        ImageMath.lambda_eval(lambda it: it["x"] + it["float"](it["x"] < 0) * 2.0**32, x=image.convert("F")),
    )


def as_grey(image: Image.Image) -> Image.Image:
    """Converts an image in L, LA, RGB or RGBA to L or LA. All its colours must be grey."""
    return image if image.mode in ("L", "LA") else image.convert("LA" if image.mode == "RGBA" else "L")


def keyed(high: Image.Image, low: Image.Image, colour: tuple[int, ...]) -> Image.Image:
    """An RGBA image from the high and low bytes of an image of 16 bits, in which one colour is transparent."""
    differences = [
        channel.point([255 * (level != byte) for level in range(256)])
        for image, shift in ((high, 8), (low, 0))
        for channel, byte in zip(image.split(), (value >> shift & 255 for value in colour), strict=True)
    ]
    image = high.copy()
    image.putalpha(reduce(ImageChops.lighter, differences))
    return image


def divided(high: Image.Image, low: Image.Image) -> Image.Image:
    """An RGBA image from the high and low bytes of an image of 16 bits, whose colours are multiplied by alpha."""
    colours = Image.new("RGB", high.size)
    for top in range(0, high.height, rows := max(1, _BAND // high.width)):
        place = (0, top, high.width, min(top + rows, high.height))
        pairs = zip(high.crop(place).split(), low.crop(place).split(), strict=True)
        *multiplied, alpha = [
            cast(Image.Image, ImageMath.lambda_eval(lambda it: it["float"](it["h"]) * 256 + it["l"], h=above, l=below))
            for above, below in pairs
        ]
        channels = [
            ImageMath.lambda_eval(
                lambda it: it["convert"](it["min"](it["c"] * _CUT_OFF / it["max"](it["a"], 1.0), 255.0), "L"),
                c=channel,
                a=alpha,
            )
            for channel in multiplied
        ]
        colours.paste(Image.merge("RGB", channels), place)
    colours.putalpha(high.getchannel("A"))
    return colours
