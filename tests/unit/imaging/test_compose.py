"""APNGs are shown as specified: frames are blended and disposed of, in every kind of PNG."""

import random
import struct
from itertools import product

import numpy as np
import pytest

from tests.support.pictures.hostile.png import CHANNELS, chunk
from tests.support.pictures.playing import durations, played, premultiplied, seen
from tests.support.pictures.pngs import DEPTHS, Apng, Moving, Samples, Shade
from tests.support.pictures.rendering import redrawn, rendered

PALETTE = [(255, 0, 0, 255), (0, 255, 0, 128), (0, 0, 255, 0), (90, 60, 30, 200)]
COLOURS = chunk(b"PLTE", bytes(level for colour in PALETTE for level in colour[:3])) + chunk(
    b"tRNS", bytes(colour[3] for colour in PALETTE)
)


def shades(rows: Samples, depth: int, colour: int) -> list[list[Shade]]:
    """A frame's pixels in RGBA, by their colour type (section 6.1). Of 16 bits, the high 8 count (section 13.12)."""
    most, channels = min((1 << depth) - 1, 255), CHANNELS[colour]

    def shade(pixel: list[int]) -> Shade:
        if colour == 3:
            red, green, blue, alpha = (level / 255 for level in PALETTE[pixel[0]])
            return red, green, blue, alpha
        levels = [(sample >> 8 if depth == 16 else sample) / most for sample in pixel]
        alpha = levels[-1] if colour in (4, 6) else 1.0
        red, green, blue = levels[:3] if channels > 2 else levels[:1] * 3
        return red, green, blue, alpha

    return [[shade([*row[at : at + channels]]) for at in range(0, len(row), channels)] for row in rows]


def assert_shown(apng: Apng) -> None:
    """A variant of the original's size shows each frame in its time, within one level times alpha.

    The variant is drawn from the pixels. Pillow, which shows it here, would show the original with wrong transparency.
    """
    variant = played(redrawn(apng.data(), f"{apng.sides[0]}x{apng.sides[1]}.png"))
    shown = apng.shown([shades(frame.rows, apng.depth, apng.colour) for frame in apng.frames])
    began = 0.0
    for frame, rows in zip(apng.frames, shown, strict=True):
        ended = began + 1000 * frame.delay[0] / (frame.delay[1] or 100)
        for pixels in seen(variant, began + 0.2, ended - 0.2):
            assert np.abs(premultiplied(pixels) - premultiplied(255 * np.array(rows))).max() <= 1
        began = ended
    assert len(variant) == 1 or sum(time for _, time in variant) == pytest.approx(began, abs=0.2)


def plain(width: int, height: int, *pixel: int) -> list[list[int]]:
    return [[*pixel] * width for _ in range(height)]


WAYS = list(product(range(3), range(2)))
"""Each pair of a disposal and a blending."""


@pytest.mark.parametrize(("dispose", "blend"), WAYS)
@pytest.mark.parametrize(("first_dispose", "first_blend"), WAYS)
@pytest.mark.parametrize("hidden", [None, plain(8, 6, 1, 2, 3, 255)], ids=["shown", "hidden"])
def test_each_blending_and_disposal_is_shown_right(
    first_dispose: int, first_blend: int, dispose: int, blend: int, hidden: Samples | None
) -> None:
    """A hidden default image does not show either."""
    frames = [
        Moving(plain(8, 6, 250, 100, 0, 150), dispose=first_dispose, blend=first_blend),
        Moving(plain(4, 3, 0, 100, 250, 100), 2, 1, dispose=dispose, blend=blend),
        Moving(plain(3, 4, 0, 200, 0, 128), 5, 2, blend=1),
        Moving(plain(1, 1, 9, 9, 9, 255), 0, 0, blend=0),
    ]
    assert_shown(Apng((8, 6), frames, hidden=hidden))


@pytest.mark.parametrize("dispose", range(3))
def test_a_hidden_default_image_does_not_show(dispose: int) -> None:
    """Then the first frame need not cover the canvas; the rest is transparent, in each format."""
    frames = [Moving(plain(2, 2, 255, 0, 0, 255), 2, 2, dispose=dispose), Moving(plain(2, 2, 0, 0, 255, 255), 5, 3)]
    apng = Apng((8, 6), frames, hidden=plain(8, 6, 0, 255, 0, 255))
    assert_shown(apng)
    for target in ("png", "webp", "gif", "avif"):
        for pixels, _ in played(rendered(apng.data(), f"8x6.{target}")):
            assert pixels[0, 0, 3] == 0
            assert pixels[5, 0, 3] == 0


