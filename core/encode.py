"""Pixels to a variant's bytes."""

from io import BytesIO
from typing import Any

from PIL import Image

from core import png
from core.colour import flatten
from core.decode import load_plugin
from core.formats import PILLOW_NAMES
from core.size import Format


def encode(image: Image.Image, profile: bytes | None, target: Format, quality: int) -> bytes:
    """The image's bytes in a format, carrying the ICC profile and no other metadata of the original.

    `quality` is 1 to 100; PNG and GIF have none. JPEG has no transparency: it gets white.
    """
    picture = prepared(image, target)
    if target == "png":
        return png.write(picture, profile)
    # Pillow writes a comment that it finds here into a JPEG, unasked.
    picture.info = {}
    return saved(picture, target, profile, **options(picture, target, quality))


def saved(picture: Image.Image, target: Format, profile: bytes | None, **chosen: Any) -> bytes:
    """The picture's bytes by Pillow's encoder of a format, with its options and the ICC profile."""
    name = PILLOW_NAMES[target]
    load_plugin(name)
    buffer = BytesIO()
    picture.save(buffer, name, **chosen, **({"icc_profile": profile} if profile else {}))
    return buffer.getvalue()


def prepared(image: Image.Image, target: Format) -> Image.Image:
    """The image in a mode that the format holds."""
    match target, image.mode:
        case "jpg", _:
            return flatten(image)
        case (("webp" | "avif" | "gif"), "LA"):
            return image.convert("RGBA")
        case (("webp" | "avif"), "L"):
            return image.convert("RGB")
        case _:
            return image


def options(image: Image.Image, target: Format, quality: int) -> dict[str, Any]:
    """What Pillow's encoder of a format is told for an image; `quality` is 1 to 100."""
    match target:
        case "jpg":
            return {"quality": quality, "optimize": True}
        case "avif" if image.mode == "RGBA":
            # Halved, the chroma of a visible pixel mixes with that of an invisible one beside it: a dark fringe.
            return {"quality": quality, "subsampling": "4:4:4"}
        case "webp" | "avif":
            return {"quality": quality}
        case _:
            return {}
