"""In a GIF that moves, what stands still keeps its colours from frame to frame."""

from itertools import pairwise

import numpy as np

from tests.support.pictures.moving import from_afar, moving, photographs
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def test_a_still_ground_does_not_flicker() -> None:
    """Where a pixel is the same in two frames, it is the same in the variant, though its colour is not exact."""
    frames = photographs(8)
    found = played(rendered(moving(frames), "160x120.gif"))
    assert len(found) == len(frames)
    for (one, two), (before, after) in zip(pairwise(frames), pairwise(found), strict=True):
        still = (one == two).all(-1)
        assert np.array_equal(before[0][still], after[0][still])


def test_a_ground_with_a_slight_noise_does_not_flicker() -> None:
    """As a camera's is, up to two levels from one frame to any other."""
    noise = np.random.default_rng(9)
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[..., :3] = (frame[..., :3].astype(int) + noise.integers(0, 3, frame[..., :3].shape)).clip(0, 255)
    found = [pixels for pixels, _ in played(rendered(moving(frames), "160x120.gif"))]
    away = np.s_[:40]  # The disc is below.
    assert all(np.array_equal(one[away], found[0][away]) for one in found)


def test_a_flat_ground_keeps_its_colour() -> None:
    """Beside a photograph of many colours, some of them a level away."""
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[:, 70:, :3] = (254, 255, 252)
        frame[50:54, 80:90, :3] = (255, 255, 255)
    for pixels, _ in played(rendered(moving(frames), "160x120.gif")):
        assert (pixels[:, 110:, :3] == (254, 255, 252)).all()


def test_a_slow_change_is_not_lost() -> None:
    """A level per frame, less than what is kept from one frame to the next."""
    frames = [frame.copy() for frame in photographs(2)[:1] * 60]
    for number, frame in enumerate(frames):
        frame[:, :80, :3] = (frame[:, :80, :3].astype(int) - number).clip(0)
    (last, _) = played(rendered(moving(frames), "160x120.gif"))[-1]
    assert psnr(from_afar(last), from_afar(frames[-1])) > 38
