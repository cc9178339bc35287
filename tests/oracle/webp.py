"""WebP (RFC 9649): containers written here, with pictures by libwebp's encoder."""

import struct

import numpy as np
from PIL import Image

from tests.oracle.pictures import Case, Generator, chance, levels, one, sides
from tests.support.pictures.hostile.webp import ALPHA, ANIMATION, canvas, chunk, riff, uint24
from tests.support.pictures.webps import payload


def still(rng: Generator) -> Case:
    """One picture: lossy or lossless, opaque or not."""
    width, height = sides(rng)
    alpha = chance(rng)
    chunks = _payload(rng, width, height, alpha)
    if alpha or chance(rng):
        chunks = canvas(width, height, ALPHA if alpha else 0) + chunks
    return Case("WebP, still", riff(chunks))


def moving(rng: Generator) -> Case:
    """An animation. Its alpha flag states whether frames have alpha, as encoders write it, or is set without any."""
    width, height = sides(rng)
    alphas = [chance(rng) for _ in range(int(rng.integers(1, 6)))]
    frames = b""
    for index, alpha in enumerate(alphas):
        whole = index == 0 and chance(rng)
        left, top = (
            (0, 0)
            if whole
            else (2 * int(rng.integers(0, (width + 1) // 2)), 2 * int(rng.integers(0, (height + 1) // 2)))
        )
        across = width if whole else int(rng.integers(1, width - left + 1))
        down = height if whole else int(rng.integers(1, height - top + 1))
        numbers = (left // 2, top // 2, across - 1, down - 1, one(rng, 8, 16, 17, 40, 100, 1000))
        ways = int(rng.integers(0, 4))
        head = b"".join(map(uint24, numbers)) + bytes([ways])
        frames += chunk(b"ANMF", head + _payload(rng, across, down, alpha))
    flag = ALPHA if any(alphas) or chance(rng) else 0
    background = rng.integers(0, 256, 4, dtype=np.uint8).tobytes()
    control = chunk(b"ANIM", background + struct.pack("<H", one(rng, 0, 0, 1, 3)))
    return Case("WebP, moving", riff(canvas(width, height, flag | ANIMATION) + control + frames))


def _payload(rng: Generator, width: int, height: int, alpha: bool) -> bytes:
    """The chunks of one picture."""
    pixels = levels(rng, width, height, 4 if alpha else 3, 8).astype(np.uint8)
    return payload(Image.fromarray(pixels), lossless=chance(rng), quality=one(rng, 30, 80, 100))
