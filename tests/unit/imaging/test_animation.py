"""Animations stay animations: frames, durations and the number of plays, as read by another decoder."""

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageSequence

from core.errors import TooLarge
from core.imaging.containers.contents import MOST_FRAMES
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse

COLOURS = ("red", "lime", "blue", "yellow")
DURATIONS = [100, 200, 50, 400]
SETTINGS = Settings()


def bar(number: int, background: str | tuple[int, ...] = "white") -> Image.Image:
    """A frame of 80x60 pixels with a bar of 20 at the frame's own place."""
    frame = Image.new("RGBA", (80, 60), background)
    frame.paste(COLOURS[number], (20 * number, 0, 20 * number + 20, 60))
    return frame


def saved(name: str, background: str | tuple[int, ...] = "white", **options: Any) -> bytes:
    """Four bars as an animation by Pillow's own encoder."""
    first, *rest = [bar(number, background) for number in range(4)]
    buffer = BytesIO()
    first.save(buffer, name, save_all=True, append_images=rest, duration=DURATIONS, **options)
    return buffer.getvalue()


def variant(data: bytes, size: str, settings: Settings = SETTINGS) -> Image.Image:
    return Image.open(BytesIO(render(data, parse(size), settings.imaging).data))


def near(pixel: tuple[int, ...], colour: str) -> bool:
    """Whether a pixel is the colour, within the loss of an encoder."""
    wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    assert isinstance(wanted, tuple)
    return all(abs(have - want) < 60 for have, want in zip(pixel, wanted, strict=False))


def durations(image: Image.Image) -> list[int]:
    found = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        found.append(round(frame.info["duration"]))
    return found


ORIGINALS: dict[str, Callable[[], bytes]] = {
    "GIF": lambda: saved("GIF", loop=0),
    "WEBP": lambda: saved("WEBP", loop=0, lossless=True),
    "PNG": lambda: saved("PNG", loop=0),
}


@pytest.mark.parametrize("original", ORIGINALS)
@pytest.mark.parametrize("target", ["", ".gif", ".webp", ".png", ".avif"])
def test_every_frame_is_resized_in_its_place_and_keeps_its_duration(original: str, target: str) -> None:
    image = variant(ORIGINALS[original](), f"40x{target}")
    assert image.size == (40, 30)
    assert getattr(image, "n_frames", 1) == 4
    assert durations(image) == DURATIONS
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        shown = frame.convert("RGB")
        for place, colour in enumerate(COLOURS):
            pixel = shown.getpixel((10 * place + 5, 15))
            assert isinstance(pixel, tuple)
            assert near(pixel, colour if place == number else "white")


