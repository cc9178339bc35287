"""Image formats by their bytes: a name's ending says nothing that can be relied on."""

from typing import Final

from core.size import Format

CONTENT_TYPES: Final[dict[Format, str]] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
}

PILLOW_NAMES: Final[dict[Format, str]] = {
    "jpg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "avif": "AVIF",
    "gif": "GIF",
}

OWN_FORMAT: Final[dict[str, Format]] = {name: short for short, name in PILLOW_NAMES.items()}

SIGNATURE_BYTES: Final = 64
"""How much of a file `sniff` looks at."""

AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)


def sniff(data: bytes) -> str | None:
    """Pillow's name of the format whose signature the bytes carry, None if we decode no such format.

    The signatures are those of the MIME Sniffing standard, section 6.1; the brands, major and
    compatible, are those of AVIF 1.1, section 6, and of ISO/IEC 23008-12, annex B.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brands = {
            data[at : at + 4] for at in (8, *range(16, min(len(data), int.from_bytes(data[:4]), SIGNATURE_BYTES), 4))
        }
        if brands & AVIF_BRANDS:
            return "AVIF"
        if brands & HEIF_BRANDS:
            return "HEIF"
    return None


def content_type(data: bytes) -> str:
    """The media type of an image's first bytes; application/octet-stream for anything else."""
    name = sniff(data)
    if name in OWN_FORMAT:
        return CONTENT_TYPES[OWN_FORMAT[name]]
    return {"TIFF": "image/tiff", "BMP": "image/bmp", "HEIF": "image/heic"}.get(name or "", "application/octet-stream")
