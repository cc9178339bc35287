"""Converts pixels of a colour space to sRGB: by its transfer function to light, by a matrix, then to sRGB's signal.

All steps are computed in floats, a band of rows at a time.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, cast

from PIL import Image, ImageMath

from core.imaging.spaces import BRADFORD, BT2020, SRGB, Chromaticities, ColourSpace
from core.imaging.transfer import HDR, REFERENCE_WHITE, Transfer, levels, lights

_BAND: Final = 1 << 20
"""Pixels that are converted at a time. Each needs up to 16 floats in memory: 64 MB."""

_PEAK: Final = 1000.0
"""The assumed peak of pictures in PQ and HLG in cd/m2, whatever they state. With this peak, HLG's system gamma is 1.2
(ITU-R BT.2100-2, table 5)."""

_LUMINANCE: Final = (0.2627, 0.6780, 0.0593)
"""The luminance of red, green and blue in ITU-R BT.2020."""

_Matrix = Sequence[Sequence[float]]


def to_srgb(image: Image.Image, space: ColourSpace) -> Image.Image:
    """The image, in L, LA, RGB or RGBA, converted from a space to sRGB. Colours outside sRGB are cut off.

    Grey stays grey: only the space's transfer function counts for it. Transparency is kept.
    """
    if space == SRGB:
        return image
    grey = image.mode in ("L", "LA")
    if grey or (space.chromaticities == SRGB.chromaticities and space.transfer not in HDR):
        table = _grey_levels(space.transfer)
        return image.point(table * (1 if grey else 3) + list(range(256)) * image.mode.count("A"))
    made = Image.new("RGB", image.size)
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        made.paste(_converted(band, space), (0, top))
    if image.mode == "RGBA":
        made.putalpha(image.getchannel("A"))
    return made


@lru_cache(maxsize=32)
def _grey_levels(transfer: Transfer) -> list[int]:
    """The sRGB levels of the 256 levels of grey."""
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    converted = _converted(Image.merge("RGB", [ramp] * 3), replace(SRGB, transfer=transfer))
    return list(converted.getchannel("G").tobytes())


def _converted(band: Image.Image, space: ColourSpace) -> Image.Image:
    """A part of the image as RGB."""
    channels = band.split()[:3]
    planes = _lit(channels, space, SRGB.chromaticities)
    if space.transfer in HDR:
        gain = _gain(_lit(channels, space, BT2020), space.transfer)
        planes = [ImageMath.lambda_eval(lambda it: it["x"] * it["gain"], x=plane, gain=gain) for plane in planes]
    return Image.merge("RGB", [_signal(plane) for plane in planes])


def _lit(channels: Sequence[Image.Image], space: ColourSpace, target: Chromaticities) -> list[Image.Image]:
    """The light of a space's channels, as red, green and blue light of the target's chromaticities."""
    light = lights(space.transfer)

    def mixed(weights: Sequence[float]) -> Image.Image:
        shares = {
            name: channel.point([weight * level for level in light], "F")
            for name, channel, weight in zip("rgb", channels, weights, strict=True)
        }
        return cast(Image.Image, ImageMath.lambda_eval(lambda it: it["r"] + it["g"] + it["b"], **shares))

    return [mixed(weights) for weights in _matrix(space.chromaticities, target)]


def _signal(plane: Image.Image) -> Image.Image:
    """The sRGB levels of light."""
    # Clipped first: in C, the conversion of a float beyond all integers is undefined.
    steps = ImageMath.lambda_eval(
        lambda it: it["convert"](it["min"](it["max"](it["x"] * 65535 + 0.5, 0.0), 65535.0), "I"), x=plane
    )
    return cast(Image.Image, steps).point(levels(), "L")


def _gain(planes: Sequence[Image.Image], transfer: Transfer) -> Image.Image:
    """The factor for the light of each pixel, given in BT.2020, so that light above reference white stays visible.

    The factor is the same for all channels, so that hues are kept.
    """

    def gain(it: dict[str, Any]) -> Any:
        shown = _hlg_gain(it) if transfer == "HLG" else 1.0
        return _tone(it, it["max"](it["max"](it["r"], it["g"]), it["b"]) * shown) * shown

    return cast(Image.Image, ImageMath.lambda_eval(gain, **dict(zip("rgb", planes, strict=True))))


def _hlg_gain(it: dict[str, Any]) -> Any:
    """The factor from the scene's light to the light of a display with the peak, relative to reference white.

    This is HLG's OOTF, of system gamma 1.2 (ITU-R BT.2100-2, table 5).
    """
    red, green, blue = _LUMINANCE
    luminance = it["r"] * red + it["g"] * green + it["b"] * blue
    return it["max"](luminance, 0.0) ** 0.2 * (_PEAK / REFERENCE_WHITE)


def _tone(it: dict[str, Any], lightest: Any) -> Any:
    """The factor for a colour's light, given its lightest channel, in which 1 is reference white.

    SMPTE ST 2094-50 (committee draft), annex D: the reference white tone mapping operator, for a display without
    headroom. Reference white becomes half of the display's light. From there a quadratic Bezier curve leads to the
    peak, which becomes white.
    """
    peak, white, kappa = _PEAK / REFERENCE_WHITE, 0.5, 0.65
    middle_x, middle_y = 1 - kappa + kappa / white, (1 - kappa) * white + kappa
    bend_x, bend_y = 1 - 2 * middle_x + peak, white - 2 * middle_y + 1
    slope_x, slope_y = 2 * (middle_x - 1), 2 * (middle_y - white)
    above = it["max"](lightest, 1.0)
    reached = it["min"](above, peak)
    step = ((4 * bend_x * (reached - 1) + slope_x**2) ** 0.5 - slope_x) / (2 * bend_x)
    return ((step * bend_y + slope_y) * step + white) / above


@lru_cache(maxsize=32)
def _matrix(source: Chromaticities, target: Chromaticities) -> _Matrix:
    """From linear RGB of one space to that of another, with whites adapted by Bradford's transform."""
    return _product(_inverse(_to_cones(target)), _to_cones(source))


def _to_cones(chromaticities: Chromaticities) -> _Matrix:
    """From linear RGB to the responses of cones, relative to their responses to white."""
    white, *primaries = [_xyz(*chromaticities[i : i + 2]) for i in range(0, 8, 2)]
    columns = _transposed(primaries)
    shares = [row[0] for row in _product(_inverse(columns), [[value] for value in white])]
    lit = [[value * share for value, share in zip(row, shares, strict=True)] for row in columns]
    cones, of_white = _product(BRADFORD, lit), _product(BRADFORD, [[value] for value in white])
    return [[value / of[0] for value in row] for row, of in zip(cones, of_white, strict=True)]


def _xyz(x: float, y: float) -> list[float]:
    return [x, y, 1 - x - y]


def _transposed(matrix: _Matrix) -> _Matrix:
    return list(zip(*matrix, strict=True))


def _product(left: _Matrix, right: _Matrix) -> _Matrix:
    columns = _transposed(right)
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


def _inverse(matrix: _Matrix) -> _Matrix:
    """The inverse of a 3x3 matrix, by cofactors."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    cofactors = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    determinant = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return [[value / determinant for value in row] for row in cofactors]
