"""Variants: every redirect leads to one, and the number of them per original is known."""

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
    """The sizes of which one answers a request, whatever its Accept header; none if it is refused."""
    try:
        size = canonical(size, deployment)
    except SizeRefused:
        return set()
    if size.format != AUTO:
        return {canonical(size, deployment)}
    return {canonical(replace(size, format=outcome), deployment) for outcome in AUTO_OUTCOMES}


@given(st.integers().map(Random), deployments())
def test_a_redirect_never_leads_to_a_size_that_is_refused_or_redirected_again(
    random: Random, deployment: Settings
) -> None:
    """Whatever a listed size or any other comes to, by way of `.auto` too, is rendered under its own name."""
    every = (answered(parse(thrown(random, deployment)), deployment) for _ in range(50))
    for followed in set().union(*every):
        assert canonical(followed, deployment) == followed
        assert canonical(parse(str(followed)), deployment) == followed
        assert max(followed.width or 0, followed.height or 0) <= deployment.max_side
        assert followed.quality is None or followed.format not in _WITHOUT_QUALITY


@settings_of_hypothesis(deadline=None, max_examples=50)
@given(st.integers().map(Random), deployments(most_ratios=2))
def test_strangers_get_no_more_variants_of_an_original_than_are_counted(random: Random, deployment: Settings) -> None:
    """Of any 2,000 sizes at one deployment, where fewer can be counted."""
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
        # Widths times two sides, and times ratios and 13 fits; all of it times its own format and five named ones.
        ({"widths": RUNGS, "ratios": ()}, 3 * 2 * 6),
        ({"widths": RUNGS, "ratios": ("1:1", "4:3", "16:9")}, (3 * 2 + 3 * 3 * 13) * 6),
        ({"widths": RUNGS}, 1674),
        ({"widths": RUNGS, "format": "webp"}, 1674 // 6 * 5),
        # 1200 * 4/3 is over the limit, and so are 1200 * 3/2 and 1200 * 16/9.
        ({"widths": RUNGS, "max_side": 1500}, (3 * 2 + (3 * 7 - 3) * 13) * 6),
        # 1:1, 4:3 and 3:4 of a pixel's width are one box, or two.
        ({"widths": (1,), "ratios": ("1:1", "4:3", "3:5")}, (2 + 2 * 13) * 6),
        ({"sizes": ("300x200", "600x", "600x-q80", "x400-q70.png")}, 3),
        ({"sizes": ("300x200.auto",)}, 3),
        ({"sizes": ("300x200.auto",), "format": "webp"}, 2),
        # 600x is a rung anyway, and 601x is not.
        ({"widths": RUNGS, "ratios": (), "sizes": ("600x", "601x.auto", "601x")}, 36 + 3),
    ],
)
def test_the_number_of_variants_is_known_beforehand(changed: dict[str, Any], number: int | None) -> None:
    assert variants_per_original(settings(**changed)) == number


@pytest.mark.parametrize(
    "changed", [{"widths": (4, 9)}, {"widths": (3, 5, 6), "max_side": 8}, {"widths": (7,), "format": "avif"}]
)
def test_the_number_is_met_by_who_asks_for_everything(changed: dict[str, Any]) -> None:
    """Every box up to the last rung's tallest, in every fit and format: as many keys as were counted, and no more."""
    deployment = settings(**changed)
    sides = ["", *map(str, range(1, 17))]
    boxes = [f"{width}x{height}" for width, height in product(sides, sides) if width or height]
    every = product(boxes, (f"-{fit}" for fit in FITS), ("", *(f".{name}" for name in FORMATS)))
    keys = {str(size) for parts in every for size in answered(parse("".join(parts)), deployment)}
    assert len(keys) == variants_per_original(deployment)
