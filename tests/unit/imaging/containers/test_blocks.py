"""GIFs are shown as in browsers: their pictures, the places of these and their disposal."""

import random

import numpy as np
import pytest

from core.errors import BrokenOriginal
from tests.support.pictures.gifs import Colour, Gif, Picture
from tests.support.pictures.playing import merged, played, premultiplied
from tests.support.pictures.rendering import rendered

RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
PALETTE = (RED, LIME, BLUE, WHITE)


def assert_shown(gif: Gif, target: str = "png") -> None:
    """A variant of the original's size shows each picture of the GIF, for the same time."""
    width, height = gif.canvas()
    variant = played(rendered(gif.data(), f"{width}x{height}.{target}"))
    times = [10 * picture.delay if picture.delay > 1 else 100 for picture in gif.pictures]
    expected = merged((np.asarray(rows, float), time) for rows, time in zip(gif.shown(), times, strict=True))
    assert len(variant) == len(expected)
    for (pixels, _), (rows, _) in zip(variant, expected, strict=True):
        assert np.array_equal(premultiplied(pixels), premultiplied(rows))
    if len(expected) > 1:
        assert [time for _, time in variant] == [time for _, time in expected]


def filled(width: int, height: int, index: int) -> list[list[int]]:
    return [[index] * width for _ in range(height)]


def chequered(width: int, height: int, *indices: int) -> list[list[int]]:
    return [[indices[(x + y) % len(indices)] for x in range(width)] for y in range(height)]


@pytest.mark.parametrize("target", ["png", "webp", "gif"])
def test_an_area_without_a_picture_is_transparent(target: str) -> None:
    """This holds in every format and for every background colour of the file."""
    for number in range(4):
        gif = Gif((8, 6), [Picture(filled(4, 3, 0), 2, 1), Picture(filled(2, 2, 1), 6, 4)], PALETTE, 0, number)
        shown = [frame for frame, _ in played(rendered(gif.data(), f"8x6.{target}"))]
        alphas = [frame[..., 3] for frame in shown]
        first = np.zeros((6, 8))
        first[1:4, 2:6] = 255
        assert np.array_equal(alphas[0], first)
        first[4:, 6:] = 255
        assert np.array_equal(alphas[1], first)


@pytest.mark.parametrize("transparent", [None, 3], ids=["opaque", "with a transparent colour"])
@pytest.mark.parametrize("second", range(8))
@pytest.mark.parametrize("first", range(8))
def test_each_pair_of_disposals_is_shown_right(first: int, second: int, transparent: int | None) -> None:
    """Keep (0, 1), clear (2), restore (3, and 4 as in browsers). Undefined values mean keep."""
    assert_shown(
        Gif(
            (8, 6),
            [
                Picture(chequered(6, 4, 0, 3, 1), 1, 1, disposal=first, transparent=transparent),
                Picture(chequered(3, 3, 1, 2, 3), 4, 2, disposal=second, transparent=transparent),
                Picture(chequered(2, 2, 2, 3), 0, 0, transparent=transparent),
                Picture(filled(1, 1, 3), 7, 5),
            ],
            PALETTE,
            0,
        )
    )


def test_a_restored_area_can_be_one_that_was_cleared() -> None:
    pictures = [
        Picture(filled(8, 6, 0), disposal=2),
        Picture(filled(4, 4, 1), 2, 1, disposal=3),
        Picture(filled(2, 2, 2), 3, 2, disposal=3),
        Picture(filled(1, 1, 3), 0, 0),
    ]
    assert_shown(Gif((8, 6), pictures, PALETTE, 0))


def test_a_local_palette_changes_no_other_picture() -> None:
    own = ((10, 20, 30), (40, 50, 60))
    pictures = [
        Picture(filled(4, 4, 0)),
        Picture(filled(2, 2, 0), palette=own),
        Picture(filled(2, 2, 1), 2, 2, palette=own, transparent=0),
        Picture(filled(1, 1, 2), 3, 0),
    ]
    assert_shown(Gif((4, 4), pictures, PALETTE, 0))
    assert_shown(Gif((4, 4), [Picture(filled(4, 4, 1), palette=own)]))


@pytest.mark.parametrize("height", range(1, 18))
def test_interlaced_rows_are_put_in_order(height: int) -> None:
    rows = [[(y + x) % 4 for x in range(3)] for y in range(height)]
    still = Picture(rows, interlaced=True)
    assert_shown(Gif((3, height), [still], PALETTE))
    assert_shown(Gif((3, height), [Picture(filled(3, height, 3)), still], PALETTE, 0))


