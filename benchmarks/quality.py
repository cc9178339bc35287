"""Measures the curves of core/imaging/quality.py: `./noxw -s bench -- quality --pictures FOLDER`.

Each picture is scaled to each width and encoded as JPEG at a few qualities, and as WebP and AVIF at what their encoders
are told. The look is SSIMULACRA2's score against the scaled picture. The curve's point for a quality is the encoder's
number at which the mean of all scores is that of the JPEGs.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, features

from core.imaging.effort import STILL
from core.imaging.quality import CURVES
from core.size import Format

WIDTHS = (240, 560)
QUALITIES = tuple(quality for quality, _ in CURVES["webp"][1:-1])
TRIED: dict[Format, tuple[int, ...]] = {
    "jpg": QUALITIES,
    "webp": (5, 20, 35, 50, 65, 75, 82, 88, 93, 97, 100),
    "avif": (10, 20, 30, 40, 50, 58, 66, 74, 82, 90, 97),
}
"""What each encoder is told."""

Looks = Mapping[str, Mapping[int, float]]
"""SSIMULACRA2 of one picture by format and by what its encoder is told."""


def scaled(path: Path, width: int) -> Image.Image:
    """A picture at a width in pixels, on white, no wider than it is."""
    picture = Image.open(path).convert("RGBA")
    behind = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(behind, picture).convert("RGB")
    width = min(width, picture.width)
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, target: Format, told: int) -> bytes:
    """A picture as the renderer encodes photographs, but for what the encoder is told as its quality."""
    options: dict[str, Any] = {"optimize": True}
    if target != "jpg":
        options = {**STILL[target][0].options, **({"subsampling": "4:2:0"} if target == "avif" else {})}
    buffer = BytesIO()
    picture.save(buffer, "JPEG" if target == "jpg" else target, quality=told, **options)
    return buffer.getvalue()


def score(original: Image.Image, data: bytes, folder: Path) -> float:
    """SSIMULACRA2 of an encoded picture."""
    from ssimulacra2 import compute_ssimulacra2

    original.save(folder / "original.png")
    Image.open(BytesIO(data)).convert("RGB").save(folder / "variant.png")
    return float(compute_ssimulacra2(str(folder / "original.png"), str(folder / "variant.png")))


def measured(path: Path, width: int) -> Looks:
    """The looks of one picture."""
    picture = scaled(path, width)
    with TemporaryDirectory() as name:
        return {
            target: {told: score(picture, encoded(picture, target, told), Path(name)) for told in tried}
            for target, tried in TRIED.items()
        }


def between(points: Mapping[int, float], told: float) -> float:
    """A look between measured ones, on a line."""
    for (low, look), (high, better) in pairwise(sorted(points.items())):
        if low <= told <= high:
            return look + (better - look) * (told - low) / (high - low)
    raise ValueError(told)


def curve(looks: Sequence[Looks], target: Format) -> Iterator[tuple[int, float]]:
    """Each quality, and the encoder's number whose mean look is the JPEG's."""
    low, high = min(TRIED[target]), max(TRIED[target])
    for quality in QUALITIES:
        wanted = mean(look["jpg"][quality] for look in looks)
        steps = (step / 10 for step in range(10 * low, 10 * high + 1))
        yield (
            quality,
            next((told for told in steps if mean(between(look[target], told) for look in looks) >= wanted), high),
        )


def versions() -> str:
    """The encoders' versions."""
    from PIL import _avif

    codecs = f"libwebp {features.version('webp')}, libavif {features.version('avif')} with {_avif.codec_versions()}"
    return f"libjpeg-turbo {features.version('libjpeg_turbo')}, {codecs}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="./noxw -s bench -- quality", description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of at least 30 photographs and graphics")
    parser.add_argument("--json", type=Path, help="write all looks there")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.pictures.iterdir() if path.is_file())
    looks: list[Looks] = []
    with ProcessPoolExecutor(2) as pool:
        for width in WIDTHS:
            looks += pool.map(partial(measured, width=width), paths)
    if arguments.json:
        arguments.json.write_text(json.dumps(looks))
    print(f"{len(paths)} pictures, {' and '.join(map(str, WIDTHS))} wide; {versions()}")
    for target in CURVES:
        print(target, ", ".join(f"{quality}: {told:.1f}" for quality, told in curve(looks, target)), flush=True)


if __name__ == "__main__":
    main()
