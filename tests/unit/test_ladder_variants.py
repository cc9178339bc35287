"""Variants: every redirect ends at one, and their number per original is known."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from core.errors import SizeRefused
from core.ladder import _WITHOUT_QUALITY, AUTO_OUTCOMES, canonical, variants_per_original
from core.settings import Settings
from core.size import AUTO, FITS, FORMATS, Size, parse
from tests.support.settings import settings
from tests.support.sizes import deployments, thrown

RUNGS = (250, 600, 1200)


def answered(size: Size, deployment: Settings) -> set[Size]:
    """The sizes that can answer a request, one for each format that Accept can choose; none if it is refused."""
    try:
        size = canonical(size, deployment)
    except SizeRefused:
        return set()
    if size.format != AUTO:
        return {canonical(size, deployment)}
    return {canonical(replace(size, format=outcome), deployment) for outcome in AUTO_OUTCOMES}


@given(st.integers().map(Random), deployments())
def test_a_redirect_never_ends_at_a_size_that_is_refused_or_redirected_again(
    random: Random, deployment: Settings
) -> None:
    """The size that a request is redirected to, also from `.auto`, is its own canonical size."""
    every = (answered(parse(thrown(random, deployment)), deployment) for _ in range(25))
    for followed in set().union(*every):
        assert canonical(followed, deployment) == followed
        assert canonical(parse(str(followed)), deployment) == followed
        assert max(followed.width or 0, followed.height or 0) <= deployment.max_side
        assert followed.quality is None or followed.format not in _WITHOUT_QUALITY


@settings_of_hypothesis(deadline=None, max_examples=25)
@given(st.integers().map(Random), deployments(most_ratios=2))
def test_random_requests_make_no_more_variants_than_are_counted(random: Random, deployment: Settings) -> None:
    """Of 2,000 random sizes per deployment."""
    number = variants_per_original(deployment)
    every = (answered(parse(thrown(random, deployment)), deployment) for _ in range(2000))
    keys = {str(size) for size in set().union(*every)}
    assert (number is None) == (not deployment.widths and not deployment.sizes)
    assert number is None or len(keys) <= number


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, None),
        ({"ratios": ("1:1",)}, None),
        # Widths times 2 sides, plus widths times ratios times 13 fits, all of it times 6 formats.
        ({"widths": RUNGS, "ratios": ()}, 3 * 2 * 6),
        ({"widths": RUNGS, "ratios": ("1:1", "4:3", "16:9")}, (3 * 2 + 3 * 3 * 13) * 6),
        ({"widths": RUNGS}, 1674),
        ({"widths": RUNGS, "format": "webp"}, 1674 // 6 * 5),
        # 1200 * 4/3 is over the limit, and so are 1200 * 3/2 and 1200 * 16/9.
        ({"widths": RUNGS, "max_side": 1500}, (3 * 2 + (3 * 7 - 3) * 13) * 6),
        # With a width of 1 pixel, 1:1 and 4:3 are 1x1, and 3:5 is 1x2.
        ({"widths": (1,), "ratios": ("1:1", "4:3", "3:5")}, (2 + 2 * 13) * 6),
        ({"sizes": ("300x200", "600x", "600x-q80", "x400-q70.png")}, 3),
        ({"sizes": ("300x200.auto",)}, 3),
        ({"sizes": ("300x200.auto",), "format": "webp"}, 2),
        # 600x is on the ladder too.
        ({"widths": RUNGS, "ratios": (), "sizes": ("600x", "601x.auto", "601x")}, 36 + 3),
    ],
)
def test_the_number_of_variants_is_known_at_start(changed: dict[str, Any], number: int | None) -> None:
    assert variants_per_original(settings(**changed)) == number


@pytest.mark.parametrize(
    "changed", [{"widths": (4, 9)}, {"widths": (3, 5, 6), "max_side": 8}, {"widths": (7,), "format": "avif"}]
)
def test_requesting_everything_makes_as_many_variants_as_are_counted(changed: dict[str, Any]) -> None:
    """Every box with sides up to 16 pixels, in every fit and format."""
    deployment = settings(**changed)
    sides = ["", *map(str, range(1, 17))]
    boxes = [f"{width}x{height}" for width, height in product(sides, sides) if width or height]
    every = product(boxes, (f"-{fit}" for fit in FITS), ("", *(f".{name}" for name in FORMATS)))
    keys = {str(size) for parts in every for size in answered(parse("".join(parts)), deployment)}
    assert len(keys) == variants_per_original(deployment)
