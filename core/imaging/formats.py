"""Image formats, recognized by their bytes: the extension of a file's name is not reliable."""

from typing import Final, Literal

from core.size import AUTO, Format

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

MAX_VARIANT_SIDE: Final = 16383
"""The longest side of a variant in pixels: WebP's limit, the lowest of the five formats (RFC 9649, section 2.5)."""

SIGNATURE_BYTES: Final = 64
"""How many bytes of a file `sniff` reads."""

_OWN_FORMAT: Final[dict[str, Format]] = {name: short for short, name in PILLOW_NAMES.items()}
_OTHER_CONTENT_TYPES: Final = {"TIFF": "image/tiff", "BMP": "image/bmp", "HEIF": "image/heic"}

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)

_NOT_DECODED: Final = (
    (0, b"II+\0", "a BigTIFF"),
    (0, b"MM\0+", "a BigTIFF"),
    *((0, signature, "a camera raw file") for signature in (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"\0MRM", b"FOVb")),
    (0, b"FUJIFILMCCD-RAW", "a camera raw file"),
    (4, b"ftypcrx ", "a camera raw file"),
    (6, b"HEAPCCDR", "a camera raw file"),
)
"""Files that are not decoded: the place of a signature, the signature, and the kind of file. The raw files are those of
Olympus, Panasonic, Minolta, Sigma, Fujifilm and Canon (file(1), magic/Magdir/images). Raw files of other cameras begin
like a TIFF."""


def sniff(data: bytes) -> str | None:
    """Pillow's name of the format whose signature the bytes have; None for formats that are not decoded.

    The signatures are those of the MIME Sniffing standard, section 6.1. The major and compatible
    brands are those of AVIF 1.1, section 6, and of ISO/IEC 23008-12, annex B.
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
        if brands & _AVIF_BRANDS:
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIF"
    return None


def not_decoded(data: bytes) -> str | None:
    """The kind of a file that `sniff` does not know, in words; None if this function does not know it either."""
    return next((name for at, signature, name in _NOT_DECODED if data.startswith(signature, at)), None)


def content_type(data: bytes) -> str:
    """The media type of an image's first bytes; application/octet-stream for anything else."""
    name = sniff(data) or ""
    own = own_format(name)
    return CONTENT_TYPES[own] if own else _OTHER_CONTENT_TYPES.get(name, "application/octet-stream")


def own_format(name: str | None) -> Format | None:
    """The variants' format that Pillow calls `name`; None if variants do not have that format."""
    return _OWN_FORMAT.get(name or "")


def variant_format(
    requested: Format | Literal["auto"] | None, default: Format | None, name: str | None, mode: str
) -> Format:
    """The format that a size names, else the deployment's default, else the original's own, else PNG.

    `name` and `mode` are Pillow's names of the original's format and mode. Few browsers show HEIC. A HEIC in RGB is
    treated as a photograph, so its variants are JPEG: as PNG they would be many times as large.
    """
    if requested and requested != AUTO:
        return requested
    photograph = name == "MPO" or (name == "HEIF" and mode == "RGB")
    return default or own_format("JPEG" if photograph else name) or "png"
