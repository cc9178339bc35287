"""AVIF: pictures by libavif's encoder, with changed boxes."""

from io import BytesIO

import numpy as np
from PIL import Image

from tests.oracle.pictures import Case, Generator, chance, levels, one, sides

_SPACES = ((1, 13), (12, 13), (9, 13), (12, 4), (9, 16), (9, 18))
"""Primaries and transfer functions (ITU-T H.273). Linear light is tested only with PNG: it turns one dark level into
thirteen, and decoders of lossy pictures may differ by one."""


def still(rng: Generator) -> Case:
    """One picture: full chroma or not, full or limited range, opaque or not, turned, with stated colours."""
    picture = _picture(rng, *sides(rng), alpha=chance(rng))
    options = _options(rng)
    if chance(rng):
        exif = Image.Exif()
        exif[0x0112] = int(rng.integers(1, 9))
        options["exif"] = exif.tobytes()
    buffer = BytesIO()
    picture.save(buffer, "AVIF", **options)
    space = _SPACES[int(rng.integers(0, len(_SPACES)))] if chance(rng, 3) else (1, 13)
    converted = space != (1, 13)
    return Case("AVIF, still", _stated(buffer.getvalue(), space), converted, 6.0 if converted else 1.0)


def moving(rng: Generator) -> Case:
    """An animation."""
    width, height = sides(rng)
    alpha = chance(rng)
    first, *rest = [_picture(rng, width, height, alpha) for _ in range(int(rng.integers(2, 6)))]
    durations = [one(rng, 16, 17, 40, 100, 1000) for _ in range(len(rest) + 1)]
    buffer = BytesIO()
    # In an animation, Chromium reads the full range as the limited one.
    options = {**_options(rng), "range": "limited"}
    first.save(buffer, "AVIF", save_all=True, append_images=rest, duration=durations, **options)
    return Case("AVIF, moving", buffer.getvalue())


def _picture(rng: Generator, width: int, height: int, alpha: bool) -> Image.Image:
    return Image.fromarray(levels(rng, width, height, 4 if alpha else 3, 8).astype(np.uint8))


def _options(rng: Generator) -> dict[str, object]:
    subsampling = ("4:4:4", "4:2:2", "4:2:0")[int(rng.integers(0, 3))]
    return {
        "quality": one(rng, 50, 80, 100),
        "speed": 9,
        "subsampling": subsampling,
        "range": "full" if chance(rng) else "limited",
    }


def _stated(data: bytes, space: tuple[int, int]) -> bytes:
    """The file with other primaries and another transfer function in its colour box (ISO/IEC 14496-12, 12.1.5)."""
    at = data.index(b"colrnclx") + 8
    return data[:at] + space[0].to_bytes(2) + space[1].to_bytes(2) + data[at + 4 :]
