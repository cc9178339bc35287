"""Encodes a picture with one of Pillow's encoders."""

from io import BytesIO
from typing import Any

from PIL import Image

from core.errors import SizeRefused
from core.imaging.formats import PILLOW_NAMES
from core.imaging.pillow import load_plugin
from core.size import Format


def saved(picture: Image.Image, target: Format, profile: bytes | None, options: dict[str, Any]) -> bytes:
    """The bytes of a picture with its ICC profile, given the encoder's options.

    Raises SizeRefused if the format's encoder is not installed, and MemoryError if AVIF's fails.
    """
    name = PILLOW_NAMES[target]
    try:
        load_plugin(name)
    except ImportError as error:
        raise SizeRefused(f"This deployment does not write {name}. Request another format.") from error
    picture.info = {}  # Pillow would write the original's metadata that it finds in `info`.
    buffer = BytesIO()
    try:
        picture.save(buffer, name, **options, **({"icc_profile": profile} if profile else {}))
    except RuntimeError as error:
        if target != "avif":
            raise
        # AV1's encoder fails only for lack of memory, and libavif does not report the reason.
        raise MemoryError(str(error)) from error
    return buffer.getvalue()
