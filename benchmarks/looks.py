"""The similarity of a variant to its original, by SSIMULACRA2."""

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import BinaryIO

from PIL import Image, ImageSequence

LARGEST_PIXELS = 1_500_000
"""Larger variants get no score, because it would take seconds."""


def shown(file: Path | BinaryIO, moments_ms: Sequence[int]) -> list[Image.Image]:
    """The composed frames, on white, that a file shows at these moments, in rising order of milliseconds."""
    found: list[Image.Image] = []
    end = 0.0
    with Image.open(file) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()  # Without it, WebP and AVIF don't have the duration.
            end += frame.info.get("duration") or math.inf
            passed = sum(moment < end for moment in moments_ms)
            found += [_on_white(frame)] * (passed - len(found))
    return found


def score(variant: BinaryIO, original: Sequence[Image.Image], moments_ms: Sequence[int]) -> float | None:
    """The mean SSIMULACRA2 over the moments, against a lossless Lanczos reduction of the original's frames.

    100 is the same picture, 80 looks the same, negative is very poor. None for a variant over LARGEST_PIXELS.
    """
    pictures = shown(variant, moments_ms)
    if pictures[0].width * pictures[0].height > LARGEST_PIXELS:
        return None
    return fmean(_compared(exact, picture) for exact, picture in zip(original, pictures, strict=True))


def _compared(original: Image.Image, picture: Image.Image) -> float:
    from ssimulacra2 import compute_ssimulacra2

    with TemporaryDirectory() as folder:
        exact, variant = Path(folder) / "exact.png", Path(folder) / "variant.png"
        original.resize(picture.size, Image.Resampling.LANCZOS).save(exact, compress_level=1)
        picture.save(variant, compress_level=1)
        return float(compute_ssimulacra2(str(exact), str(variant)))


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    behind = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(behind, picture.convert("RGBA")).convert("RGB")
