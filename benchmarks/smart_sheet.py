"""Makes docs/images/smart-crop.jpg from a list of photographs: whole, cropped at the centre, cropped by `smart`."""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from core.render import render
from core.settings import Settings
from core.size import parse

SHEET = Path(__file__).parents[1] / "docs" / "images" / "smart-crop.jpg"
HEIGHT = 150
CROP = f"100x{HEIGHT}"
COLUMNS = 2


def variant(photo: bytes, size: str) -> Image.Image:
    """A photograph at a size, without a lossy step."""
    return Image.open(BytesIO(render(photo, parse(f"{size}.png"), Settings("", "")).data)).convert("RGB")


def main(files: list[str]) -> None:
    """A row of three for each photograph, in columns."""
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
    SHEET.parent.mkdir(exist_ok=True)
    sheet.save(SHEET, quality=85, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
