"""TIFF 6.0: the kinds that tests/support/pictures/tiffs.py writes, and others by libtiff's encoders."""

from dataclasses import replace
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from tests.oracle.peers import Pixels
from tests.oracle.pictures import Case, Generator, chance, levels, one, sides
from tests.support.pictures.tiffs import (
    BLACK_IS_ZERO,
    DEFLATE,
    FLOAT,
    LZW,
    NONE,
    PACKBITS,
    PALETTE,
    RGB,
    SHORT,
    SIGNED,
    UNSIGNED,
    WHITE_IS_ZERO,
    Kind,
    Samples,
    Tag,
    tiff,
)

_YCBCR, _ORIENTATION, _COLOUR_MAP, _SUBSAMPLING = 6, 274, 320, 530
_CHANNELS: Final = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, _YCBCR: 3}
_DEPTHS: Final = {
    WHITE_IS_ZERO: (1, 2, 4, 8, 16),
    BLACK_IS_ZERO: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    _YCBCR: (8,),
}
_UNSPECIFIED, _ASSOCIATED, _UNASSOCIATED = 0, 1, 2
_NUMBERS: Final = ((12, UNSIGNED), (32, UNSIGNED), (8, SIGNED), (16, SIGNED), (32, SIGNED), (32, FLOAT))
"""Bits and formats of greys that sharp does not show, or does not scale to the range of a screen."""

_BY_LIBTIFF: Final = ("tiff_ccitt", "group3", "group4", "jpeg", "tiff_lzw", "packbits", "tiff_adobe_deflate")


def still(rng: Generator) -> Case:
    """A TIFF of unsigned integers: grey, RGB, palette or YCbCr, with or without transparency."""
    photometric = one(rng, *_CHANNELS)
    bits = one(rng, *_DEPTHS[photometric])
    extra: tuple[int, ...] = ()
    if bits >= 8 and photometric in (BLACK_IS_ZERO, RGB) and chance(rng, 3):
        extra = (one(rng, _UNSPECIFIED, _ASSOCIATED, _UNASSOCIATED, _UNASSOCIATED),)
    count = _CHANNELS[photometric] + len(extra)
    kind = _stored(rng, Kind(bits, photometric, UNSIGNED, planar=1 + int(count > 1 and chance(rng)), extra=extra))
    samples = levels(rng, *sides(rng), count, bits)
    if extra == (_ASSOCIATED,):
        samples[..., :-1] = samples[..., :-1] * samples[..., -1:] // ((1 << bits) - 1)
    if photometric == _YCBCR or extra == (_UNSPECIFIED,) or (kind.tile and kind.planar == 2):
        # sharp reads all samples as colours and unnamed ones as alpha, and does not read tiles of planes.
        data = tiff(samples, kind, {_SUBSAMPLING: (SHORT, [1, 1])} if photometric == _YCBCR else {})
        # One level of colour and one of alpha, both rounded from 16 bits, can add up to two.
        most = 2.0 if photometric == _YCBCR or (bits == 16 and extra == (_UNASSOCIATED,)) else 1.0
        return Case("TIFF, by formula", data, photometric == _YCBCR, most, _shown(samples, kind))
    tags: dict[int, Tag | None] = {_ORIENTATION: (SHORT, [int(rng.integers(1, 9))])} if chance(rng, 3) else {}
    if photometric == PALETTE:
        tags[_COLOUR_MAP] = (SHORT, [257 * int(level) for level in rng.integers(0, 256, 3 << bits)])
    return Case("TIFF", tiff(samples, kind, tags))


