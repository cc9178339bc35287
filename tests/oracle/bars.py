"""The bar for lossy variants: sharp's variants of the same pixels."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, cast

from PIL import Image

from core.imaging.quality import encoder_quality
from core.size import Format
from tests.oracle.peers import Pictures, Pixels
from tests.oracle.sizewise import QUALITY
from tests.oracle.timeline import at, middles

if TYPE_CHECKING:
    from tests.oracle.judge import Programs

_MS = 100
"""The duration of each frame for sharp. The bar is about looks, and every format can have this duration."""


def by_sharp(peers: "Programs", original: Pictures, stored: bytes, target: str) -> list[Pixels]:
    """Sharp's picture of each frame. Sharp writes no animated AVIF: there, each frame is a still picture.

    `stored` is Sizewise's PNG, whose pixels were compared before, so that both programs encode the same pixels. It is
    b"" if there is none.
    """
    sources = _sources(original, stored)
    if target == "avif" or len(sources) == 1:
        number = encoder_quality(cast(Format, target), QUALITY)  # Sharp passes its number to the encoder.
        return [_by_sharp(peers, _png(source), target, number).frames[0].pixels for source in sources]
    pictures = _by_sharp(peers, _webp(sources), target, QUALITY)
    return [at(pictures, _MS * index + _MS / 2) for index in range(len(sources))]


def _by_sharp(peers: "Programs", data: bytes, target: str, quality: int) -> Pictures:
    return peers.chromium(peers.rendered(data, target, quality), target)


def _sources(original: Pictures, stored: bytes) -> list[Image.Image]:
    if not stored:
        return [Image.fromarray(frame.pixels) for frame in original.frames]
    found: list[Image.Image] = []
    with Image.open(BytesIO(stored)) as image:
        ended, moments = 0.0, middles(original)
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            ended += image.info.get("duration", 0.0)
            last = index + 1 == getattr(image, "n_frames", 1)
            found += [image.copy() for moment in moments[len(found) :] if last or moment <= ended]
    return found


def _png(source: Image.Image) -> bytes:
    buffer = BytesIO()
    source.save(buffer, "PNG")
    return buffer.getvalue()


def _webp(sources: Sequence[Image.Image]) -> bytes:
    """A lossless animation of whole frames."""
    mode = "RGBA" if any("A" in it.mode or "transparency" in it.info for it in sources) else "RGB"
    first, *rest = [source.convert(mode) for source in sources]
    buffer = BytesIO()
    whole = {"save_all": True, "append_images": rest, "duration": _MS, "kmin": 0, "kmax": 1}
    first.save(buffer, "WEBP", lossless=True, exact=True, quality=0, method=0, **whole)
    return buffer.getvalue()