def test_a_still_variant_shows_the_hidden_default_image() -> None:
    frames = [Moving(plain(8, 6, 255, 0, 0, 255)), Moving(plain(8, 6, 0, 0, 255, 255))]
    apng = Apng((8, 6), frames, hidden=plain(8, 6, 0, 255, 0, 255))
    [(pixels, _)] = played(rendered(apng.data(), "8x6.jpg"))
    assert np.abs(pixels - (0, 255, 0, 255)).max() < 6


@pytest.mark.parametrize(("colour", "depth"), [(colour, depth) for colour in DEPTHS for depth in DEPTHS[colour]])
@pytest.mark.parametrize("interlaced", [False, True])
def test_each_kind_of_png_can_be_animated(colour: int, depth: int, interlaced: bool) -> None:
    chance = random.Random(f"{colour} {depth}")
    most = min(1 << depth, len(PALETTE)) if colour == 3 else 1 << depth

    def rows(width: int, height: int) -> list[list[int]]:
        return [[chance.randrange(most) for _ in range(width * CHANNELS[colour])] for _ in range(height)]

    frames = [Moving(rows(7, 5)), Moving(rows(3, 2), 4, 3, blend=1), Moving(rows(5, 5), 1, 0, dispose=1, blend=0)]
    assert_shown(Apng((7, 5), frames, depth, colour, COLOURS if colour == 3 else b"", interlaced=interlaced))


@pytest.mark.parametrize("blend", [0, 1])
def test_a_transparent_colour_is_hidden_in_each_frame(blend: int) -> None:
    """Grey 100 is transparent (section 11.3.1.1): blended it changes nothing, as source it makes a hole."""
    frames = [Moving(plain(4, 4, 200)), Moving([[100, 50], [100, 51]], 1, 1, blend=blend)]
    apng = Apng((4, 4), frames, 8, 0, chunk(b"tRNS", struct.pack(">H", 100)))
    _, (pixels, _) = played(redrawn(apng.data(), "4x4.png"))
    grey, alpha = pixels[..., 0], pixels[..., 3]
    assert grey[1:3, 2].tolist() == [50, 51]
    assert alpha[1:3, 1].tolist() == ([255, 255] if blend else [0, 0])
    assert not blend or grey[1:3, 1].tolist() == [200, 200]


@pytest.mark.parametrize(
    ("fraction", "milliseconds"),
    [((1, 10), 100), ((1, 3), 1000 / 3), ((7, 0), 70), ((1, 1000), 1), ((1001, 30000), 1001 / 30), ((3, 1), 3000)],
)
def test_a_delay_is_a_fraction_of_a_second(fraction: tuple[int, int], milliseconds: float) -> None:
    """A denominator of 0 means hundredths (section 11.3.6.2)."""
    frames = [Moving(plain(2, 2, red, 0, 0, 255), delay=fraction) for red in (10, 90, 200)]
    data = Apng((2, 2), frames).data()
    assert durations(rendered(data, "2x2.png")) == pytest.approx([milliseconds] * 3, rel=1e-4)
    webp = durations(rendered(data, "2x2.webp"))
    for shown in range(1, 4):
        assert sum(webp[:shown]) == pytest.approx(milliseconds * shown, abs=0.5)


def random_apng(seed: int) -> Apng:
    """A random valid APNG with alpha."""
    chance = random.Random(f"apng {seed}")
    canvas = chance.randint(1, 9), chance.randint(1, 9)
    colour = chance.choice((4, 6))
    hidden = chance.random() < 0.5

    def rows(width: int, height: int) -> list[list[int]]:
        levels = chance.choice(((0, 255), (0, 1, 127, 128, 254, 255), range(256)))
        return [[chance.choice(levels) for _ in range(width * CHANNELS[colour])] for _ in range(height)]

    frames = []
    for number in range(chance.randint(1, 6)):
        whole = not number and not hidden
        left, top = (0, 0) if whole else (chance.randrange(canvas[0]), chance.randrange(canvas[1]))
        sides = canvas if whole else (chance.randint(1, canvas[0] - left), chance.randint(1, canvas[1] - top))
        delay = chance.randint(1, 300), chance.choice((0, 24, 60, 100, 1000))
        frames.append(Moving(rows(*sides), left, top, delay, chance.randrange(3), chance.randrange(2)))
    plays = chance.choice((0, 1, 5))
    return Apng(canvas, frames, 8, colour, plays=plays, hidden=rows(*canvas) if hidden else None)


@pytest.mark.parametrize("hundred", range(4))
def test_any_valid_apng_is_shown_as_specified(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        assert_shown(random_apng(seed))
