"""Pillow, as a process of Sizewise uses it: what is set once for all images, and which plugins are loaded."""

import ctypes
import importlib
import logging
import warnings
from contextlib import suppress
from typing import Final

from PIL import Image

_KEPT_BLOCKS: Final = 4
"""Blocks of 16 MiB that Pillow keeps for the next image (its "block allocator"): fresh pages from the
system, which zeroes each, took a third of a render's time."""

_PLUGINS: Final = {"WEBP": "WebP", "AVIF": "Avif", "TIFF": "Tiff", "PNG": "Png", "GIF": "Gif", "BMP": "Bmp"}


def prepare() -> None:
    """Sets what holds for every image of the process. It is called once, before the first original is opened."""
    # Ours is the limit that counts, from the header and with an answer that says so.
    Image.MAX_IMAGE_PIXELS = None
    # It has no name outside of `Image.core`.
    Image.core.set_blocks_max(_KEPT_BLOCKS)  # type: ignore[attr-defined]
    _silence()


def _silence() -> None:
    """Keeps the decoders' remarks on originals out of the log, where each line is one of Sizewise's.

    What matters in them is the error that the decoder raises, which is in the request's own line.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL + 1)
    # libtiff prints to standard error unless its own function for that is taken away, which Pillow has no way to do.
    # Where libtiff is not a library of its own, its functions can't be found.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(Image.core.__file__).TIFFSetErrorHandler(None)  # type: ignore[attr-defined]


def load_plugin(name: str) -> None:
    """Registers one Pillow plugin: left to itself Pillow imports all of them, at a cold start's expense."""
    if name == "HEIF":
        importlib.import_module("pi_heif").register_heif_opener()
    elif name in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[name]}ImagePlugin")
