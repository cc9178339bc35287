"""TIFF: the contents of its directories (TIFF 6.0, section 2)."""

from typing import Final

from core.errors import UnsupportedFormat
from core.imaging.containers.contents import Contents, Samples
from core.imaging.containers.strips import check_ends, longer
from core.imaging.containers.tags import Directory, changed, directories, widened

_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR = 258, 259, 262, 277, 284
_EXTRA, _SAMPLE_FORMAT, _DNG_VERSION = 338, 339, 50706

_CODINGS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000)
"""The compressions that are decoded: none, CCITT's, LZW, JPEG's two, Deflate's two, PackBits, LZMA, Zstandard. Pillow's
wheels have no WebP in TIFF."""

_FAX: Final = (2, 3, 4)
_JPEG: Final = 7

_INTEGERS: Final = (*range(256, 260), 262, 266, 273, 274, *range(277, 280), 284, 317, *range(322, 326), 338, 339, 530)
"""The tags of integers that Pillow's decoder reads."""

_RAW_COLOURS: Final = (32803, 34892)
"""Photometric interpretations of a camera's sensor: a colour filter array, and linear raw (DNG 1.6, chapter 2)."""

_RAW_SIGNATURES: Final = (b"CR\2", b"IIII", b"MMMM")
"""The bytes after the header in Canon's and Phase One's raw files."""

_RAW_CODINGS: Final = (32767, 32769, 32770, 34713, 65000, 65535)
"""The compressions of raw files of Sony, Epson, Samsung, Nikon, Kodak and Pentax (libtiff, tiff.h)."""

_HEIGHT, _ROWS_PER_STRIP, _SUBSAMPLING = 257, 278, 530
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR = 0, 1, 2, 6
_DEEP: Final = 16
_ALPHA, _STRAIGHT_ALPHA = 1, 2
"""Kinds of extra samples: alpha by which colours are multiplied, and alpha by which they are not (section 18)."""
_MOST_PLANES: Final = 4
_UNCOMPRESSED: Final = 1
_SIGNED, _FLOATING = 2, 3
_PLANES: Final = 2

_INTERPRETATIONS: Final = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "CIELAB"}
_CHANNELS: Final = {"grey": 1, "palette": 1, "RGB": 3, "CMYK": 4, "YCbCr": 3, "CIELAB": 3}
_SAMPLE_FORMATS: Final = {1: "unsigned", 2: "signed", 3: "floating-point"}


def contents(data: bytes) -> Contents:
    """The contents of a TIFF.

    Raises UnsupportedFormat for a camera's raw file, and for a compression or a layout that is not supported;
    BrokenOriginal for strips or tiles of JPEG that are cut short; and TooLarge for a tag with too many numbers.
    """
    first, *others = directories(data)
    if data.startswith(_RAW_SIGNATURES, 8) or _DNG_VERSION in first.values or any(map(_is_raw, (first, *others))):
        raise UnsupportedFormat("The original is a camera raw file, which is not supported.")
    coding = first.first(_COMPRESSION, 1)
    if coding not in _CODINGS:
        raise UnsupportedFormat(f"The original is a TIFF with compression {coding}, which is not supported.")
    _check_layout(first)
    if coding == _JPEG:
        check_ends(data, first)
    bits = max(first.values.get(_BITS, (1,)))
    inverted = bits > 8 and first.first(_PHOTOMETRIC, _BLACK_IS_ZERO) == _WHITE_IS_ZERO
    stated = first.first(_SAMPLE_FORMAT, 1)
    planes = _in_planes(first)
    multiplied = _multiplied(first)
    samples = Samples(bits, stated == _SIGNED, stated == _FLOATING, inverted, planes, multiplied)
    data = _decodable(data, first, samples)
    beyond = longer(data, first) if coding in _FAX else b""
    return Contents(data, samples=samples, kind=_kind(first), beyond=beyond)


def _decodable(data: bytes, directory: Directory, samples: Samples) -> bytes:
    """The file with numbers that Pillow accepts."""
    if samples.multiplied and samples.planes:
        # In planes, Pillow would divide only the high bytes.
        data = changed(data, directory, _EXTRA, (_STRAIGHT_ALPHA,))
    if samples.inverted:
        # Pillow decodes some inverted samples, but none correctly.
        data = changed(data, directory, _PHOTOMETRIC, (_BLACK_IS_ZERO,))
    height = directory.first(_HEIGHT, 0)
    if 0 < height < directory.first(_ROWS_PER_STRIP, 0):
        # A larger number means the height (section 8). Pillow multiplies the number, and fails.
        data = changed(data, directory, _ROWS_PER_STRIP, (height,))
    for tag in _INTEGERS:
        if tag in directory.entries:
            data = widened(data, directory, tag)
    return data


def _check_layout(directory: Directory) -> None:
    """Raises UnsupportedFormat for layouts of samples that Pillow cannot decode."""
    photometric, count = directory.first(_PHOTOMETRIC, _BLACK_IS_ZERO), directory.first(_SAMPLES, 1)
    extra, raw = directory.values.get(_EXTRA, ()), directory.first(_COMPRESSION, 1) == _UNCOMPRESSED
    halved_chroma = directory.values.get(_SUBSAMPLING, (2, 2)) != (1, 1)
    chroma, planes = photometric == _YCBCR, _in_planes(directory)
    unused = extra and not any(extra) and (raw or chroma)
    # Pillow treats an extra sample without a stated kind as an alpha that multiplies the colours.
    unnamed = photometric == _RGB and count == _MOST_PLANES and not extra
    if (raw and chroma and (halved_chroma or planes)) or (planes and (unused or unnamed or count > _MOST_PLANES)):
        raise UnsupportedFormat(f"The original is {_kind(directory)}, which is not supported.")


def _multiplied(directory: Directory) -> bool:
    """Whether the samples are colours of 16 bits that are multiplied by an alpha sample."""
    deep, colours = directory.first(_BITS, 1) == _DEEP, directory.first(_PHOTOMETRIC, _BLACK_IS_ZERO) == _RGB
    return deep and colours and directory.first(_EXTRA, 0) == _ALPHA and directory.first(_SAMPLES, 1) == _MOST_PLANES


def _in_planes(directory: Directory) -> bool:
    return directory.first(_PLANAR, 1) == _PLANES and directory.first(_SAMPLES, 1) > 1


def _kind(directory: Directory) -> str:
    """The kind of a TIFF in words, for an error's message."""
    colours = _INTERPRETATIONS.get(directory.first(_PHOTOMETRIC, 0), "unknown colours")
    samples = _SAMPLE_FORMATS.get(directory.first(_SAMPLE_FORMAT, 1), "unknown")
    count = directory.first(_SAMPLES, 1)
    extra = max(len(directory.values.get(_EXTRA, ())), count - _CHANNELS.get(colours, count))
    planes = " in separate planes" if directory.first(_PLANAR, 1) == _PLANES else ""
    more = f" and {extra} more samples" if extra else ""
    packed = "uncompressed" if directory.first(_COMPRESSION, 1) == _UNCOMPRESSED else "compressed"
    return f"a TIFF of {colours}{more}{planes}, {directory.first(_BITS, 1)} bits each, {samples}, {packed}"


def _is_raw(directory: Directory) -> bool:
    return directory.first(_PHOTOMETRIC, 0) in _RAW_COLOURS or directory.first(_COMPRESSION, 1) in _RAW_CODINGS
