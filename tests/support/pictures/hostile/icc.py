"""ICC profiles (ICC.1:2022) that are broken or do not suit their picture."""

import struct
from typing import Final

from PIL import ImageCms

SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _patched(offset: int, value: bytes) -> bytes:
    return SRGB[:offset] + value + SRGB[offset + len(value) :]


def _table(space: bytes, channels: int, points: int) -> bytes:
    """A profile whose only table (lut16Type) states `points` grid points per channel."""
    lut = (
        b"mft2" + bytes(4) + bytes([channels, 3, points, 0]) + bytes(36) + struct.pack(">HH", 4096, 4096) + bytes(4096)
    )
    head = bytearray(128)
    head[4:8], head[8:12] = b"lcms", b"\x04\x30\0\0"
    head[12:16], head[16:20], head[20:24], head[36:40] = b"prtr", space, b"Lab ", b"acsp"
    body = bytes(head) + struct.pack(">L4sLL", 1, b"A2B0", 144, len(lut)) + lut
    return struct.pack(">L", len(body)) + body[4:]


PROFILES: Final[dict[str, bytes]] = {
    "empty": b"",
    "junk": bytes(range(256)) * 8,
    "cut": SRGB[:200],
    "header only": SRGB[:128],
    "zeros after the header": SRGB[:128] + bytes(4096),
    "a size of 4 GiB": _patched(0, b"\xff\xff\xff\xff"),
    "four billion tags": _patched(128, b"\xff\xff\xff\xff"),
    "tags outside of it": SRGB[:132]
    + b"".join(SRGB[i : i + 4] + b"\xff" * 8 for i in range(132, 252, 12))
    + SRGB[252:],
    "of CMYK": _patched(16, b"CMYK"),
    "of grey": _patched(16, b"GRAY"),
    "of 15 channels": _patched(16, b"FCLR"),
    "a link": _patched(12, b"link"),
    "named colours": _patched(12, b"nmcl"),
    "intent 99": _patched(64, struct.pack(">L", 99)),
    "version 255": _patched(8, b"\xff\xff\xff\xff"),
    "NaN in every tag": SRGB[:260] + b"\x7f\xff\xff\xff" * ((len(SRGB) - 260) // 4),
    "a table of 255^3": _table(b"RGB ", 3, 255),
    "a table of 255^15": _table(b"FCLR", 15, 255),
    "a table of 1^3": _table(b"RGB ", 3, 1),
}
