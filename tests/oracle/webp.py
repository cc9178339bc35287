"""WebP (RFC 9649): its container is ours, the pictures in it are by libwebp's encoder."""

import struct
from io import BytesIO

import numpy as np
from PIL import Image

from tests.oracle.pictures import Case, Generator, chance, levels, one, sides

_ALPHA, _ANIMATION = 0x10, 0x02


def still(rng: Generator) -> Case:
    """One picture: lossy or lossless, opaque or not."""
    width, height = sides(rng)
    alpha = chance(rng)
    payload = _payload(rng, width, height, alpha)
    if alpha or chance(rng):
        payload = _extended(_ALPHA if alpha else 0, width, height) + payload
    return Case("WebP, still", _file(payload))


def moving(rng: Generator) -> Case:
    """An animation. Its alpha flag says whether frames have alpha, as encoders write it, or is set without that."""
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
        head = b"".join(struct.pack("<I", number)[:3] for number in numbers) + bytes([ways])
        frames += _chunk(b"ANMF", head + _payload(rng, across, down, alpha))
    flag = _ALPHA if any(alphas) or chance(rng) else 0
    background = rng.integers(0, 256, 4, dtype=np.uint8).tobytes()
    control = _chunk(b"ANIM", background + struct.pack("<H", one(rng, 0, 0, 1, 3)))
    return Case("WebP, moving", _file(_extended(flag | _ANIMATION, width, height) + control + frames))


def _payload(rng: Generator, width: int, height: int, alpha: bool) -> bytes:
    """The chunks of one picture."""
    pixels = levels(rng, width, height, 4 if alpha else 3, 8).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=chance(rng), quality=one(rng, 30, 80, 100), exact=True)
    data, at, kept = buffer.getvalue(), 12, b""
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            kept += _chunk(data[at : at + 4], data[at + 8 : end])
        at = end + end % 2
    return kept


def _extended(flags: int, width: int, height: int) -> bytes:
    sides_less_one = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides_less_one)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _file(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
