"""An original of the requested sides is encoded again if browsers would show its data differently."""

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.support.pictures import jpegs
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.gifs import Picture
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.icc import gray_profile
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.plain import CLEAR, GIF, NOISE, PLAIN, PROFILE, ROWS
from tests.support.pictures.playing import frames
from tests.support.pictures.pngs import Apng, Moving, png
from tests.support.pictures.rendering import SETTINGS, rendered
from tests.support.pictures.samples import DOGS
from tests.support.pictures.webps import Still, webp

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def large(profile: bytes) -> bytes:
    """The profile, enlarged beyond the size that variants carry."""
    return struct.pack(">I", len(profile) + 2000) + profile[4:] + bytes(2000)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_turned_by_exif_is_stored_upright(orientation: int) -> None:
    variant = opened(rendered(turned(NOISE, orientation), "40x30"))
    assert variant.tobytes() == NOISE.tobytes()
    assert not variant.getexif()


def test_the_sample_photograph_stored_on_its_side_becomes_upright() -> None:
    sides = opened(DOGS).size
    assert opened(rendered(DOGS, f"{sides[1]}x")).size == sides[::-1]


@pytest.mark.parametrize("name", ["PNG, alpha", "WebP, alpha", "PNG, palette with alpha", "PNG, transparent grey"])
def test_a_background_is_added_behind_transparency(name: str) -> None:
    pixels = np.asarray(opened(rendered(PLAIN[name], "40x30-bgff0000")).convert("RGBA"))
    assert (pixels[..., 3] == 255).all()


def test_padding_is_added() -> None:
    assert opened(rendered(PLAIN["JPEG"], "60x30-contain", replace(SETTINGS, enlarge=True))).size == (60, 30)


def test_inks_and_unusual_colours_become_srgb() -> None:
    """Without its file's statement, each would look different, or it has colours that browsers show wrong."""
    plain = [[70, 120, 162] * 40] * 30
    tinted = {
        "CMYK": saved(NOISE.convert("CMYK"), "JPEG"),
        "a large profile": saved(NOISE, "JPEG", icc_profile=large(PROFILE)),
        "a profile of greys": saved(NOISE.convert("L"), "JPEG", icc_profile=gray_profile(1.0)),
        "gamma": png(plain, before=chunk(b"gAMA", struct.pack(">I", 100_000))),
        "code points": png(plain, before=chunk(b"cICP", bytes([12, 13, 0, 1]))),
        "a large profile in PNG": png(plain, before=chunk(b"iCCP", b"P3\0\0" + zlib.compress(large(PROFILE)))),
        "a large profile in WebP": saved(NOISE, "WEBP", icc_profile=large(PROFILE)),
    }
    for name, data in tinted.items():
        variant = opened(rendered(data, "40x30"))
        assert "icc_profile" not in variant.info, name
        assert variant.mode in ("L", "RGB", "P"), name
        shown = opened(data).convert(variant.mode)
        assert np.abs(np.asarray(variant, float) - np.asarray(shown, float)).max() > 5, name


def test_a_large_profile_of_srgb_is_left_out() -> None:
    """A broken profile is left out, too. The pixels are right without either."""
    for name in ("JPEG", "PNG", "WEBP"):
        for profile in (large(SRGB), b"no profile"):
            original, plain = saved(NOISE, name, icc_profile=profile), saved(NOISE, name)
            found = rendered(original, "40x30")
            assert opened(found).tobytes() == opened(plain).tobytes()
            assert "icc_profile" not in opened(found).info
            assert len(found) <= len(plain) + 18  # A WebP keeps its VP8X.


def test_a_gamma_next_to_a_dropped_profile_is_not_applied() -> None:
    """With a profile, gAMA does not count (PNG, third edition, section 4.3)."""
    said = chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(large(SRGB))) + chunk(b"gAMA", struct.pack(">I", 100_000))
    found = rendered(png(ROWS, 8, 6, said), "40x30")
    assert found == png(ROWS, 8, 6)


def test_16_bits_become_8() -> None:
    for colour, channels in ((0, 1), (2, 3), (6, 4)):
        variant = rendered(png([[0x1234] * 40 * channels] * 30, 16, colour), "40x30")
        assert variant[24] <= 8  # IHDR's depth.


def test_a_jpeg_that_browsers_do_not_show_becomes_one_that_they_show() -> None:
    for data in (jpegs.arithmetic(), jpegs.arithmetic(progressive=True)):
        variant = rendered(data, "32x8")
        assert b"\xff\xc0" in variant
        assert np.abs(np.asarray(opened(variant))[4, 4::8].astype(int) - jpegs.GREYS).max() < 3
    lossless = jpegs.lossless(np.asarray(NOISE.convert("L"), np.int64))
    assert b"\xff\xc3" not in rendered(lossless, "40x30")


def test_a_default_image_outside_the_animation_is_left_out() -> None:
    """Viewers of the animation never see it."""
    secret = [[1, 2, 3, 255] * 40] * 30
    data = Apng((40, 30), [Moving(ROWS), Moving(ROWS[::-1])], hidden=secret).data()
    assert b"IDAT" in data
    variant = opened(rendered(data, "40x30"))
    assert np.asarray(variant.convert("RGBA"))[0, 0].tolist() != [1, 2, 3, 255]


def test_a_wrong_alpha_flag_is_corrected() -> None:
    """Without the flag, decoders show black in empty areas."""
    data = webp((40, 30), [Still(CLEAR.crop((0, 0, 20, 20))), Still(CLEAR.crop((10, 10, 20, 20)))], alpha=False)
    right = webp((40, 30), [Still(CLEAR.crop((0, 0, 20, 20))), Still(CLEAR.crop((10, 10, 20, 20)))], alpha=True)
    assert rendered(data, "40x30") == right


def test_unannounced_frames_are_left_out() -> None:
    """The APNG has two frames and announces one."""
    data = Apng((40, 30), [Moving(ROWS), Moving(ROWS[::-1])]).data()
    one = chunk(b"acTL", struct.pack(">2I", 1, 0))
    variant = rendered(data.replace(chunk(b"acTL", struct.pack(">2I", 2, 0)), one), "40x30")
    assert getattr(opened(variant), "n_frames", 1) == 1
    assert b"fdAT" not in variant


@pytest.mark.parametrize(("left", "top"), [(38, 0), (0, 28), (65_000, 65_000)])
def test_a_picture_outside_the_screen_of_a_gif_is_clipped(left: int, top: int) -> None:
    """Some decoders would enlarge the screen."""
    data = replace(GIF, pictures=[*GIF.pictures, Picture([[7] * 9] * 4, left, top)]).data()
    with Image.open(BytesIO(rendered(data, "40x30"))) as image:
        assert [frame.size for frame in frames(image)][-1] == (40, 30)
