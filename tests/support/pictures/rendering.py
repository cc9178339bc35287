"""The renderer as tests call it."""

from io import BytesIO

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


def shown(original: bytes) -> npt.NDArray[np.float64]:
    """The variant of the original's own size, by Pillow, as RGBA from 0 to 255."""
    variant = Image.open(BytesIO(rendered(original, "500x500-inside.png")))
    return np.asarray(variant.convert("RGBA"), np.float64)
