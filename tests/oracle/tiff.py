"""TIFF 6.0: the kinds that tests/support/pictures/tiffs.py writes."""

from tests.oracle.pictures import Case, Generator, chance, levels, one, sides
from tests.support.pictures.tiffs import DEFLATE, NONE, PACKBITS, RGB, SHORT, UNSIGNED, WHITE_IS_ZERO, Kind, Tag, tiff

_COLOURS = {WHITE_IS_ZERO: 1, 1: 1, RGB: 3, 3: 1}
_DEPTHS = {WHITE_IS_ZERO: (1, 2, 4, 8, 16), 1: (1, 2, 4, 8, 16), RGB: (8, 16), 3: (1, 2, 4, 8)}
_UNASSOCIATED = 2


def still(rng: Generator) -> Case:
    """A TIFF of unsigned integers: grey, RGB or palette, with or without transparency."""
    photometric = one(rng, *_COLOURS)
    bits = one(rng, *_DEPTHS[photometric])
    extra = (_UNASSOCIATED,) if bits >= 8 and photometric in (1, RGB) and chance(rng, 3) else ()
    compression = one(rng, NONE, DEFLATE, PACKBITS)
    samples = _COLOURS[photometric] + len(extra)
    tile = 16 if chance(rng, 3) else 0
    kind = Kind(
        bits,
        photometric,
        UNSIGNED,
        "<" if chance(rng) else ">",
        planar=1 + int(samples > 1 and chance(rng)),
        compression=compression,
        predictor=1 + int(compression == DEFLATE and bits >= 8 and photometric != 3 and chance(rng)),
        fill_order=1 + int(bits < 8 and chance(rng, 4)),
        extra=extra,
        tile=tile,
        rows=0 if tile else one(rng, 0, 3, 8),
    )
    tags: dict[int, Tag | None] = {274: (SHORT, [int(rng.integers(1, 9))])} if chance(rng, 3) else {}
    if photometric == 3:
        tags[320] = (SHORT, [257 * int(level) for level in rng.integers(0, 256, 3 << bits)])
    return Case("TIFF", tiff(levels(rng, *sides(rng), samples, bits), kind, tags))
