"""Animations composed from their parts (frames as stored), by the rules of GIF and APNG, as browsers show them.

Pillow's own composition loses the transparency of areas that no frame covers, of areas that a frame clears, and of half
transparent pixels over fully transparent pixels.
"""

from collections.abc import Callable, Iterator, Sequence

from PIL import Image

from core.imaging.canvas import shows_through
from core.imaging.containers.contents import Part
from core.imaging.fit import Sides

_CLEAR = (0, 0, 0, 0)


def composed(parts: Sequence[Part], canvas: Sides, decoded: Callable[[bytes], Image.Image]) -> Iterator[Image.Image]:
    """The pictures of an animation, one per part, in RGBA, or in RGB if the picture is opaque.

    `decoded` returns the picture of a part's file, in L, LA, RGB or RGBA. Its exceptions are not caught. A single
    part that fills the canvas is returned as decoded.
    """
    if len(parts) == 1 and parts[0].place == (0, 0, *canvas):
        yield decoded(parts[0].data)
        return
    shown = Image.new("RGBA", canvas, _CLEAR)
    for part in parts:
        before = shown.copy() if part.disposal == "restore" else shown
        if part.data:
            _lay(shown, decoded(part.data), part)
        yield shown.copy() if shows_through(shown) else shown.convert("RGB")
        if part.disposal == "clear":
            shown.paste(_CLEAR, part.place)
        shown = before


def _lay(shown: Image.Image, picture: Image.Image, part: Part) -> None:
    """Lays a picture on the canvas at its part's place, and cuts off pixels outside the canvas."""
    left, top = part.place[:2]
    if part.over and picture.mode in ("LA", "RGBA"):
        width, height = min(picture.width, shown.width - left), min(picture.height, shown.height - top)
        if width > 0 and height > 0:
            whole = picture if picture.mode == "RGBA" else picture.convert("RGBA")  # convert() always copies.
            shown.alpha_composite(whole, (left, top), (0, 0, width, height))
    else:
        shown.paste(picture.convert("RGBA"), (left, top))