@pytest.mark.parametrize("original", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("target", ["gif", "webp", "png"])
def test_transparent_areas_show_no_earlier_frame(original: str, target: str) -> None:
    options = {"disposal": 2} if original == "GIF" else {"lossless": True} if original == "WEBP" else {"disposal": 1}
    data = bytearray(saved(original, (0, 0, 0, 0), loop=0, **options))
    if original == "WEBP":
        data[20] |= 0x10  # Frames reduced to their opaque part leave the canvas's alpha flag unset.
    image = variant(bytes(data), f"40x.{target}")
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        shown = frame.convert("RGBA")
        for place in range(4):
            pixel = shown.getpixel((10 * place + 5, 15))
            assert isinstance(pixel, tuple)
            assert (pixel[3] > 200) == (place == number)


@pytest.mark.parametrize(
    ("original", "options", "plays"),
    [
        ("GIF", {"loop": 0}, 0),
        ("GIF", {}, 1),
        ("GIF", {"loop": 2}, 3),
        ("GIF", {"loop": 65_533}, 65_534),
        ("WEBP", {"loop": 0}, 0),
        ("WEBP", {"loop": 3}, 3),
        ("PNG", {"loop": 3}, 3),
        ("PNG", {"loop": 0}, 0),
    ],
)
def test_an_animation_is_played_as_often_as_the_original(original: str, options: dict[str, Any], plays: int) -> None:
    """A GIF counts repetitions, other formats count plays. The viewer sees the same number."""
    data = saved(original, **options)
    assert variant(data, "40x.webp").info["loop"] == plays
    assert variant(data, "40x.png").info["loop"] == plays
    gif = variant(data, "40x.gif").info
    assert gif.get("loop") == (None if plays == 1 else max(plays - 1, 0))


MOST_PLAYS = {"gif": 65_536, "webp": 65_535, "png": 2**31 - 1}
"""The largest count of each format: 16 bits of repetitions, 16 bits of plays (RFC 9649), 31 bits of plays (PNG)."""


@pytest.mark.parametrize("target", MOST_PLAYS)
@pytest.mark.parametrize(
    ("original", "loop", "plays"),
    [
        ("GIF", 65_534, 65_535),
        ("GIF", 65_535, 65_536),
        ("WEBP", 65_535, 65_535),
        ("PNG", 65_536, 65_536),
        ("PNG", 65_537, 65_537),
        ("PNG", 2**31 - 1, 2**31 - 1),
        ("PNG", 2**32 - 1, 2**32 - 1),
    ],
)
def test_more_plays_than_a_format_can_count_become_endless(original: str, loop: int, plays: int, target: str) -> None:
    """Pillow's `loop` is the number in the file: repetitions in a GIF, plays elsewhere."""
    shown = variant(saved(original, loop=loop), f"40x.{target}").info["loop"]
    counted = 0 if plays > MOST_PLAYS[target] else plays - 1 if target == "gif" else plays
    assert shown == counted


@pytest.mark.parametrize("target", ["jpg"])
def test_a_format_without_animation_shows_the_first_frame(target: str) -> None:
    image = variant(ORIGINALS["GIF"](), f"40x.{target}")
    assert getattr(image, "n_frames", 1) == 1
    pixel = image.convert("RGB").getpixel((5, 15))
    assert isinstance(pixel, tuple)
    assert near(pixel, "red")


def test_a_fit_applies_to_every_frame() -> None:
    image = variant(ORIGINALS["WEBP"](), "30x60-contain.webp")
    assert image.size == (30, 60)
    alphas = [frame.convert("RGBA").getpixel((15, 2)) for frame in ImageSequence.Iterator(image)]
    assert [alpha[3] for alpha in alphas if isinstance(alpha, tuple)] == [0] * 4


def test_frames_that_need_no_resizing_stay_different() -> None:
    image = variant(ORIGINALS["GIF"](), "80x60.webp")
    shown = [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(image)]
    assert all(one != other for one, other in pairwise(shown))


def test_a_still_picture_of_a_moving_format_stays_still() -> None:
    buffer = BytesIO()
    bar(0).save(buffer, "GIF")
    assert getattr(variant(buffer.getvalue(), "40x.webp"), "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["TIFF", "MPO"])
def test_pages_and_second_pictures_are_no_animation(name: str) -> None:
    buffer = BytesIO()
    first, *rest = [bar(number).convert("RGB") for number in range(3)]
    first.save(buffer, name, save_all=True, append_images=rest)
    image = variant(buffer.getvalue(), "40x.webp")
    assert getattr(image, "n_frames", 1) == 1
    pixel = image.convert("RGB").getpixel((5, 15))
    assert isinstance(pixel, tuple)
    assert near(pixel, "red")


@pytest.mark.parametrize("original", ORIGINALS)
def test_the_pixels_of_all_frames_are_limited(original: str) -> None:
    limit = 4 * 80 * 60
    assert getattr(variant(ORIGINALS[original](), "40x", Settings(max_original_pixels=limit)), "n_frames", 1) == 4
    with pytest.raises(TooLarge, match="frames"):
        variant(ORIGINALS[original](), "40x", Settings(max_original_pixels=limit - 1))


def test_an_enlarged_animation_is_limited_by_its_new_size() -> None:
    settings = Settings(enlarge=True, max_original_pixels=4 * 160 * 120 - 1)
    with pytest.raises(TooLarge, match="frames"):
        variant(ORIGINALS["GIF"](), "160x", settings)


def test_a_gif_of_a_million_frames_is_refused_without_looking_at_them_all() -> None:
    first = saved("GIF", loop=0)
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    data = first[:-1] + frame * 1_000_000 + b";"
    with pytest.raises(TooLarge, match=str(MOST_FRAMES)):
        variant(data, "40x")
