"""Pillow, as a process of Sizewise uses it: what is set once for all images, and which plugins are loaded."""

import importlib
import logging
import os
import threading
import warnings
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Final

from PIL import Image

_KEPT_BLOCKS: Final = 4
"""Blocks of 16 MiB that Pillow keeps for the next image (its "block allocator"): fresh pages from the
system, which zeroes each, took a third of a render's time."""

MOST_THREADS: Final = 4
"""Of AVIF's decoder and encoder. Left to itself Pillow has one for each processor, and each takes memory."""

_PLUGINS: Final = {
    "JPEG": "Jpeg",
    "WEBP": "WebP",
    "AVIF": "Avif",
    "TIFF": "Tiff",
    "PNG": "Png",
    "GIF": "Gif",
    "BMP": "Bmp",
}


def prepare(max_pixels: int) -> None:
    """Sets what holds for every image of the process. It is called once, before the first original is opened.

    A frame or a tile of more than `max_pixels` is an Image.DecompressionBombError from then on.
    """
    # guard.py checks first, and its answer says more. This is for what Pillow reads in another way than guard.py does.
    # Pillow warns above the number that it is told, and refuses above twice as many.
    Image.MAX_IMAGE_PIXELS = (max_pixels + 1) // 2
    # Pillow has no public way to set it.
    Image.core.set_blocks_max(_KEPT_BLOCKS)  # type: ignore[attr-defined]
    _silence()


def forget() -> None:
    """Frees the memory that Pillow keeps for the next image."""
    # Pillow has no public way to do it.
    Image.core.clear_cache()  # type: ignore[attr-defined]


def give_back() -> None:
    """The same, and gives the system back what is free: glibc keeps what decoders have freed."""
    forget()
    # Other C libraries have no such function. It may be called because there is no memory, not even for the import.
    with suppress(OSError, AttributeError, ImportError, MemoryError):
        import ctypes  # noqa: PLC0415 -- it takes four milliseconds of a cold start

        ctypes.CDLL(None).malloc_trim(0)


def let_go(image: Image.Image) -> None:
    """Frees what the decoders of AVIF and WebP keep of a loaded picture: its planes, and its pixels once more.

    It can't be loaded again, nor any other frame.
    """
    # Pillow has no public way to do it.
    if vars(image).pop("_decoder", None):
        vars(image)["fp"] = None


def _silence() -> None:
    """Keeps Pillow's messages out of the log, where each line is JSON.

    The error that a decoder raises is in the request's own line.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL + 1)


@cache
def _listen_to_libtiff() -> object:
    """Has libtiff tell its errors here, and not on standard error. Returns what must not be freed then.

    Pillow has no way to do it. Where libtiff is not a library of its own, its functions can't be found.
    """
    import ctypes  # noqa: PLC0415 -- it takes four milliseconds of a cold start

    # libtiff keeps no reference that Python counts.
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)(_note_error)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(Image.core.__file__).TIFFSetErrorHandler(handler)  # type: ignore[attr-defined]
    return handler


_libtiff = threading.local()


def _note_error(function: bytes | None, *_: object) -> None:
    """Takes libtiff's errors, in the thread that decodes: it goes on after some of them, and so does Pillow.

    Tags with a value that it does not know are not damage: it passes over them.
    """
    if function != b"_TIFFVSetField":
        _libtiff.failed = True


def libtiff_failed() -> bool:
    """Whether libtiff met an error in this thread since it was asked last."""
    failed = getattr(_libtiff, "failed", False)
    _libtiff.failed = False
    return failed


def load_no_other_plugins() -> None:
    """Keeps Pillow from importing plugins by itself, as it does before it first saves an image."""
    # Pillow has no public way to do it.
    Image._initialized = 2  # noqa: SLF001


def load_plugin(name: str) -> ModuleType:
    """Registers one Pillow plugin: left to itself Pillow imports all of them, at a cold start's expense.

    Raises ImportError where the plugin or the library behind it is not installed.
    """
    if name == "HEIF":
        plugin = importlib.import_module("pi_heif")
        plugin.register_heif_opener()
        return plugin
    plugin = importlib.import_module(f"PIL.{_PLUGINS[name]}ImagePlugin")
    if not getattr(plugin, "SUPPORTED", True):
        raise ImportError(f"Pillow is built without {name}.")
    if name == "AVIF":
        vars(plugin)["DEFAULT_MAX_THREADS"] = min(MOST_THREADS, os.cpu_count() or 1)
    if name == "TIFF":
        _listen_to_libtiff()
        # Unsigned, and with the high byte first: Pillow knows one and the other.
        plugin.OPEN_INFO[(b"MM", 1, (1,), 1, (32,), ())] = ("I", "I;32BS")
    return plugin