def test_the_first_picture_enlarges_the_screen_and_others_are_clipped() -> None:
    small = Picture(filled(4, 4, 1), 3, 2)
    large = Picture(chequered(9, 9, 0, 2), 1, 1, disposal=2)
    outside = Picture(filled(2, 2, 2), 20, 20, disposal=2)
    assert_shown(Gif((4, 4), [small, large, Picture(filled(1, 1, 3)), outside], PALETTE, 0))
    assert_shown(Gif((1, 1), [outside, large], PALETTE, 0))
    assert_shown(Gif((4, 4), [small], PALETTE))


def test_a_transparent_colour_outside_the_palette_hides_nothing() -> None:
    assert_shown(Gif((4, 4), [Picture(chequered(4, 4, 0, 1, 2), transparent=200)], PALETTE))


@pytest.mark.parametrize(
    "extra",
    [b"!\xfe\5hello\0", b"!\xfe\0", b"!\x01\x0c" + bytes(12) + b"\1a\0", b"!\xff\x0bXMP DataXMP\2ab\0"],
    ids=["comment", "empty comment", "plain text", "XMP"],
)
def test_other_extensions_are_ignored(extra: bytes) -> None:
    pictures = [Picture(filled(4, 4, 0)), Picture(filled(2, 2, 1))]
    assert_shown(Gif((4, 4), pictures, PALETTE, 0, extra=extra))


def random_gif(seed: int) -> Gif:
    """A random valid GIF."""
    chance = random.Random(f"gif {seed}")
    screen = chance.randint(1, 12), chance.randint(1, 12)

    def colours() -> list[Colour]:
        count = chance.choice((2, 3, 4, 7, 16, 100, 256))
        return [(chance.randrange(256), chance.randrange(256), chance.randrange(256)) for _ in range(count)]

    shared = colours()
    pictures = []
    for _ in range(chance.randint(1, 6)):
        own = colours() if chance.random() < 0.3 else []
        count = len(own or shared)
        width, height = chance.randint(1, 14), chance.randint(1, 14)
        rows = [[chance.randrange(count) if x % 3 else 0 for x in range(width)] for _ in range(height)]
        pictures.append(
            Picture(
                rows,
                *(chance.randrange(13), chance.randrange(13)),
                palette=own,
                disposal=chance.choice((0, 1, 2, 2, 3, 3, 4)),
                delay=chance.choice((0, 1, 2, 3, 7, 10, 500)),
                transparent=chance.choice((None, 0, chance.randrange(count))),
                interlaced=chance.random() < 0.3,
            )
        )
    return Gif(screen, pictures, shared, chance.choice((None, 0, 3)), chance.randrange(4))


@pytest.mark.parametrize("hundred", range(4))
def test_any_valid_gif_is_shown_as_specified(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        assert_shown(random_gif(seed))


@pytest.mark.parametrize("target", ["", ".png", ".webp", ".avif", ".gif", ".jpg"])
def test_a_damaged_first_picture_is_an_error_in_each_format(target: str) -> None:
    data = Gif((8, 8), [Picture(chequered(8, 8, 0, 1, 2)), Picture(filled(8, 8, 2))], PALETTE, 0).data()
    start = data.index(b"\x08", data.index(b"\x2c"))  # The code size, which the pixels follow.
    for size in ("8x8", "4x", "3x3-contain"):
        with pytest.raises(BrokenOriginal):
            rendered(data[: start + 2] + b"\xff" * 20 + data[start + 22 :], size + target)


def test_a_file_that_ends_inside_an_announced_picture_is_cut_short() -> None:
    """A file that ends after any block is complete up to there: the trailer is often missing."""
    pictures = [Picture(filled(4, 4, 0)), Picture(filled(4, 4, 1), palette=(BLUE, WHITE))]
    data = Gif((4, 4), pictures, PALETTE, 0).data()
    control = data.rindex(b"!\xf9\4")
    picture = control + 8
    for length in (*range(control + 2, picture), *range(picture + 2, picture + 18)):
        with pytest.raises(BrokenOriginal):
            rendered(data[:length], "4x4.png")
    for length in (control, picture):
        assert len(played(rendered(data[:length], "4x4.png"))) == 1
    assert len(played(rendered(data[:-1], "4x4.png"))) == 2
