"""Measures the curves of core/imaging/quality.py: `./noxw -s bench -- quality --pictures FOLDER`.

Each picture is scaled to each width and encoded as JPEG, WebP and AVIF, each at several quality numbers. The look is
SSIMULACRA2's score against the scaled picture. For each picture there is a number at which an encoder has the JPEG's
look. The curve's point for a quality is the median of these numbers.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import geometric_mean, mean, median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import matplotlib as mpl
from PIL import Image, features

from benchmarks.report import DOCS, write_part
from core.imaging.effort import STILL
from core.imaging.quality import CURVES
from core.size import Format

WIDTHS = (400, 640)
QUALITIES = tuple(quality for quality, _ in CURVES["webp"][1:-1])
TRIED: dict[Format, tuple[int, ...]] = {
    "jpg": QUALITIES,
    "webp": (5, 25, 45, 65, 78, 86, 92, 97),
    "avif": (10, 25, 38, 48, 56, 65, 75, 88, 97),
}
"""The quality numbers that are measured, for each encoder."""

CHOICES: dict[str, tuple[Format, int, dict[str, Any]]] = {
    "AVIF, speed 6, halved chroma": ("avif", 65, {"speed": 6, "subsampling": "4:2:0"}),
    "AVIF, speed 8, halved chroma": ("avif", 66, {"speed": 8, "subsampling": "4:2:0"}),
    "AVIF, speed 9, halved chroma": ("avif", 66, {"speed": 9, "subsampling": "4:2:0"}),
    "AVIF, speed 9, whole chroma": ("avif", 62, {"speed": 9, "subsampling": "4:4:4"}),
    "WebP, method 2": ("webp", 86, {"method": 2}),
    "WebP, method 4": ("webp", 85, {"method": 4}),
    "WebP, method 6": ("webp", 85, {"method": 6}),
}
"""The ways to encode that are compared, each with its encoder's number for a quality of 80, and its options."""

Looks = Mapping[str, Mapping[int, float]]
"""SSIMULACRA2 of one picture, by format and quality number."""


@dataclass(frozen=True)
class Choice:
    """Compared with a JPEG at 80: ratio of bytes, and difference of looks. Also the milliseconds of CPU to encode."""

    size: float
    look: float
    ms: float


def scaled(path: Path, width: int) -> Image.Image:
    """A picture on white, scaled to a width in pixels, but not enlarged."""
    picture = Image.open(path).convert("RGBA")
    behind = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(behind, picture).convert("RGB")
    width = min(width, picture.width)
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)


def options(target: Format) -> dict[str, Any]:
    """The renderer's encoder options for small photographs, without the quality."""
    return {**STILL[target][0].options, **({"subsampling": "4:2:0"} if target == "avif" else {})}


def encoded(picture: Image.Image, target: Format, number: int, more: Mapping[str, Any]) -> bytes:
    """Encodes a picture, on one thread, with a quality number and more options."""
    buffer = BytesIO()
    if target == "jpg":
        picture.save(buffer, "JPEG", quality=number, optimize=True)
    else:
        picture.save(buffer, target, quality=number, **more, **({"max_threads": 1} if target == "avif" else {}))
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

        def look(target: Format, number: int) -> float:
            return score(picture, encoded(picture, target, number, options(target)), Path(name))

        return {target: {number: look(target, number) for number in tried} for target, tried in TRIED.items()}


def chosen(path: Path, width: int) -> dict[str, Choice]:
    """The result of each choice for one picture."""
    picture = scaled(path, width)
    jpeg = encoded(picture, "jpg", 80, {})
    found = {}
    with TemporaryDirectory() as name:
        look = score(picture, jpeg, Path(name))
        for choice, (target, number, more) in CHOICES.items():
            began = process_time()
            data = encoded(picture, target, number, more)
            ms = 1000 * (process_time() - began)
            found[choice] = Choice(len(data) / len(jpeg), score(picture, data, Path(name)) - look, ms)
    return found


def table(found: Sequence[Mapping[str, Choice]]) -> list[str]:
    """A table of the choices' means."""
    lines = ["| encoder | bytes | ms | look | worst look |", "|---|---|---|---|---|"]
    for choice in CHOICES:
        each = [picture[choice] for picture in found]
        size, ms = geometric_mean(it.size for it in each), mean(it.ms for it in each)
        looks = [it.look for it in each]
        lines.append(f"| {choice} | {size:.2f} | {ms:.0f} | {mean(looks):+.1f} | {min(looks):+.1f} |")
    return lines


def number_for(points: Mapping[int, float], look: float) -> float:
    """The quality number for a look of one picture: interpolated between measured ones, else the nearest of them."""
    numbers = sorted(points)
    if look <= points[numbers[0]]:
        return numbers[0]
    for low, high in pairwise(numbers):
        if points[low] < look <= points[high]:
            return low + (high - low) * (look - points[low]) / (points[high] - points[low])
    return numbers[-1]


def curve(looks: Sequence[Looks], target: Format) -> Iterator[float]:
    """For each quality, the median of the encoder's numbers for the looks of the JPEGs."""
    for quality in QUALITIES:
        yield median(number_for(look[target], look["jpg"][quality]) for look in looks)


def versions() -> str:
    """The encoders' versions."""
    from PIL import _avif

    codecs = f"libwebp {features.version('webp')}, libavif {features.version('avif')} with {_avif.codec_versions()}"
    return f"libjpeg-turbo {features.version('libjpeg_turbo')}, {codecs}"


def plotted(looks: Sequence[Looks], file: str) -> None:
    """Plots each encoder's mean look by its quality number, in docs/images."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "sizewise"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for target, tried in TRIED.items():
        axes.plot(tried, [mean(look[target][number] for look in looks) for number in tried], marker="o", label=target)
    axes.set_xlabel("the encoder's quality number")
    axes.set_ylabel("SSIMULACRA2, mean of all pictures")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(DOCS / "images" / file, metadata={"Date": None})


def main() -> None:
    """Measures, prints, and writes the docs with --docs."""
    parser = argparse.ArgumentParser(prog="./noxw -s bench -- quality", description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of at least 30 photographs and graphics")
    parser.add_argument("--docs", action="store_true", help="write the curves and a plot to docs/quality.md")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.pictures.iterdir() if path.is_file())
    jobs = [(path, width) for width in WIDTHS for path in paths]
    with ProcessPoolExecutor(2) as pool:
        looks = list(pool.map(measured, *zip(*jobs, strict=True)))
    lines = [f"{len(paths)} pictures, {' and '.join(map(str, WIDTHS))} pixels wide. {versions()}.", ""]
    lines += ["| quality | " + " | ".join(map(str, QUALITIES)) + " |", "|---" * (len(QUALITIES) + 1) + "|"]
    for target in CURVES:
        lines.append(f"| {target} | " + " | ".join(f"{number:.1f}" for number in curve(looks, target)) + " |")
    with ProcessPoolExecutor(1) as pool:
        for width in WIDTHS:
            lines += ["", f"At {width} pixels of width:", ""]
            lines += table(list(pool.map(chosen, paths, [width] * len(paths))))
    print("\n".join(lines))
    if arguments.docs:
        write_part("curves", "\n".join(lines), DOCS / "quality.md")
        plotted(looks, "quality.svg")


if __name__ == "__main__":
    main()
