"""The renderer as tests call it."""

from io import BytesIO
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse

SETTINGS = Settings(quality=90)


def rendered(original: bytes, size: str, settings: Settings = SETTINGS) -> bytes:
    """The variant's bytes."""
    return render(original, parse(size), settings.imaging).data


def redrawn(original: bytes, size: str) -> bytes:
    """The variant rendered from the original's pixels, even if the original itself could be the variant."""
    with patch("core.imaging.pipeline.unchanged", return_value=None):
        return rendered(original, size)


def shown(original: bytes) -> npt.NDArray[np.float64]:
    """The pixels of an original of up to 500x500 as rendered to PNG: RGBA from 0 to 255, decoded by Pillow."""
    variant = Image.open(BytesIO(redrawn(original, "500x500-inside.png")))
    return np.asarray(variant.convert("RGBA"), np.float64)
