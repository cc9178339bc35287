"""Colours that an AVIF or HEIC states in a colour box, and the colours that variants state."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from pillow_heif import from_pillow

from tests.support.pictures import light
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import ADOBE_RGB, SRGB, Array
from tests.support.pictures.isobmff import icc, in_track, nclx, with_properties
from tests.support.pictures.rendering import rendered

P3 = (70, 120, 162)
TARGETS = {"png": 1, "gif": 1, "jpg": 3, "webp": 4, "avif": 3}
"""The levels by which a format may be off."""


def flat(colour: Sequence[int] = P3, alpha: bool = False) -> Image.Image:
    return Image.new("RGBA" if alpha else "RGB", (128, 96), (*colour, 102) if alpha else tuple(colour))


def avif(alpha: bool = False) -> bytes:
    return saved(flat(alpha=alpha), "AVIF", quality=100, subsampling="4:4:4")


def heic(alpha: bool = False) -> bytes:
    buffer = BytesIO()
    from_pillow(flat(alpha=alpha)).save(buffer, quality=-1, chroma=444, matrix_coefficients=0)
    return buffer.getvalue()


ORIGINALS = {"AVIF": (avif, 6), "HEIC": (heic, 0)}
"""Writers, with the matrix coefficients of their pixels."""


def stated(name: str, *codes: int, alpha: bool = False, profile: bytes = b"") -> bytes:
    """An original whose primary item has this colour box, after a profile if there is one."""
    write, matrix = ORIGINALS[name]
    boxes = [*([icc(profile)] if profile else []), nclx(codes[0], codes[1], matrix)]
    return with_properties(write(alpha), {1: boxes}, without=[b"colr"])


def coded(name: str, alpha: bool = False) -> Array:
    """The pixels of an original, from 0 to 1. AVIF changes them by a level."""
    return np.array(P3 if name == "HEIC" else middle(avif(alpha))[:3]) / 255


def converted(signal: Array, primaries: int, transfer: int) -> Array:
    """The sRGB of a display's light, from 0 to 255 (ITU-T H.273, tables 2 and 3)."""
    return light.signal(light.DISPLAYS[transfer](signal) @ light.matrix(primaries, 1).T)


def middle(variant: bytes | Image.Image) -> tuple[int, ...]:
    image = opened(variant) if isinstance(variant, bytes) else variant
    found = image.convert("RGBA").getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def assert_near(found: Sequence[float], wanted: Sequence[float] | Array, levels: float) -> None:
    assert np.abs(np.subtract(found, wanted)).max() <= levels, (found, wanted)


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("target", TARGETS)
def test_display_p3_becomes_srgb_in_every_format(name: str, target: str) -> None:
    variant = rendered(stated(name, 12, 13), f"64x.{target}")
    assert not opened(variant).info.get("icc_profile")
    assert_near(middle(variant)[:3], converted(coded(name), 12, 13), TARGETS[target])


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("target", ["png", "webp", "avif"])
def test_transparency_is_not_changed(name: str, target: str) -> None:
    found = middle(rendered(stated(name, 12, 13, alpha=True), f"128x.{target}"))
    assert_near(found, (*converted(coded(name, alpha=True), 12, 13), 102), TARGETS[target])


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("codes", [(2, 2), (1, 13), (1, 1), (1, 6), (2, 13)])
def test_unspecified_colours_and_those_of_video_are_srgb(name: str, codes: tuple[int, int]) -> None:
    """As in browsers (docs/colours.md)."""
    assert_near(middle(rendered(stated(name, *codes), "64x.png"))[:3], P3, 2)


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("codes", [(9, 8), (9, 4), (12, 5), (4, 13)])
def test_other_primaries_and_gammas_are_converted(name: str, codes: tuple[int, int]) -> None:
    variant = rendered(stated(name, *codes), "64x.png")
    assert_near(middle(variant)[:3], converted(coded(name), *codes), 1)


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_profile_overrides_the_box(name: str) -> None:
    """The profile, Adobe RGB, is converted, since a GIF can't carry it. The box states linear light of Display P3."""
    linear = coded(name) ** (563 / 256) @ (np.linalg.inv(SRGB.matrix) @ ADOBE_RGB.matrix).T
    found = middle(rendered(stated(name, 12, 8, profile=ADOBE_RGB.profile()), "64x.gif"))
    assert_near(found[:3], light.signal(linear), 1.5)


def test_every_frame_of_a_sequence_is_converted() -> None:
    others = [flat((30, 60, 90)), flat((120, 120, 120))]
    data = saved(flat(), "AVIF", quality=100, subsampling="4:4:4", save_all=True, append_images=others, duration=100)
    variant = opened(rendered(in_track(data, nclx(12, 13), without=[b"colr"]), "128x.png"))
    for number, colour in enumerate((P3, (30, 60, 90), (120, 120, 120))):
        variant.seek(number)
        assert_near(middle(variant)[:3], converted(np.array(colour) / 255, 12, 13), 3)


def animated() -> bytes:
    others = [flat((30, 60, 90))]
    data = saved(flat(), "AVIF", quality=100, subsampling="4:4:4", save_all=True, append_images=others, duration=100)
    return in_track(data, nclx(12, 13), without=[b"colr"])


@pytest.mark.parametrize("original", [stated("AVIF", 12, 13), stated("HEIC", 9, 16), animated()])
def test_a_variant_states_srgb_only(original: bytes) -> None:
    """Its colours are converted: no program that shows it may convert them again."""
    written = rendered(original, "64x.avif")
    boxes = [written[at + 8 : at + 12] for at in range(len(written)) if written.startswith(b"colrnclx", at)]
    assert set(boxes) == {bytes([0, 1, 0, 13])}
    for kind in (b"cICP", b"gAMA", b"cHRM", b"iCCP"):
        assert kind not in rendered(original, "64x.png")
