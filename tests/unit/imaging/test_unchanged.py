"""An original that is what was asked for is stored as it is, without a second loss; anything else is made anew."""

import random
import struct
import zlib
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.errors import BrokenOriginal
from core.settings import Settings
from tests.support.pictures import jpegs
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.hostile.png import chunk
from tests.support.pictures.icc import DISPLAY_P3, gray_profile
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.playing import frames
from tests.support.pictures.pngs import Apng, Moving, png
from tests.support.pictures.rendering import SETTINGS, rendered
from tests.support.pictures.samples import CAT, DOGS
from tests.support.pictures.webps import Still, webp

CHANCE = random.Random("unchanged")
NOISE = Image.frombytes("RGB", (40, 30), CHANCE.randbytes(3600))
CLEAR = Image.frombytes("RGBA", (40, 30), CHANCE.randbytes(4800))
ROWS = [[CHANCE.randrange(256) for _ in range(160)] for _ in range(30)]
GIF = Gif((40, 30), [Picture([row[:40] for row in ROWS])], [(level, level // 2, 255 - level) for level in range(256)])
PROFILE = DISPLAY_P3.profile()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def large(profile: bytes) -> bytes:
    """The profile, larger than variants carry one."""
    return struct.pack(">I", len(profile) + 2000) + profile[4:] + bytes(2000)


WHOLE = {
    "JPEG": saved(NOISE, "JPEG", quality=95),
    "JPEG, progressive": saved(NOISE, "JPEG", quality=30, progressive=True),
    "JPEG, grey": saved(NOISE.convert("L"), "JPEG"),
    "JPEG with restarts": saved(NOISE, "JPEG", restart_marker_blocks=1),
    "JPEG with a profile": saved(NOISE, "JPEG", icc_profile=PROFILE),
    "PNG": saved(NOISE, "PNG"),
    "PNG, grey": saved(NOISE.convert("L"), "PNG"),
    "PNG, black and white": saved(NOISE.convert("1"), "PNG"),
    "PNG, alpha": saved(CLEAR, "PNG"),
    "PNG, grey and alpha": saved(CLEAR.convert("LA"), "PNG"),
    "PNG, palette": saved(NOISE.quantize(16), "PNG"),
    "PNG, palette with alpha": saved(CLEAR.quantize(64), "PNG"),
    "PNG, transparent grey": png([[0, 1] * 20] * 30, 8, 0, chunk(b"tRNS", b"\0\1")),
    "PNG, interlaced": png(ROWS, 8, 6, interlaced=True),
    "APNG": Apng((40, 30), [Moving(ROWS), Moving([row[:40] for row in ROWS[:5]], 3, 4)], plays=3).data(),
    "WebP": saved(NOISE, "WEBP", quality=95),
    "WebP, lossless": saved(NOISE, "WEBP", lossless=True),
    "WebP, alpha": saved(CLEAR, "WEBP", quality=90),
    "WebP, lossless with alpha": saved(CLEAR, "WEBP", lossless=True),
    "WebP with a profile": saved(NOISE, "WEBP", icc_profile=PROFILE),
    "WebP, moving": webp((40, 30), [Still(CLEAR, duration=70), Still(CLEAR.rotate(180))], alpha=True, plays=2),
    "GIF": GIF.data(),
    "GIF, moving": replace(GIF, pictures=[*GIF.pictures, Picture([[7] * 9] * 4, 3, 5, delay=3)], repeats=2).data(),
}
"""Files in which there is nothing to be left out."""


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_stored_byte_by_byte_where_there_is_nothing_to_leave_out(name: str) -> None:
    assert rendered(WHOLE[name], "40x30") == WHOLE[name]


@pytest.mark.parametrize(
    "size", ["40x", "x30", "40x30-inside", "40x30-fill", "40x30-contain", "40x30-smart", "40x30-top", "900x", "80x60"]
)
def test_any_size_that_comes_to_the_whole_original_is_it(size: str) -> None:
    for name in ("JPEG", "PNG", "WebP", "GIF"):
        suffix = {"JPEG": "jpg"}.get(name, name.lower())
        assert rendered(WHOLE[name], size) == WHOLE[name]
        assert rendered(WHOLE[name], f"{size}.{suffix}") == WHOLE[name]


def test_a_photograph_loses_nothing_and_none_of_its_pixels() -> None:
    variant = rendered(CAT, "451x")
    assert len(variant) <= len(CAT)
    assert opened(variant).tobytes() == opened(CAT).tobytes()


def test_a_deployments_own_format_counts_as_asked() -> None:
    settings = Settings(format="webp")
    assert rendered(WHOLE["WebP"], "40x30", settings) == WHOLE["WebP"]
    assert opened(rendered(WHOLE["PNG"], "40x30", settings)).format == "WEBP"


def test_the_first_picture_of_several_in_a_jpeg_is_stored_alone() -> None:
    data = saved(NOISE, "MPO", save_all=True, append_images=[NOISE.rotate(180)])
    assert opened(data).format == "MPO"
    variant = opened(rendered(data, "40x30"))
    assert variant.format == "JPEG"
    assert variant.tobytes() == opened(data).tobytes()
    assert len(rendered(data, "40x30")) < len(data) / 2 + 100


# Quality.


@pytest.mark.parametrize("name", ["JPEG", "WebP"])
def test_a_quality_is_kept_to_where_it_makes_less(name: str) -> None:
    assert len(rendered(WHOLE[name], "40x30-q40")) < len(WHOLE[name]) * 0.7


@pytest.mark.parametrize("options", [{"quality": 30}, {"quality": 30, "progressive": True}])
def test_a_quality_never_makes_more_bytes_of_the_same_picture(options: dict[str, object]) -> None:
    for name in ("JPEG", "WEBP"):
        original = saved(NOISE, name, **options)
        assert rendered(original, "40x30-q95") == original
        assert len(rendered(original, "20x15-q95")) != len(original)


# What has to be changed.


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_exif_turns_is_stored_upright(orientation: int) -> None:
    variant = opened(rendered(turned(NOISE, orientation), "40x30"))
    assert variant.tobytes() == NOISE.tobytes()
    assert not variant.getexif()


def test_the_sample_photograph_on_its_side_is_upright() -> None:
    sides = opened(DOGS).size
    assert opened(rendered(DOGS, f"{sides[1]}x")).size == sides[::-1]


@pytest.mark.parametrize("name", ["PNG, alpha", "WebP, alpha", "PNG, palette with alpha", "PNG, transparent grey"])
def test_a_background_is_laid_behind_what_is_transparent(name: str) -> None:
    pixels = np.asarray(opened(rendered(WHOLE[name], "40x30-bgff0000")).convert("RGBA"))
    assert (pixels[..., 3] == 255).all()


def test_a_background_behind_an_opaque_picture_changes_nothing() -> None:
    for name in ("JPEG", "PNG", "WebP"):
        assert rendered(WHOLE[name], "40x30-bgff0000") == WHOLE[name]


def test_padding_is_added() -> None:
    assert opened(rendered(WHOLE["JPEG"], "60x30-contain", replace(SETTINGS, enlarge=True))).size == (60, 30)


def test_inks_and_other_colours_become_srgb() -> None:
    """Each would look otherwise without what its file says of it, or has colours that browsers show wrong."""
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


def test_a_profile_that_is_srgb_by_another_name_is_left_out() -> None:
    """Like the broken ones: the pixels are right without."""
    for name in ("JPEG", "PNG", "WEBP"):
        for profile in (large(SRGB), b"no profile"):
            original, plain = saved(NOISE, name, icc_profile=profile), saved(NOISE, name)
            found = rendered(original, "40x30")
            assert opened(found).tobytes() == opened(plain).tobytes()
            assert "icc_profile" not in opened(found).info
            assert len(found) <= len(plain) + 18  # A WebP keeps its VP8X.


def test_a_dropped_profile_does_not_uncover_a_gamma() -> None:
    """A profile counts, and gAMA does not (PNG, third edition, section 4.3)."""
    said = chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(large(SRGB))) + chunk(b"gAMA", struct.pack(">I", 100_000))
    found = rendered(png(ROWS, 8, 6, said), "40x30")
    assert found == png(ROWS, 8, 6)


def test_16_bits_become_8() -> None:
    for colour, channels in ((0, 1), (2, 3), (6, 4)):
        variant = rendered(png([[0x1234] * 40 * channels] * 30, 16, colour), "40x30")
        assert variant[24] <= 8  # IHDR's depth.


def test_a_jpeg_that_browsers_do_not_show_is_made_one_that_they_show() -> None:
    for data in (jpegs.arithmetic(), jpegs.arithmetic(progressive=True)):
        variant = rendered(data, "32x8")
        assert b"\xff\xc0" in variant
        assert np.abs(np.asarray(opened(variant))[4, 4::8].astype(int) - jpegs.GREYS).max() < 3
    lossless = jpegs.lossless(np.asarray(NOISE.convert("L"), np.int64))
    assert b"\xff\xc3" not in rendered(lossless, "40x30")


def test_an_image_that_is_no_part_of_the_animation_is_left_out() -> None:
    """It is a picture that viewers of the animation never see."""
    secret = [[1, 2, 3, 255] * 40] * 30
    data = Apng((40, 30), [Moving(ROWS), Moving(ROWS[::-1])], hidden=secret).data()
    assert b"IDAT" in data
    variant = opened(rendered(data, "40x30"))
    assert np.asarray(variant.convert("RGBA"))[0, 0].tolist() != [1, 2, 3, 255]


def test_an_alpha_flag_that_is_wrong_is_put_right() -> None:
    """Without it decoders show black where nothing is."""
    data = webp((40, 30), [Still(CLEAR.crop((0, 0, 20, 20))), Still(CLEAR.crop((10, 10, 20, 20)))], alpha=False)
    right = webp((40, 30), [Still(CLEAR.crop((0, 0, 20, 20))), Still(CLEAR.crop((10, 10, 20, 20)))], alpha=True)
    assert rendered(data, "40x30") == right


def test_frames_that_are_not_announced_are_left_out() -> None:
    """An APNG that has two frames and announces one."""
    data = Apng((40, 30), [Moving(ROWS), Moving(ROWS[::-1])]).data()
    one = chunk(b"acTL", struct.pack(">2I", 1, 0))
    variant = rendered(data.replace(chunk(b"acTL", struct.pack(">2I", 2, 0)), one), "40x30")
    assert getattr(opened(variant), "n_frames", 1) == 1
    assert b"fdAT" not in variant


@pytest.mark.parametrize(("left", "top"), [(38, 0), (0, 28), (65_000, 65_000)])
def test_a_picture_of_a_gif_that_leaves_its_screen_is_cut_off(left: int, top: int) -> None:
    """Some decoders enlarge the screen for it."""
    data = replace(GIF, pictures=[*GIF.pictures, Picture([[7] * 9] * 4, left, top)]).data()
    with Image.open(BytesIO(rendered(data, "40x30"))) as image:
        assert [frame.size for frame in frames(image)][-1] == (40, 30)


# Damage.


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_cut_short_is_refused_or_whole(name: str) -> None:
    """A GIF may end behind any of its pictures; a JPEG or PNG may lack no more than the mark of its end."""
    data = WHOLE[name]
    with Image.open(BytesIO(data)) as image:
        whole = [frame.convert("RGBA").tobytes() for frame in frames(image)]
    for length in (*range(64, len(data) - 12, len(data) // 9), len(data) - 1, len(data) - 2):
        try:
            found = rendered(data[:length], "40x30")
        except BrokenOriginal:
            continue
        with Image.open(BytesIO(found)) as image:
            shown = [frame.convert("RGBA").tobytes() for frame in frames(image)]
        assert name.startswith("GIF") or len(shown) == len(whole)
        if not name.startswith("JPEG"):
            assert shown == whole[: len(shown)]


@pytest.mark.parametrize("name", [name for name in WHOLE if not name.startswith("JPEG")])
def test_damaged_pixels_are_refused(name: str) -> None:
    data = WHOLE[name]
    middle = len(data) // 2
    damaged = data[:middle] + bytes(200) + data[middle + 200 :]
    try:
        rendered(damaged, "40x30")
    except BrokenOriginal:
        return
    assert name.startswith(("GIF", "WebP"))  # Other codes than those that were written may be valid, too.
