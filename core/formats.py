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

SIGNATURE_BYTES: Final = 32
"""How much of a file `sniff` looks at."""

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

    The signatures are those of the MIME Sniffing standard, section 6.1; AVIF's brands are from
    its specification, section 6.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return "AVIF"
    return None


def content_type(data: bytes) -> str:
    """The media type of an image's first bytes; application/octet-stream for anything else."""
    name = sniff(data)
    if name in OWN_FORMAT:
        return CONTENT_TYPES[OWN_FORMAT[name]]
    return {"TIFF": "image/tiff", "BMP": "image/bmp"}.get(name or "", "application/octet-stream")
