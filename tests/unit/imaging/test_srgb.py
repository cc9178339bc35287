"""Colours stated without a profile become sRGB, compared with formulas in floats that do not use Pillow."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from core.imaging import srgb
from core.imaging.spaces import ColourSpace, from_cicp, from_gamma, from_nclx
from core.imaging.srgb import to_srgb
from tests.support.pictures.icc import Array
from tests.support.pictures.light import DISPLAYS, PRIMARIES, hlg, hlg_scene, matrix, pq, signal, toned

SHADES = np.concatenate([np.arange(0, 20, 3), np.arange(20, 256, 25), [255]])
CUBE = np.stack(np.meshgrid(SHADES, SHADES, SHADES), -1).reshape(-1, 3).astype(np.uint8)
P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def converted(pixels: Array, space: ColourSpace | None) -> Array:
    """Converts rows of three levels as a picture."""
    assert space
    return np.asarray(to_srgb(Image.fromarray(pixels.reshape(-1, 1, 3)), space), float).reshape(-1, 3)


@pytest.mark.parametrize("transfer", DISPLAYS)
@pytest.mark.parametrize("primaries", PRIMARIES)
def test_code_points_of_displays_are_converted_as_by_formula(primaries: int, transfer: int) -> None:
    expected = signal(DISPLAYS[transfer](CUBE / 255) @ matrix(primaries, 1).T)
    assert np.abs(converted(CUBE, from_cicp(primaries, transfer, 0, 1)) - expected).max() < 0.6


@pytest.mark.parametrize("primaries", [1, 5, 9, 12])
def test_pq_is_tone_mapped_as_by_formula(primaries: int) -> None:
    """White paper has half of the light."""
    expected = signal(toned(pq(CUBE / 255) @ matrix(primaries, 9).T) @ matrix(9, 1).T)
    assert np.abs(converted(CUBE, from_nclx(primaries, 16)) - expected).max() < 0.6


def test_hlg_is_tone_mapped_as_on_a_display_of_1000_cd_per_m2() -> None:
    expected = signal(toned(hlg(CUBE / 255)) @ matrix(9, 1).T)
    assert np.abs(converted(CUBE, from_nclx(9, 18)) - expected).max() < 0.6


def test_logarithmic_code_points_are_converted_as_by_formula() -> None:
    """There is no browser to compare with: Chromium does not decode such an AVIF."""
    grey = np.arange(1, 256, dtype=np.uint8)[:, None].repeat(3, 1)
    for transfer, decades in {9: 2, 10: 2.5}.items():
        expected = signal(10 ** (decades * (grey / 255 - 1)))
        assert np.abs(converted(grey, from_nclx(1, transfer)) - expected).max() < 0.6


@pytest.mark.parametrize("space", [from_cicp(9, 8, 0, 1), from_gamma(45455, P3), from_nclx(9, 16), from_nclx(12, 18)])
def test_grey_stays_grey_and_as_light_as_in_colour(space: ColourSpace) -> None:
    ramp = np.arange(256, dtype=np.uint8)
    grey = np.asarray(to_srgb(Image.fromarray(ramp[None]), space), int)[0]
    assert np.abs(converted(ramp[:, None].repeat(3, 1), space) - grey[:, None]).max() <= 1
    assert (grey[0], grey[255]) == (0, 255)
    assert (np.diff(grey) >= 0).all()


@pytest.mark.parametrize(("transfer", "scene"), [(16, pq), (18, hlg_scene)])
def test_hdr_keeps_hues(transfer: int, scene: Callable[[Array], Array]) -> None:
    """At every lightness, the shares of red, green and blue stay the same if none is cut off."""
    steps = np.arange(60, 256, 5)
    colours = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3).astype(np.uint8)
    shown = DISPLAYS[13](converted(colours, from_nclx(1, transfer)) / 255)
    whole = ((shown > 0.05) & (shown < 0.98)).all(1)
    assert whole.sum() > 1000
    light, shown = scene(colours[whole] / 255), shown[whole]
    assert np.abs(light / light.sum(1, keepdims=True) - shown / shown.sum(1, keepdims=True)).max() < 0.01


@pytest.mark.parametrize("space", [from_gamma(100000, None), from_nclx(12, 13), from_nclx(9, 16)])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_is_kept(space: ColourSpace, mode: str) -> None:
    alpha = Image.linear_gradient("L")
    image = Image.new(mode[:-1], alpha.size, "#8050c0")
    opaque = to_srgb(image, space)
    image.putalpha(alpha)
    shown = to_srgb(image, space)
    assert shown.mode == mode
    assert shown.getchannel("A").tobytes() == alpha.tobytes()
    assert shown.convert(mode[:-1]).tobytes() == opaque.tobytes()


def test_large_pictures_are_converted_in_bands_without_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (50, 30, 3), np.uint8))
    at_once = to_srgb(image, from_nclx(9, 18))
    monkeypatch.setattr(srgb, "_BAND", 7 * 30 + 5)
    assert to_srgb(image, from_nclx(9, 18)).tobytes() == at_once.tobytes()