def numbers(rng: Generator) -> Case:
    """A TIFF of greys other than unsigned integers of up to 16 bits, to be shown as docs/colours.md describes."""
    bits, sample_format = _NUMBERS[int(rng.integers(0, len(_NUMBERS)))]
    photometric = BLACK_IS_ZERO if sample_format == SIGNED else one(rng, WHITE_IS_ZERO, BLACK_IS_ZERO)
    kind = _stored(rng, Kind(bits, photometric, sample_format))
    light = levels(rng, *sides(rng), 1, 16) / 65535
    if sample_format == FLOAT:
        if kind.compression in (DEFLATE, LZW) and chance(rng):
            kind = replace(kind, predictor=3)
        samples: Samples = (light * one(rng, 1, 200, 40_000, 1_000_000)).astype(np.float32).astype(np.float64)
        return Case("TIFF, numbers", tiff(samples, kind), shown=_shown(samples, kind))
    most = 2 ** (bits - (sample_format == SIGNED)) - 1
    most = min(most, one(rng, 200, 40_000, 2**31 - 1)) if bits == 32 else most
    samples = np.round(light * most).astype(np.int64)
    if sample_format == SIGNED and chance(rng):
        samples *= rng.choice([-1, 1], samples.shape)
    return Case("TIFF, numbers", tiff(samples, kind), shown=_shown(samples, kind))


def by_libtiff(rng: Generator) -> Case:
    """A TIFF by Pillow's encoder, which is libtiff: bilevel, grey or colours."""
    compression = _BY_LIBTIFF[int(rng.integers(0, len(_BY_LIBTIFF)))]
    bilevel = compression in ("tiff_ccitt", "group3", "group4")
    channels = 1 if bilevel else one(rng, 1, 3)
    pixels = levels(rng, *sides(rng), channels, 8).astype(np.uint8)
    image = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    tags = {266: 2} if bilevel and chance(rng) else {}
    buffer = BytesIO()
    (image.convert("1") if bilevel else image).save(buffer, "TIFF", compression=compression, tiffinfo=tags)
    return Case(f"TIFF, {compression}", buffer.getvalue())


def _stored(rng: Generator, kind: Kind) -> Kind:
    """The same kind with a random byte order, compression, and tiles or strips."""
    compression, tile = one(rng, NONE, DEFLATE, PACKBITS, LZW), 16 if chance(rng, 3) else 0
    whole = kind.bits in (8, 16, 32) and kind.sample_format == UNSIGNED and kind.photometric != PALETTE
    return replace(
        kind,
        order="<" if chance(rng) else ">",
        compression=compression,
        predictor=1 + int(compression in (DEFLATE, LZW) and whole and chance(rng)),
        fill_order=1 + int(kind.bits < 8 and chance(rng, 4)),
        tile=tile,
        rows=0 if tile else one(rng, 0, 3, 8),
    )


def _shown(samples: Samples, kind: Kind) -> Pixels:
    """The expected picture of grey, RGB or YCbCr without a transparent grey."""
    light = (samples / _white(samples, kind)).clip(0, 1)
    colours, alpha = light[..., : _CHANNELS[kind.photometric]], np.ones((*light.shape[:2], 1))
    if kind.extra in ((_ASSOCIATED,), (_UNASSOCIATED,)):
        alpha = light[..., -1:]
    if kind.extra == (_ASSOCIATED,):
        colours = np.divide(colours, alpha, out=np.zeros_like(colours), where=alpha > 0)
    if kind.photometric == WHITE_IS_ZERO:
        colours = 1 - colours
    if kind.photometric == _YCBCR:
        y, blue, red = np.moveaxis(255 * colours, 2, 0) - np.array([0, 128, 128]).reshape(3, 1, 1)
        colours = np.stack([y + 1.402 * red, y - 0.344136 * blue - 0.714136 * red, y + 1.772 * blue], 2) / 255
    rgb = np.broadcast_to(colours, (*light.shape[:2], 3))
    return np.round(255 * np.concatenate([rgb, alpha], 2).clip(0, 1)).astype(np.uint8)


def _white(samples: Samples, kind: Kind) -> float:
    """The largest number of up to 16 bits; for 32 bits, the white of docs/colours.md."""
    if kind.bits < 32:
        return 2.0**kind.bits - 1
    lightest = float(samples.max())
    usual = (1.0, 255.0, 65535.0) if kind.sample_format == FLOAT else (255.0, 65535.0)
    return next((limit for limit in usual if lightest <= limit), lightest)
