"""A text that no variant may contain, and the check that it is left out."""

import zlib
from io import BytesIO

from PIL import Image

from tests.support.pictures.playing import frames
from tests.support.pictures.rendering import rendered

SECRET = b"Lange Reihe 29, third floor"


def assert_left_out(plain: bytes, telling: bytes) -> None:
    """The file with the secret is stored like the `plain` one without it."""
    assert SECRET in telling or zlib.compress(SECRET) in telling
    found = rendered(telling, "40x30")
    assert SECRET not in found
    assert zlib.compress(SECRET) not in found
    assert found == rendered(plain, "40x30")
    with Image.open(BytesIO(plain)) as image, Image.open(BytesIO(found)) as stored:
        for frame, other in zip(frames(image), frames(stored), strict=True):
            assert frame.convert("RGBA").tobytes() == other.convert("RGBA").tobytes()
