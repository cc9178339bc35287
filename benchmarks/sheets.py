"""Sharpness, side by side with sharp: `./noxw -s sheets`.

Writes docs/sharpness.md with its pictures, and to tests/fixtures/sharp what sharp made, which the unit tests compare
with: they need no Node then. Everything is lossless, so that only decoding and reduction are compared.
"""

import argparse
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw

from benchmarks.renderers import Job, commands, started
from benchmarks.similarity import ssim
from tests.support.charts import zone_plate

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures" / "sharp"
SHEETS = ROOT / "docs" / "sharpness"
PLATE_SIDE = 1000
ALBUMS = ROOT / "samples" / "albums"
CASES = {
    "zone": (500, 333, 120),
    "sunset": (400, 160),
    "dogs": (300,),
    "cat": (301,),
}
"""Widths in pixels by the original's name."""


@dataclass(frozen=True)
class Pair:
    """One original at one width, as both made it."""

    name: str
    width: int
    ours: Image.Image
    theirs: Image.Image


def originals(folder: Path) -> dict[str, Path]:
    """The originals' files, the zone plate's made in a folder."""
    zone_plate(PLATE_SIDE).save(folder / "zone.png")
    photographs = {"sunset": ALBUMS / "2026" / "sunset.jpg", "dogs": ALBUMS / "dogs.jpg", "cat": ALBUMS / "cat.jpg"}
    return {"zone": folder / "zone.png", **photographs}


def pairs(sharp: Path) -> list[Pair]:
    """Every case rendered by both, to PNG."""
    lines = commands(sharp)
    made = []
    with (
        TemporaryDirectory() as folder,
        started(lines["sizewise"]) as sizewise,
        started(lines["sharp"]) as other,
    ):
        files = originals(Path(folder))
        for name, widths in CASES.items():
            for width in widths:
                job = Job(files[name], width, "png")
                ours, theirs = (Image.open(BytesIO(renderer.render(job).data)) for renderer in (sizewise, other))
                made.append(Pair(name, width, ours.convert("RGB"), theirs.convert("RGB")))
    return made


def sheet(pair: Pair) -> Image.Image:
    """Both pictures with a caption each: Sizewise's at the left."""
    width, height = pair.ours.size
    picture = Image.new("RGB", (2 * width + 8, height + 16), "white")
    draw = ImageDraw.Draw(picture)
    for left, name, image in ((0, "Sizewise", pair.ours), (width + 8, "sharp", pair.theirs)):
        picture.paste(image, (left, 16))
        draw.text((left + 2, 2), name, "black")
    return picture


def page(made: list[Pair]) -> str:
    """docs/sharpness.md."""
    rows = [f"| {pair.name} | {pair.width} | {ssim(pair.ours, pair.theirs):.4f} |" for pair in made]
    pictures = [
        f"### {pair.name}, {pair.width} wide\n\n![Sizewise at the left, sharp at the right]({file(pair)})\n"
        for pair in made
        if pair.width < max(CASES["zone"])
    ]
    return HEAD + "\n".join(["| original | width | SSIM |", "|---|---|---|", *rows, "", "## Side by side", "", *pictures])


HEAD = """# Sharpness

Written by `./noxw -s sheets`: the sample photographs and a zone plate, reduced by Sizewise and by sharp, at the same
width and with the same kernel (Lanczos), without loss. SSIM of luma is 1 where both are the same;
`tests/unit/test_sharpness.py` asks for 0.98.

The zone plate (1000x1000) has rings that grow finer from the middle to the edges. Seen at its own size, not enlarged by
the browser, a reduction is to show rings about its middle only: any other pattern is moiré.

"""


def file(pair: Pair) -> str:
    """A sheet's path from docs/."""
    return f"sharpness/{pair.name}-{pair.width}.webp"


def main() -> None:
    """Renders, writes, prints the table."""
    parser = argparse.ArgumentParser(prog="./noxw -s sheets --", description="Sharpness, side by side with sharp.")
    parser.add_argument("--sharp", type=Path, required=True, help=argparse.SUPPRESS)
    made = pairs(parser.parse_args().sharp)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    SHEETS.mkdir(parents=True, exist_ok=True)
    for pair in made:
        pair.theirs.convert("L").save(FIXTURES / f"{pair.name}-{pair.width}.webp", lossless=True, method=6)
        if pair.width < max(CASES["zone"]):
            lossless = pair.name == "zone"
            sheet(pair).save(ROOT / "docs" / file(pair), lossless=lossless, quality=85, method=6)
    (ROOT / "docs" / "sharpness.md").write_text(page(made))
    print(page(made).split("## Side")[0].removeprefix(HEAD))


if __name__ == "__main__":
    main()
