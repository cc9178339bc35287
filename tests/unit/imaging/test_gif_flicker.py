"""In an animated GIF, a still ground keeps its colours from frame to frame."""

from itertools import pairwise

import numpy as np

from tests.support.pictures.moving import apng, from_afar, photographs
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def test_a_still_ground_does_not_flicker() -> None:
    """A pixel that is the same in two frames is the same in the variant, although its colour is not exact."""
    frames = photographs(8)
    found = played(rendered(apng(frames), "160x120.gif"))
    assert len(found) == len(frames)
    for (one, two), (before, after) in zip(pairwise(frames), pairwise(found), strict=True):
        still = (one == two).all(-1)
        assert np.array_equal(before[0][still], after[0][still])


def test_a_ground_with_a_slight_noise_does_not_flicker() -> None:
    """Like that of a camera, the noise is up to two levels between any two frames."""
    noise = np.random.default_rng(9)
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[..., :3] = (frame[..., :3].astype(int) + noise.integers(0, 3, frame[..., :3].shape)).clip(0, 255)
    found = [pixels for pixels, _ in played(rendered(apng(frames), "160x120.gif"))]
    away = np.s_[:40]  # The disc is below.
    assert all(np.array_equal(one[away], found[0][away]) for one in found)


def test_a_flat_ground_keeps_its_colour() -> None:
    """It is next to a photograph of many colours, some of which differ by one level."""
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[:, 70:, :3] = (254, 255, 252)
        frame[50:54, 80:90, :3] = (255, 255, 255)
    for pixels, _ in played(rendered(apng(frames), "160x120.gif")):
        assert (pixels[:, 110:, :3] == (254, 255, 252)).all()


def test_a_slow_change_is_not_lost() -> None:
    """The change is one level per frame, less than the difference that counts as still."""
    frames = [frame.copy() for frame in photographs(2)[:1] * 60]
    for number, frame in enumerate(frames):
        frame[:, :80, :3] = (frame[:, :80, :3].astype(int) - number).clip(0)
    (last, _) = played(rendered(apng(frames), "160x120.gif"))[-1]
    assert psnr(from_afar(last), from_afar(frames[-1])) > 38
