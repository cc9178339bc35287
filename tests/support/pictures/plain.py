"""Small pictures of noise, and files that contain such a picture and nothing else."""

import random
from dataclasses import replace

from PIL import Image

from tests.support.pictures.charts import saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.icc import DISPLAY_P3
from tests.support.pictures.pngs import Apng, Moving, png
from tests.support.pictures.webps import Still, webp

CHANCE = random.Random("unchanged")
NOISE = Image.frombytes("RGB", (40, 30), CHANCE.randbytes(3600))
CLEAR = Image.frombytes("RGBA", (40, 30), CHANCE.randbytes(4800))
ROWS = [[CHANCE.randrange(256) for _ in range(160)] for _ in range(30)]
GIF = Gif((40, 30), [Picture([row[:40] for row in ROWS])], [(level, level // 2, 255 - level) for level in range(256)])
PROFILE = DISPLAY_P3.profile()
PLAIN = {
    "JPEG": saved(NOISE, "JPEG", quality=95),
    "JPEG, progressive": saved(NOISE, "JPEG", quality=30, progressive=True),
    "JPEG, grey": saved(NOISE.convert("L"), "JPEG"),
    "JPEG with restarts": saved(NOISE, "JPEG", restart_marker_blocks=1),
    "JPEG with a profile": saved(NOISE, "JPEG", icc_profile=PROFILE),
    "PNG": saved(NOISE, "PNG"),
    "PNG, grey": saved(NOISE.convert("L"), "PNG"),
    "PNG, black and white": saved(NOISE.convert("1"), "PNG"),
    "PNG, alpha": saved(CLEAR, "PNG"),
    "PNG, grey and alpha": saved(CLEAR.convert("LA"), "PNG"),
    "PNG, palette": saved(NOISE.quantize(16), "PNG"),
    "PNG, palette with alpha": saved(CLEAR.quantize(64), "PNG"),
    "PNG, transparent grey": png([[0, 1] * 20] * 30, 8, 0, chunk(b"tRNS", b"\0\1")),
    "PNG, interlaced": png(ROWS, 8, 6, interlaced=True),
    "APNG": Apng((40, 30), [Moving(ROWS), Moving([row[:40] for row in ROWS[:5]], 3, 4)], plays=3).data(),
    "WebP": saved(NOISE, "WEBP", quality=95),
    "WebP, lossless": saved(NOISE, "WEBP", lossless=True),
    "WebP, alpha": saved(CLEAR, "WEBP", quality=90),
    "WebP, lossless with alpha": saved(CLEAR, "WEBP", lossless=True),
    "WebP with a profile": saved(NOISE, "WEBP", icc_profile=PROFILE),
    "WebP, moving": webp((40, 30), [Still(CLEAR, duration=70), Still(CLEAR.rotate(180))], alpha=True, plays=2),
    "GIF": GIF.data(),
    "GIF, moving": replace(GIF, pictures=[*GIF.pictures, Picture([[7] * 9] * 4, 3, 5, delay=3)], repeats=2).data(),
}
"""Files in which there is nothing to leave out."""
