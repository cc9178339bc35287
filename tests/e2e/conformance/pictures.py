"""The content of variants: crop, background, orientation, metadata and sides."""

from io import BytesIO
from typing import cast

import pytest
from PIL import Image

from core.size import FORMATS
from tests.e2e.deployment import Deployment, logged
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import CAT, DOGS, SUNSET

PLACES = {
    "40x40": 100,
    "40x40-topleft": 0,
    "40x40-bottomright": 200,
    "40x40-f30x70": 52,
    "40x40-f50x50": 100,
}
"""The column of `columns()` at which each crop begins; for f30x70, 30 % of 240 less half of 40."""


class Pictures:
    """The content of variants."""

    @pytest.mark.parametrize("size", PLACES)
    def test_a_crop_is_where_its_size_says(self, site: Deployment, size: str) -> None:
        site.put("columns.png", columns())
        assert leftmost(site.follow(site.ask(f"/{size}/columns.png")).content) == PLACES[size]

    def test_a_crop_keeps_the_focal_point_stored_with_the_original(self, site: Deployment) -> None:
        site.put("aimed.png", columns(), focal="75x20")
        answer = site.ask("/40x40/aimed.png")
        assert answer.headers["location"] == site.location("40x40/aimed.png")
        assert leftmost(site.follow(answer).content) == 160
        assert leftmost(site.follow(site.ask("/40x40-f50x50/aimed.png")).content) == 100
        stored = site.stored("40x40/aimed.png")
        assert stored
        assert "focal" not in {name.lower() for name in stored.metadata}

    def test_an_invalid_focal_point_is_ignored_and_logged(self, site: Deployment) -> None:
        site.put("astray.png", columns(), focal="75,20")
        assert leftmost(site.follow(site.ask("/40x40/astray.png")).content) == 100
        assert logged(site, "focal: 75,20")

    @pytest.mark.parametrize("target", FORMATS)
    def test_a_background_fills_padding_and_transparency(self, site: Deployment, target: str) -> None:
        """A transparent picture of 80x40 in a box of 40x40: only the background is visible."""
        site.put("clear.png", saved(Image.new("RGBA", (80, 40), (0, 0, 0, 0)), "PNG"))
        data = site.follow(site.ask(f"/40x40-contain-bg1e90ff.{target}/clear.png")).content
        shown = Image.open(BytesIO(data)).convert("RGBA")
        for place in ((2, 2), (20, 20), (37, 37)):
            shade = cast(tuple[int, ...], shown.getpixel(place))
            assert all(abs(got - want) <= 6 for got, want in zip(shade, (0x1E, 0x90, 0xFF, 255), strict=True))

    def test_a_phone_photo_is_turned_upright_and_loses_its_position(self, site: Deployment) -> None:
        site.put("phone.jpg", DOGS)
        data = site.follow(site.ask("/400x/phone.jpg")).content
        picture = Image.open(BytesIO(data))
        assert picture.height > picture.width
        assert not picture.getexif()
        assert b"GPS" not in data

    def test_a_photo_of_twelve_megapixels_is_rendered(self, site: Deployment) -> None:
        site.put("albums/2026/sunset.jpg", SUNSET)
        image = site.follow(site.ask("/1200x800-top/albums/2026/sunset.jpg"))
        assert Image.open(BytesIO(image.content)).size == (1200, 800)

    def test_an_image_is_never_enlarged(self, site: Deployment) -> None:
        site.put("small/cat.jpg", CAT)
        image = site.follow(site.ask("/2000x/small/cat.jpg"))
        assert Image.open(BytesIO(image.content)).size == (451, 300)


def columns() -> bytes:
    """A PNG of 240x40, in which the level of each pixel is its column."""
    return saved(Image.frombytes("L", (240, 40), bytes(range(240)) * 40), "PNG")


def leftmost(data: bytes) -> int:
    """The level of a variant's first pixel."""
    return cast(int, Image.open(BytesIO(data)).convert("L").getpixel((0, 0)))
