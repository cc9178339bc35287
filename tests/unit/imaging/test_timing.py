"""Frames are shown as long as in the original, as far as the format can state it."""

import random
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import accumulate, cycle, islice

import pytest
from PIL import Image

from core.imaging.frame import Frame
from core.imaging.timing import timed
from core.size import Format
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.playing import durations, played
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered
from tests.support.pictures.webps import Still, webp

MOVING: tuple[Format, ...] = ("gif", "png", "webp", "avif")


def level(number: int) -> int:
    """A grey that differs from those of the four frames before and after it, also in a lossy format."""
    return (0, 120, 250, 60, 190)[number % 5]


def grey_frames(times: Sequence[float]) -> list[Frame]:
    return [Frame(Image.new("L", (1, 1), number % 256), None, time) for number, time in enumerate(times)]


def as_webp(times: Sequence[int], plays: int = 0) -> bytes:
    pictures = [Image.new("RGB", (8, 8), (level(number),) * 3) for number in range(len(times))]
    frames = [Still(picture, duration=time) for picture, time in zip(pictures, times, strict=True)]
    return webp((8, 8), frames, False, plays)


def as_apng(fractions: Sequence[tuple[int, int]], plays: int = 0) -> bytes:
    frames = [Moving([[level(number)] * 8] * 8, delay=fraction) for number, fraction in enumerate(fractions)]
    return Apng((8, 8), frames, 8, 0, plays=plays).data()


def as_gif(delays: Sequence[int], repeats: int | None = 0) -> bytes:
    palette = [(level(number),) * 3 for number in range(5)]
    pictures = [Picture([[number % 5] * 8] * 8, delay=delay) for number, delay in enumerate(delays)]
    return Gif((8, 8), pictures, palette, repeats).data()


def as_avif(times: Sequence[int]) -> bytes:
    first, *rest = [Image.new("RGB", (8, 8), (level(number),) * 3) for number in range(len(times))]
    buffer = BytesIO()
    first.save(buffer, "AVIF", save_all=True, append_images=rest, duration=times, speed=10)
    return buffer.getvalue()


RATES = {
    60: ([17, 17, 16], 50),
    50: ([20], 50),
    30: ([33, 33, 34], 30),
    24: ([42, 42, 41], 24),
    25: ([40], 25),
    55: ([18, 18, 18, 18, 18, 18, 18, 18, 19, 18, 19], 50),
    120: ([8, 8, 9], 50),
    100: ([10], 50),
}
"""Frames per second: their times in ms, and the number of frames per second that a GIF can have."""


def assert_in_time(found: Sequence[float], original: Sequence[float]) -> None:
    """A GIF's delays are at least 20 ms, and each frame ends within 10 ms of the end of a frame of the original."""
    ends = list(accumulate(original))
    assert min(found) >= 20
    for end in accumulate(found):
        assert min(abs(end - other) for other in ends) <= 10
    assert abs(sum(found) - ends[-1]) <= 10


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("original", [as_webp, as_avif, lambda times: as_apng([(time, 1000) for time in times])])
def test_a_gif_is_as_fast_as_the_original(rate: int, original: Callable[[list[int]], bytes]) -> None:
    pattern, room = RATES[rate]
    times = list(islice(cycle(pattern), rate))
    found = durations(rendered(original(times), "8x8.gif"))
    assert_in_time(found, times)
    assert len(found) == pytest.approx(room, abs=1)


@pytest.mark.parametrize(
    ("fraction", "room"), [((1, 60), 50), ((1001, 60000), 50), ((1, 144), 50), ((1001, 24000), 24)]
)
def test_a_gif_is_as_fast_as_an_apng_of_fractions(fraction: tuple[int, int], room: int) -> None:
    times = [1000 * fraction[0] / fraction[1]] * (2 * round(fraction[1] / fraction[0]))
    found = durations(rendered(as_apng([fraction] * len(times)), "8x8.gif"))
    assert_in_time(found, times)
    assert len(found) == pytest.approx(2 * room, abs=1)


