"""Makes docs/images/sizes.jpg: sample photographs cropped to corners and focal points, and on backgrounds."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.smart_sheet import variant

ROOT = Path(__file__).parents[1]
SHEET = ROOT / "docs" / "images" / "sizes.jpg"
CELL = (200, 160)
CAPTION = 18
ROWS = (
    ("dogs.jpg", ("x150", "180x90", "180x90-f40x30", "180x90-f57x53")),
    ("2026/sunset.jpg", ("180x", "90x150-topright", "180x60-topright", "180x60-bottomright")),
    ("fig.png", ("180x150-contain.jpg", "180x150-contain-bg1e90ff", "180x120-bgffd700", "x150-bg000000")),
)
"""Originals in samples/albums, each with the sizes of its row."""


def tile(original: bytes, size: str) -> Image.Image:
    """A variant in the middle of its cell, with its size below it."""
    picture = variant(original, size)
    cell = Image.new("RGB", (CELL[0], CELL[1] + CAPTION), "#ddd")
    cell.paste(picture, ((CELL[0] - picture.width) // 2, (CELL[1] - picture.height) // 2))
    font = ImageFont.load_default(12)
    ImageDraw.Draw(cell).text((CELL[0] / 2, CELL[1] + CAPTION / 2), size, "black", font, anchor="mm")
    return cell


def main() -> None:
    """Makes the sheet, with one row per original."""
    columns = max(len(sizes) for _, sizes in ROWS)
    sheet = Image.new("RGB", (columns * CELL[0], len(ROWS) * (CELL[1] + CAPTION)), "#ddd")
    for row, (name, sizes) in enumerate(ROWS):
        original = (ROOT / "samples" / "albums" / name).read_bytes()
        for column, size in enumerate(sizes):
            sheet.paste(tile(original, size), (column * CELL[0], row * (CELL[1] + CAPTION)))
    sheet.save(SHEET, quality=85, optimize=True)


if __name__ == "__main__":
    main()
