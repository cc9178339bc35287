"""Sizes for property tests, their spellings, and deployments that allow some of them."""

from collections.abc import Sequence
from random import Random
from typing import Literal

from hypothesis import strategies as st

from core.imaging.formats import MAX_VARIANT_SIDE
from core.settings import Settings
from core.size import AUTO, FITS, FORMATS, KEPT, MAX_PIXEL_RATIO, Format, Size
from tests.support.settings import settings

MAX_SIDE = 20_000
"""Pixels: more than any deployment renders."""

NAMED: tuple[Format | Literal["auto"], ...] = (*FORMATS, AUTO)


POINTS = st.tuples(st.integers(0, 100), st.integers(0, 100))
PLACES = {point for fit, point in KEPT.items() if fit != "cover"}
COLOURS = st.text("0123456789abcdef", min_size=6, max_size=6)
SIGNATURES = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)


@st.composite
def sizes(draw: st.DrawFn, max_side: int = MAX_SIDE, *, signed: bool = False) -> Size:
    """Any size that `parse` can return.

    Only a box has a fit, and only a cover has a focal point, unless that point has a name. If `signed`, the size
    may have a signature.
    """
    side, no = st.integers(1, max_side), st.none()
    width, height = draw(st.one_of(st.tuples(side, side), st.tuples(side, no), st.tuples(no, side)))
    fit = draw(st.sampled_from(FITS)) if width and height else "cover"
    crops = width and height and fit == "cover"
    return Size(
        width,
        height,
        fit=fit,
        focal=draw(st.none() | POINTS.filter(lambda point: point not in PLACES)) if crops else None,
        background=draw(st.none() | COLOURS),
        quality=draw(st.none() | st.integers(1, 100)),
        format=draw(st.sampled_from([None, *NAMED])),
        signature=draw(st.none() | SIGNATURES) if signed else None,
    )


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, Sequence[str], str]:
    """The box, the options and the suffix of a size, each valid and in any spelling."""
    zeros = st.sampled_from(["", "0", "00"])
    width, height = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    side, percent = st.integers(1, MAX_SIDE), st.integers(0, 100)
    box = f"{draw(zeros)}{draw(side)}" * width + "x" + f"{draw(zeros)}{draw(side)}" * height
    options = [
        *draw(st.lists(st.sampled_from(FITS), max_size=1)),
        *draw(st.lists(st.builds("f{}{}x{}{}".format, zeros, percent, zeros, percent), max_size=1)),
        *draw(st.lists(COLOURS.map("bg{}".format), max_size=1)),
        *draw(st.lists(st.builds("{}{}x".format, zeros, st.integers(1, MAX_PIXEL_RATIO)), max_size=1)),
        *draw(st.lists(st.builds("q{}{}".format, zeros, st.integers(1, 100)), max_size=1)),
    ]
    suffix = draw(st.sampled_from(["", ".jpeg", *(f".{name}" for name in NAMED)]))
    return box, options, suffix


@st.composite
def deployments(draw: st.DrawFn, most_ratios: int = 7) -> Settings:
    """Any settings that affect a size's canonical form, within the side limit, as the start requires."""
    max_side = draw(st.integers(1, MAX_VARIANT_SIDE))
    ratio = st.builds("{}:{}".format, st.integers(1, 20), st.integers(1, 20))
    return settings(
        widths=tuple(sorted(draw(st.sets(st.integers(1, max_side), max_size=3)))),
        ratios=draw(st.just(Settings().ratios[:most_ratios]) | st.lists(ratio, max_size=most_ratios).map(tuple)),
        sizes=tuple(str(size) for size in draw(st.lists(sizes(max_side), max_size=3))),
        max_side=max_side,
        format=draw(st.none() | st.sampled_from(FORMATS)),
        quality=draw(st.integers(1, 100)),
    )


def thrown(random: Random, deployment: Settings) -> str:
    """Any size in any spelling, often with allowed proportions or a height a pixel or two off."""
    if deployment.sizes and random.random() < 0.1:
        return random.choice(deployment.sizes)
    most = random.choice([9, 40, 5000])
    width, height = (str(random.randint(1, most)) for _ in range(2))
    kind = random.choice(["box", "proportions", "width", "height"])
    if kind == "proportions" and deployment.ratios:
        across, down = map(int, random.choice(deployment.ratios).split(":"))
        height = str(max(1, int(width) * down // across + random.randint(-1, 2)))
    box = {"width": f"{width}x", "height": f"x{height}"}.get(kind, f"{width}x{height}")
    options = [
        random.choice(FITS),
        *random.choice([[], [], [f"f{random.randint(0, 100)}x{random.choice([0, 50, 70])}"]]),
        *random.choice([[], [], ["bgffffff"], [f"bg{random.randrange(16**6):06x}"]]),
        *random.choice([[], [], [f"{random.randint(1, 4)}x"]]),
        *random.choice([[], [], [f"q{random.choice([deployment.quality, random.randint(1, 100)])}"]]),
    ]
    suffix = random.choice(["", ".auto", *(f".{name}" for name in FORMATS)])
    return "-".join([box, *options]) + suffix