def assert_odd_mix(chance: random.Random) -> None:
    some = chance.choice(((0, 1, 5, 9, 12, 15, 19), (12, 15, 19, 20, 21, 33.4), (0, 20, 21, 33.4, 100, 1234.5)))
    times = [20, *(chance.choice(some) for _ in range(chance.randint(1, 40)))]
    ends = list(accumulate(times))
    now = 0.0
    found = timed(grey_frames(times), "gif", for_ever=True)
    for frame in found:
        now += frame.duration
        assert frame.duration >= 20
        assert frame.duration % 10 == 0
        number = frame.pixels.getpixel((0, 0))
        assert isinstance(number, int)
        assert abs(now - ends[number]) < 10.001
    assert len(found) == len(times) or min(times) < 20


def test_frames_of_mixed_times_end_in_time() -> None:
    """With any times, each remaining frame ends in time. If all have room, all remain."""
    for seed in range(1000):
        assert_odd_mix(random.Random(seed))


@pytest.mark.parametrize("times", [[8] * 31, [16, 17] * 20, [100, 1], [40, 5, 5, 5]])
def test_an_animation_that_ends_keeps_its_last_frame(times: list[int]) -> None:
    """The viewer sees it when the animation has ended."""
    data = as_webp(times, plays=1)
    (last, _), (wanted, _) = played(rendered(data, "8x8.gif"))[-1], played(data)[-1]
    assert last.tolist() == wanted.tolist()
    assert min(durations(rendered(data, "8x8.gif"))) >= 20


@pytest.mark.parametrize("target", MOVING)
def test_a_gifs_delay_of_up_to_10_ms_is_a_tenth_of_a_second(target: Format) -> None:
    """As in browsers, for which such GIFs are made."""
    found = durations(rendered(as_gif([0, 1, 2, 5, 0]), f"4x4.{target}"))
    assert found == [100, 100, 20, 50, 100]


@pytest.mark.parametrize("target", ["png", "webp", "avif"])
def test_other_formats_keep_milliseconds(target: Format) -> None:
    times = [17, 16, 17, 1, 7, 333, 1001]
    assert durations(rendered(as_webp(times), f"8x8.{target}")) == pytest.approx(times)
    found = list(accumulate(durations(rendered(as_apng([(1, 60)] * 60), f"8x8.{target}"))))
    assert found == pytest.approx([1000 * (number + 1) / 60 for number in range(60)], abs=0.5 + 1e-6)


LONG: dict[str, tuple[Callable[[], bytes], float]] = {
    "GIF of 655.35 s": (lambda: as_gif([65535] * 3), 655_350),
    "WebP of 16,777.215 s": (lambda: as_webp([2**24 - 1] * 3), 2**24 - 1),
    "WebP of 70.001 s": (lambda: as_webp([70_001] * 3), 70_001),
    "APNG of 65535 s": (lambda: as_apng([(65535, 1)] * 3), 65_535_000),
    "APNG of 65535/2 s": (lambda: as_apng([(65535, 2)] * 3), 32_767_500),
    "APNG of 9001/7 s": (lambda: as_apng([(9001, 7)] * 3), 9001_000 / 7),
    "APNG of 65535/0 s": (lambda: as_apng([(65535, 0)] * 3), 655_350),
    "AVIF of 2^32-1 ms": (lambda: as_avif([2**32 - 1] * 3), 2**32 - 1),
}
MOST = {"gif": 655_350, "png": 65_535_000, "webp": 2**24 - 1, "avif": 2**31 - 1}
"""The longest time of a frame in each format, in milliseconds; in AVIF, of all frames."""


@pytest.mark.parametrize("target", MOVING)
@pytest.mark.parametrize("name", LONG)
def test_very_long_delays_are_as_long_as_the_format_allows(name: str, target: Format) -> None:
    make, time = LONG[name]
    found = durations(rendered(make(), f"8x8.{target}"))
    if target == "avif" and 3 * time > MOST["avif"]:
        assert sum(found) <= MOST["avif"] + 3
    else:
        # PNG's fractions of long times are coarse: 65535/1, 65534/1.
        expected = min(time, MOST[target])
        assert found == pytest.approx([expected] * 3, abs=10 if target == "gif" else 1, rel=1e-5 * (target == "png"))


@pytest.mark.parametrize("target", MOVING)
def test_a_thousand_very_long_frames_do_not_overflow(target: Format) -> None:
    """The WebP decoder counts milliseconds in 32 bits: its times start again after 2^31."""
    found = durations(rendered(as_webp([2**24 - 1] * 1000), f"8x8.{target}"))
    assert len(found) > 100
    assert found[0] == pytest.approx(min(2**24 - 1, MOST[target]), rel=1e-5)
