"""What is behind and beside a picture: padding, and the white under transparency that a format can't hold."""

from PIL import Image

from core.imaging.fit import Sides
from core.size import Format


def padded(image: Image.Image, canvas: Sides, target: Format) -> Image.Image:
    """The image in the middle of its canvas: white in a JPEG, transparent elsewhere."""
    if image.size == canvas:
        return image
    offset = ((canvas[0] - image.width) // 2, (canvas[1] - image.height) // 2)
    if target == "jpg":
        flat = flattened(image)
        white = Image.new(flat.mode, canvas, "white")
        white.paste(flat, offset)
        return white
    clear = Image.new("RGBA", canvas, (255, 255, 255, 0))
    clear.paste(image.convert("RGBA"), offset)
    return clear


def flattened(image: Image.Image) -> Image.Image:
    """The image over white, without alpha."""
    if image.mode not in ("LA", "RGBA"):
        return image
    alpha = image.getchannel("A")
    colours = image.convert(image.mode.rstrip("A"))
    white = Image.new(colours.mode, colours.size, "white")
    white.paste(colours, mask=alpha)
    return white
