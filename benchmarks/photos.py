"""Photographs of 1 to 48 megapixels, all made from the repository's 12-megapixel sample."""

from pathlib import Path

from PIL import Image, ImageOps

SUNSET = Path(__file__).parents[1] / "samples" / "albums" / "2026" / "sunset.jpg"
MEGAPIXELS = (1, 6, 12, 24, 48)


def make(folder: Path) -> dict[int, Path]:
    """Writes JPEGs at quality 90 to the folder. Returns their paths by megapixels.

    The larger ones combine the photograph with its mirror images. So they have a photograph's detail at
    every pixel, unlike an enlarged one.
    """
    photo = Image.open(SUNSET)
    photo.load()
    wide = _beside(photo, ImageOps.mirror(photo))
    pictures = {
        1: photo.resize((1224, 816), Image.Resampling.LANCZOS),
        6: photo.resize((3000, 2000), Image.Resampling.LANCZOS),
        12: photo,
        24: wide,
        48: ImageOps.mirror(_beside(wide.transpose(Image.Transpose.ROTATE_90), _turned(wide))).transpose(
            Image.Transpose.ROTATE_90
        ),
    }
    paths = {megapixels: folder / f"{megapixels}.jpg" for megapixels in MEGAPIXELS}
    for megapixels, path in paths.items():
        pictures[megapixels].save(path, quality=90)
    return paths


def _turned(picture: Image.Image) -> Image.Image:
    return ImageOps.mirror(picture.transpose(Image.Transpose.ROTATE_90))


def _beside(left: Image.Image, right: Image.Image) -> Image.Image:
    both = Image.new("RGB", (left.width + right.width, left.height))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return both
