"""The originals of the benchmark `render`: one or more of every kind, written to a folder by code."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from benchmarks import drawings, photos

KINDS = ("jpg", "png", "alpha", "webp", "avif", "heic", "gif", "tiff", "graphic", "animation")
MEGAPIXELS = photos.MEGAPIXELS
FRAMES = 20
FRAME_MS = 100

_EVERY_WIDTH = (200, 400, 600, 1200, 2000)
_TWO_WIDTHS = (600, 1200)
_STILL = ("jpg", "png", "webp")


@dataclass(frozen=True)
class Original:
    """A file, with the widths in pixels and the formats that it is rendered to. Its name is unique."""

    kind: str
    name: str
    file: Path
    widths: tuple[int, ...]
    targets: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether it has several frames."""
        return self.kind == "animation"

    @property
    def moments_ms(self) -> tuple[int, ...]:
        """The compared moments, in milliseconds: in the middle of a frame, so that rounded durations don't matter."""
        return (250, 1050, 1750) if self.moves else (0,)


def make(folder: Path, kinds: Collection[str], megapixels: Collection[int]) -> Iterator[Original]:
    """Makes the originals of some kinds, one kind after the other. JPEGs are limited to some megapixels."""
    pillow_heif.register_heif_opener()
    for kind in KINDS:
        if kind == "jpg" and kind in kinds:
            yield from _jpegs(folder, megapixels)
        elif kind in kinds:
            yield from MAKERS[kind](folder, kind)


def _jpegs(folder: Path, megapixels: Collection[int]) -> Iterator[Original]:
    for size, file in photos.make(folder).items():
        if size in megapixels:
            widths = _EVERY_WIDTH if size <= 12 else _TWO_WIDTHS
            yield Original("jpg", f"{size} MP", file, widths, (*_STILL, "avif"))


def _photograph(width: int, height: int) -> Image.Image:
    with Image.open(photos.SUNSET) as photo:
        return ImageOps.fit(photo, (width, height), Image.Resampling.LANCZOS)


def _saved(picture: Image.Image, kind: str, file: Path, widths: tuple[int, ...], **options: Any) -> Original:
    picture.save(file, **options)
    return Original(kind, file.name, file, widths, _STILL)


def _photographs(ending: str, **options: Any) -> Callable[[Path, str], Iterator[Original]]:
    """A maker of the photograph, of 2.5 megapixels, in a format with Pillow's options."""

    def make_it(folder: Path, kind: str) -> Iterator[Original]:
        yield _saved(_photograph(1920, 1280), kind, folder / f"photograph.{ending}", (300, 1000), **options)

    return make_it


def _alpha(folder: Path, kind: str) -> Iterator[Original]:
    """A photograph that fades to transparency, of the same size as in sharp's own benchmark, and an icon."""
    photo = _photograph(2048, 1536)
    distance = Image.radial_gradient("L").resize(photo.size, Image.Resampling.BICUBIC)
    photo.putalpha(distance.point([min(255, 2 * (255 - far)) for far in range(256)]))
    yield _saved(photo, kind, folder / "faded.png", (300, 720))
    yield _saved(drawings.icon(), kind, folder / "icon.png", (128, 256))


def _gifs(folder: Path, kind: str) -> Iterator[Original]:
    """A photograph in 256 colours, dithered, and a chart."""
    photo = _photograph(1500, 1000).convert("P", palette=Image.Palette.ADAPTIVE)
    yield _saved(photo, kind, folder / "photograph.gif", (300, 1000))
    yield _saved(drawings.chart(), kind, folder / "chart.gif", (300, 1000))


def _graphics(folder: Path, kind: str) -> Iterator[Original]:
    for draw in (drawings.chart, drawings.page, drawings.screenshot, drawings.logo):
        yield _saved(draw(), kind, folder / f"{draw.__name__}.png", (300, 1000), optimize=True)


def _animations(folder: Path, kind: str) -> Iterator[Original]:
    """A pan over the photograph and a moving graphic, each as GIF and as WebP."""
    wide = _photograph(1024, 400)
    pan = [wide.crop((16 * frame, 0, 16 * frame + 640, 400)) for frame in range(FRAMES)]
    ball = [drawings.moving(frame, FRAMES) for frame in range(FRAMES)]
    for name, frames in (("pan", pan), ("ball", ball)):
        for ending in ("gif", "webp"):
            file = folder / f"{name}.{ending}"
            frames[0].save(file, save_all=True, append_images=frames[1:], duration=FRAME_MS, loop=0)
            yield Original(kind, file.name, file, (200, 400), ("gif", "webp", "avif"))


MAKERS: dict[str, Callable[[Path, str], Iterator[Original]]] = {
    "png": _photographs("png"),
    "alpha": _alpha,
    "webp": _photographs("webp", quality=85),
    "avif": _photographs("avif", quality=75, speed=8),
    "heic": _photographs("heic", quality=50),
    "gif": _gifs,
    "tiff": _photographs("tif", compression="tiff_lzw"),
    "graphic": _graphics,
    "animation": _animations,
}
"""The makers of originals that are not JPEGs, by kind."""
