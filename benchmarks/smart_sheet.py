"""Makes docs/images/smart-crop.jpg from a list of photographs: whole, cropped at the centre, cropped by `smart`.

Also prints the time to find the crop in the 12-megapixel sample, decoded at a half and at a quarter.
"""

import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from benchmarks.photos import SUNSET
from core.imaging.pipeline import render
from core.imaging.smart import placed
from core.settings import Settings
from core.size import parse

SHEET = Path(__file__).parents[1] / "docs" / "images" / "smart-crop.jpg"
HEIGHT = 150
CROP = f"100x{HEIGHT}"
COLUMNS = 2


def variant(photo: bytes, size: str) -> Image.Image:
    """A photograph at a size. Lossless unless the size names a format."""
    asked = parse(size if "." in size else f"{size}.png")
    return Image.open(BytesIO(render(photo, asked, Settings().imaging).data)).convert("RGB")


def milliseconds(divisor: int) -> float:
    """The median time to find the crop in the sample photograph, decoded at a fraction of its size."""
    photo = Image.open(SUNSET)
    photo.draft("RGB", (photo.width // divisor, photo.height // divisor))
    photo.load()
    box = (0.0, 0.0, float(photo.height), float(photo.height))
    times = []
    for _ in range(15):
        start = time.process_time()
        placed(photo, box, "smart")
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def main(files: list[str]) -> None:
    """Makes the sheet, with three pictures per photograph, in columns."""
    gap, across = 8, 230 + 2 * (100 + 8)
    rows = -(-len(files) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (across + 3 * gap), rows * (HEIGHT + gap)), "white")
    for number, file in enumerate(files):
        photo = Path(file).read_bytes()
        left = number % COLUMNS * (across + 3 * gap)
        top = number // COLUMNS * (HEIGHT + gap)
        for size in (f"230x{HEIGHT}-inside", CROP, f"{CROP}-smart"):
            picture = variant(photo, size)
            sheet.paste(picture, (left, top))
            left += (230 if "inside" in size else picture.width) + gap
    if files:
        SHEET.parent.mkdir(exist_ok=True)
        sheet.save(SHEET, quality=85, optimize=True)
    for divisor in (2, 4):
        print(f"12 megapixels decoded at 1/{divisor}: {milliseconds(divisor):.1f} ms to find the crop")


if __name__ == "__main__":
    main(sys.argv[1:])
