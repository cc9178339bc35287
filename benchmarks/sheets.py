"""Sharpness, side by side with sharp: `./noxw -s bench -- sheets`.

Writes docs/sharpness.md with its pictures. Also writes sharp's results to tests/fixtures/sharp: the unit tests compare
with them, without Node. Everything is lossless, so that only decoding and reduction are compared.
"""

import argparse
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageOps

from benchmarks.renderers import Job, commands, started
from tests.support.pictures.charts import INK_STEPS, picture, zone_plate
from tests.support.pictures.similarity import ssim

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
    """One original at one width: the results of both, and the exact one."""

    name: str
    width: int
    sizewise: Image.Image
    sharp: Image.Image
    exact: Image.Image


def originals(folder: Path) -> dict[str, Path]:
    """The originals' files. Makes the zone plate in the folder."""
    zone_plate(PLATE_SIDE).save(folder / "zone.png")
    photographs = {"sunset": ALBUMS / "2026" / "sunset.jpg", "dogs": ALBUMS / "dogs.jpg", "cat": ALBUMS / "cat.jpg"}
    return {"zone": folder / "zone.png", **photographs}


def pairs(sharp: Path) -> list[Pair]:
    """Renders every case with both, to PNG."""
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
                made.append(
                    Pair(name, width, ours.convert("RGB"), theirs.convert("RGB"), exact(files[name], ours.size))
                )
    return made


def exact(path: Path, size: tuple[int, int]) -> Image.Image:
    """The original decoded in full and reduced in one step."""
    return ImageOps.exif_transpose(Image.open(path)).resize(size, Image.Resampling.LANCZOS)


def inks(sharp: Path) -> Image.Image:
    """Sharp's colours for CMYK without a profile: one pixel for each mixture in the tests' chart."""
    with TemporaryDirectory() as folder, started(commands(sharp)["sharp"]) as renderer:
        chart = picture(INK_STEPS * 255, "CMYK")
        chart.save(Path(folder) / "inks.tif")
        shown = Image.open(BytesIO(renderer.render(Job(Path(folder) / "inks.tif", chart.width, "png")).data))
        return shown.convert("RGB").resize((9, 9), Image.Resampling.NEAREST)


def sheet(pair: Pair) -> Image.Image:
    """Both pictures with captions, Sizewise's at the left."""
    width, height = pair.sizewise.size
    both = Image.new("RGB", (2 * width + 8, height + 16), "white")
    draw = ImageDraw.Draw(both)
    for left, name, image in ((0, "Sizewise", pair.sizewise), (width + 8, "sharp", pair.sharp)):
        both.paste(image, (left, 16))
        draw.text((left + 2, 2), name, "black")
    return both


def page(made: list[Pair]) -> str:
    """The text of docs/sharpness.md."""
    rows = []
    for pair in made:
        compared = (pair.sizewise, pair.sharp), (pair.sizewise, pair.exact), (pair.sharp, pair.exact)
        rows.append(" | ".join([f"| {pair.name}", str(pair.width), *(f"{ssim(*two):.4f}" for two in compared)]) + " |")
    pictures = [
        f"### {pair.name}, {pair.width} wide\n\n![Sizewise at the left, sharp at the right]({file(pair)})\n"
        for pair in made
        if pair.width < max(CASES["zone"])
    ]
    titles = "| original | width | Sizewise to sharp | Sizewise to exact | sharp to exact |"
    return HEAD + "\n".join([titles, "|---|---|---|---|---|", *rows, "", "## Side by side", "", *pictures])


HEAD = """# Sharpness

Written by `./noxw -s bench -- sheets`. Sizewise and sharp, the image library for Node.js, reduce the sample photographs
and a zone plate to the same width, losslessly and with the same kernel (Lanczos). Both are compared with an exact
reduction, which decodes the whole original and reduces it in one step. The figures are SSIM of luma, the similarity of
two pictures' brightness; 1 means that they are the same.

The zone plate (1000x1000) has rings that grow finer from the middle to the edges. Look at a reduced zone plate without
enlarging it: it must show rings only around its middle, and any other pattern is moiré. To save time, sharp first
reduces by a whole factor, to at least two times the target's width, which leaves faint moiré rings. Sizewise does this,
to at least three times the width, only where cykooz-resizer has no wheel. In the table, "Sizewise to sharp" is below
0.98 only for the zone plate at 120 wide.

`tests/unit/imaging/test_scale_sharpness.py` requires at least 0.98 in the column "Sizewise to exact". In the column
"Sizewise to sharp", it requires 0.98 in every row in which "sharp to exact" is at least 0.98.

"""


def file(pair: Pair) -> str:
    """A sheet's path from docs/."""
    return f"sharpness/{pair.name}-{pair.width}.webp"


def main() -> None:
    """Renders, writes the files, and prints the table."""
    parser = argparse.ArgumentParser(prog="./noxw -s bench -- sheets", description="Sharpness, compared with sharp.")
    parser.add_argument("--sharp", type=Path, required=True, help=argparse.SUPPRESS)
    sharp = parser.parse_args().sharp
    made = pairs(sharp)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    SHEETS.mkdir(parents=True, exist_ok=True)
    inks(sharp).save(FIXTURES / "inks.png")
    for pair in made:
        pair.sharp.convert("L").save(FIXTURES / f"{pair.name}-{pair.width}.webp", lossless=True, method=6)
        if pair.width < max(CASES["zone"]):
            lossless = pair.name == "zone"
            sheet(pair).save(ROOT / "docs" / file(pair), lossless=lossless, quality=85, method=6)
    (ROOT / "docs" / "sharpness.md").write_text(page(made))
    print(page(made).removeprefix(HEAD).split("\n\n")[0])


if __name__ == "__main__":
    main()
