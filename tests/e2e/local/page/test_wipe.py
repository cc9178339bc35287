"""The wipe: the variant lies over its original, and a slider shows more of one or the other."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.local.page.conftest import SUNSET_KEY, Open, at

Pixels = npt.NDArray[np.float64]
SIDES = {SUNSET_KEY: (4272, 2848), "albums/dogs.jpg": (2048, 3088)}
"""The width and height in pixels, upright."""


def pixels(data: bytes) -> Pixels:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), np.float64)


SHOWN = (
    *("600x400", "300x300-smart", "400x300-f10x90", "200x400-bottomright", "500x300-contain", "300x500-fill"),
    *("400x400-inside", "350x.png", "x250.webp", "500x100-contain-bg1e90ff"),
)


@pytest.mark.parametrize("size", SHOWN)
@pytest.mark.parametrize("key", SIDES)
def test_the_wipe_places_the_variant_on_the_same_part_of_the_original(open_page: Open, size: str, key: str) -> None:
    """The pixels of dogs.jpg are stored on their side."""
    with open_page(at(size, key)) as page:
        expect(page.locator("#variant-facts")).to_contain_text("×")
        page.get_by_label("Wipe").check()
        layers = page.locator("#layers")
        seen = []
        for percent in ("0", "100"):
            page.get_by_label("Share of the original").fill(percent)
            page.evaluate("document.getElementById('edge').hidden = true")
            seen.append(pixels(layers.screenshot()))
        if "contain" in size:  # Only the variant has padding.
            seen = [inner(one, SIDES[key]) for one in seen]
        off = np.abs(seen[0] - seen[1]).mean()
        moved = np.abs(seen[0][:, :-12] - seen[1][:, 12:]).mean()
        assert off < 6
        assert off < moved / 1.5


def inner(shown: Pixels, sides: tuple[int, int]) -> Pixels:
    """The part without padding, for an original with these sides."""
    height, width = shown.shape[:2]
    scale = min(width / sides[0], height / sides[1])
    left, top = (round((long - side * scale) / 2) + 2 for long, side in zip((width, height), sides, strict=True))
    return shown[top : height - top, left : width - left]
