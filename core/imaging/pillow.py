"""Pillow in a process of Sizewise: settings for all images, and the plugins that are loaded."""

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
"""Blocks of 16 MiB that Pillow keeps for the next image (its "block allocator"). New memory, which the system fills
with zeros, took a third of a render's time."""

MOST_THREADS: Final = 4
"""The most threads of AVIF's decoder and encoder. By default Pillow starts one per processor, and each needs memory."""

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
    """Sets Pillow up for all images of the process. It is called once, before the first original is opened.

    After that, a frame or a tile of more than `max_pixels` raises Image.DecompressionBombError.
    """
    # guard.py checks first, and its messages say more. This limit is for files that Pillow and guard.py read
    # differently. Pillow warns above this number, and refuses above twice the number.
    Image.MAX_IMAGE_PIXELS = (max_pixels + 1) // 2
    # Pillow has no public function for it.
    Image.core.set_blocks_max(_KEPT_BLOCKS)  # type: ignore[attr-defined]
    _silence()


def forget() -> None:
    """Frees the memory that Pillow keeps for the next image."""
    # Pillow has no public function for it.
    Image.core.clear_cache()  # type: ignore[attr-defined]


def give_back() -> None:
    """Frees memory as `forget` does, and returns it to the system: glibc keeps memory that decoders have freed."""
    forget()
    # Other C libraries lack malloc_trim. If there is no memory left, even the import can fail.
    with suppress(OSError, AttributeError, ImportError, MemoryError):
        import ctypes  # noqa: PLC0415 -- importing it takes four milliseconds of a cold start

        ctypes.CDLL(None).malloc_trim(0)


def let_go(image: Image.Image) -> None:
    """Frees the memory of AVIF's and WebP's decoders for a loaded picture: its planes, and a copy of its pixels.

    After that, neither the picture nor another frame can be loaded.
    """
    # Pillow has no public function for it.
    if vars(image).pop("_decoder", None):
        vars(image)["fp"] = None


def _silence() -> None:
    """Keeps Pillow's messages out of the log, in which each line is JSON.

    A decoder's exception is in its request's line of the log.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL + 1)


@cache
def _listen_to_libtiff() -> object:
    """Makes libtiff report its errors here, and not on standard error. Returns the handler, which must not be freed.

    Pillow has no function for this. If libtiff is not a separate library, its functions can't be found.
    """
    import ctypes  # noqa: PLC0415 -- importing it takes four milliseconds of a cold start

    # Python does not see that libtiff uses the handler, and would free it.
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)(_note_error)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(Image.core.__file__).TIFFSetErrorHandler(handler)  # type: ignore[attr-defined]
    return handler


_libtiff = threading.local()


def _note_error(function: bytes | None, *_: object) -> None:
    """Notes an error of libtiff, in the thread that decodes: libtiff and Pillow continue after some errors.

    Tags with unknown values are not damage: libtiff skips them.
    """
    if function != b"_TIFFVSetField":
        _libtiff.failed = True


def libtiff_failed() -> bool:
    """Whether libtiff reported an error in this thread since the last call."""
    failed = getattr(_libtiff, "failed", False)
    _libtiff.failed = False
    return failed


def load_no_other_plugins() -> None:
    """Prevents Pillow from importing all plugins, which it does before it first saves an image."""
    # Pillow has no public function for it.
    Image._initialized = 2  # noqa: SLF001


def load_plugin(name: str) -> ModuleType:
    """Registers one Pillow plugin. By default Pillow imports all of them, which lengthens a cold start.

    Raises ImportError if the plugin or its library is not installed.
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
        # Unsigned and with the high byte first: Pillow knows each of the two, but not both together.
        plugin.OPEN_INFO[(b"MM", 1, (1,), 1, (32,), ())] = ("I", "I;32BS")
    return plugin
