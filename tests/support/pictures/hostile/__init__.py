"""The hostile corpus: files that nobody should upload. Every run makes the same ones again."""

from functools import partial
from typing import Final

from tests.support.pictures.hostile import avif, bmp, damage, gif, heavy, heif, jpeg, png, tiff, webp
from tests.support.pictures.hostile.case import Family

FAMILIES: Final[dict[str, Family]] = {
    **{f"truncated-{name}": partial(damage.truncated, name) for name in damage.FORMATS},
    **{f"flipped-{name}": partial(damage.flipped, name) for name in damage.FORMATS},
    "signatures": damage.signatures,
    "polyglots": damage.polyglots,
    "heavy": heavy.pictures,
    "bombs-AVIF": avif.bombs,
    "bombs-BMP": bmp.bombs,
    "bombs-GIF": gif.bombs,
    "bombs-HEIF": heif.bombs,
    "bombs-JPEG": jpeg.bombs,
    "bombs-PNG": png.bombs,
    "bombs-TIFF": tiff.bombs,
    "bombs-WEBP": webp.bombs,
    "lies-AVIF": avif.lies,
    "lies-BMP": bmp.lies,
    "lies-GIF": gif.lies,
    "lies-HEIF": heif.lies,
    "lies-JPEG": jpeg.lies,
    "lies-PNG": png.lies,
    "lies-TIFF": tiff.lies,
    "lies-WEBP": webp.lies,
}
"""The families by name. Bombs are small files that need much work or memory; lies are files with false headers."""
