"""Smart crop keeps the subject. The pictures are drawn, so the place of the subject is known."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.imaging.pipeline import render
from core.imaging.smart import _reduced
from core.settings import Settings
from core.size import parse
from tests.support.pictures.charts import saved
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.samples import CAT

SETTINGS = Settings(quality=95)
SKIN = (224, 172, 138)


def scene(place: int, subject: str, size: tuple[int, int] = (900, 300)) -> Image.Image:
    """A soft grey background with a subject of 200 pixels, whose middle is at `place` across."""
    picture = Image.new("RGB", size, (120, 124, 128))
    draw = ImageDraw.Draw(picture)
    box = (place - 100, 50, place + 100, 250)
    if subject == "texture":
        for line in range(0, 200, 8):
            draw.line((box[0] + line, box[1], box[0] + line, box[3]), fill="black", width=3)
    elif subject == "colour":
        draw.ellipse(box, fill=(230, 30, 40))
    else:
        draw.ellipse(box, fill=SKIN)
        draw.ellipse((place - 50, 110, place - 20, 130), fill="black")
        draw.ellipse((place + 20, 110, place + 50, 130), fill="black")
    return picture.filter(ImageFilter.GaussianBlur(1))


def cropped(data: bytes, size: str) -> Image.Image:
    return Image.open(BytesIO(render(data, parse(size), SETTINGS.imaging).data)).convert("RGB")


def subject_share(crop: Image.Image) -> float:
    """The share of the crop that is not background."""
    changed: int = sum(
        abs(red - 120) + abs(green - 124) + abs(blue - 128) > 40
        for red, green, blue in zip(*[iter(crop.tobytes())] * 3, strict=True)
    )
    return changed / (crop.width * crop.height)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize(("factor", "sides"), [(2, (250, 799)), (7, (71, 228)), (319, (1, 5))])
def test_a_transparent_picture_is_shrunk_in_bands_as_at_once(mode: str, factor: int, sides: tuple[int, int]) -> None:
    noise = Image.effect_noise((501, 1599), 90).convert(mode)
    noise.putalpha(Image.effect_noise(noise.size, 120))
    expected = noise.convert({"LA": "La", "RGBA": "RGBa"}[mode]).reduce(factor).convert(mode)
    made = _reduced(noise, sides)
    assert (made.size, made.tobytes()) == (expected.size, expected.tobytes())


@pytest.mark.parametrize("subject", ["texture", "colour", "face"])
@pytest.mark.parametrize("place", [120, 300, 600, 780])
def test_the_subject_is_in_the_crop_at_every_place(subject: str, place: int) -> None:
    whole = scene(place, subject)
    wanted = subject_share(whole.crop((place - 101, 0, place + 101, 300)))
    crop = cropped(saved(whole, "PNG"), "300x300-smart")
    assert crop.size == (300, 300)
    assert subject_share(crop) * 300 > 0.9 * wanted * 202


def test_the_subject_of_a_tall_picture_is_found() -> None:
    tall = scene(150, "face").transpose(Image.Transpose.ROTATE_90)
    crop = cropped(saved(tall, "PNG"), "300x300-smart")
    assert subject_share(crop) > 0.9 * subject_share(scene(150, "face").crop((0, 0, 300, 300)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_on_its_side_is_cropped_at_the_same_place(orientation: int) -> None:
    upright = scene(700, "face")
    crop = cropped(turned(upright, orientation), "300x300-smart")
    assert subject_share(crop) > 0.9 * subject_share(upright.crop((550, 0, 850, 300)))


def test_an_empty_picture_is_cropped_at_the_centre() -> None:
    flat = Image.new("RGB", (900, 300), (120, 124, 128))
    # One level of difference shows the place of the crop.
    for column in range(900):
        flat.paste((120, 124, 128 + column // 300), (column, 0, column + 1, 300))
    assert cropped(saved(flat, "PNG"), "300x300-smart").tobytes() == cropped(saved(flat, "PNG"), "300x300").tobytes()


def test_a_box_of_the_same_shape_is_not_cropped() -> None:
    assert cropped(CAT, "451x300-smart.png").tobytes() == cropped(CAT, "451x300.png").tobytes()
