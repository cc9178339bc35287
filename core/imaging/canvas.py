"""A picture's canvas: its background is transparent, unless the format or the size requires a colour."""

from PIL import Image

from core.imaging.fit import Sides
from core.size import Format

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)


def background(requested: str | None, target: Format) -> Colour | None:
    """The sRGB colour behind a variant; None if the background stays transparent.

    `requested` is the size's background, six hexadecimal digits. JPEG has no transparency: its default is white.
    """
    if requested is None:
        return WHITE if target == "jpg" else None
    red, green, blue = bytes.fromhex(requested)
    return red, green, blue


def shows_through(image: Image.Image) -> bool:
    """Whether the background is visible through the image anywhere, at least in part."""
    return image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() != (255, 255)


def laid(image: Image.Image, canvas: Sides, behind: Colour | None) -> Image.Image:
    """The image in the middle of a canvas.

    `behind` is the canvas's colour, in the image's colour space; None means transparent. With a colour, the result is
    opaque. Colours are mixed as gamma-encoded sRGB values, as in browsers (Compositing and Blending Level 1,
    section 5.1). So over a colour, an image that is not opaque must be in sRGB.
    """
    offset = ((canvas[0] - image.width) // 2, (canvas[1] - image.height) // 2)
    if behind is not None:
        return _flattened(image, canvas, offset, behind)
    if image.size == canvas:
        return image
    clear = Image.new("RGBA", canvas, (*WHITE, 0))
    clear.paste(image.convert("RGBA"), offset)
    return clear


def _flattened(image: Image.Image, canvas: Sides, offset: Sides, behind: Colour) -> Image.Image:
    """The image over a colour, without alpha: grey if both are grey."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    if alpha is None and image.size == canvas:
        return image
    grey = image.mode in ("L", "LA") and len(set(behind)) == 1
    flat = Image.new("L" if grey else "RGB", canvas, behind[0] if grey else behind)
    flat.paste(image.convert(flat.mode), offset, alpha)
    return flat
