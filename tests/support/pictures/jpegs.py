"""JPEG of kinds that no available encoder writes (ITU-T T.81)."""

import struct

import numpy as np
import numpy.typing as npt


def lossless(grey: npt.NDArray[np.int64]) -> bytes:
    """A lossless JPEG (annex H) of 8-bit grey; each sample is coded as the difference from its left neighbour."""
    height, width = grey.shape
    before = np.concatenate([np.full((height, 1), 128), grey[:, :-1]], 1)
    before[1:, 0] = grey[:-1, 0]
    bits = "".join(_coded(int(difference)) for difference in (grey - before).reshape(-1))
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    frame = _segment(0xC3, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0))
    table = _segment(0xC4, bytes([0, 0, 0, 0, 0, 16, *[0] * 11]) + bytes(range(16)))
    return b"\xff\xd8" + table + frame + _segment(0xDA, bytes([1, 1, 0, 1, 0, 0])) + data + b"\xff\xd9"


GREYS = (40, 200, 128, 90)

_SEQUENTIAL = "ffcc000600101005ffda0008010100003f00ff00f78208c0e24e365280"
_PROGRESSIVE = (
    "ffcc00040010ffda0008010100000001ff00ef083fa4d6f22c80ffcc00041005ffda0008010100010502c0ffcc00041005"
    "ffda0008010100063f02c0ffcc00041005ffda0008010100013f21c0ffda000801010000001060ffcc00041005ffda0008010100013f10c0"
)


def arithmetic(progressive: bool = False) -> bytes:
    """An arithmetic-coded JPEG (annex D) with one block of each of `GREYS`. jpegtran wrote its scans."""
    quantization = _segment(0xDB, bytes(1) + b"\1" * 64)
    frame = _segment(0xCA if progressive else 0xC9, struct.pack(">BHHB3B", 8, 8, 32, 1, 1, 0x11, 0))
    scans = bytes.fromhex(_PROGRESSIVE if progressive else _SEQUENTIAL)
    return b"\xff\xd8" + quantization + frame + scans + b"\xff\xd9"


def with_sampling(data: bytes, *factors: int) -> bytes:
    """A baseline JPEG with other sampling factors in its header, two digits per component."""
    at, changed = data.index(b"\xff\xc0"), bytearray(data)
    for index, factor in enumerate(factors):
        changed[at + 11 + 3 * index] = factor
    return bytes(changed)


def hierarchical(data: bytes) -> bytes:
    """A baseline JPEG as the first frame of a hierarchical one: a DHP segment precedes its header (section B.3.2)."""
    at = data.index(b"\xff\xc0")
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
    return data[:at] + b"\xff\xde" + data[at + 2 : end] + data[at:]


def with_lines_behind(data: bytes) -> bytes:
    """A baseline JPEG whose number of lines is after its scan (section B.2.5)."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + bytes(2) + data[at + 2 : -2] + _segment(0xDC, data[at : at + 2]) + data[-2:]


def _coded(difference: int) -> str:
    """A difference: its length in five bits, which is the code in the table, and its bits (section H.1.2)."""
    length = abs(difference).bit_length()
    own = difference if difference >= 0 else difference + (1 << length) - 1
    return f"{length:05b}" + (f"{own:0{length}b}" if length else "")


def _segment(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data


def with_frame(data: bytes, kind: int, precision: int = 8) -> bytes:
    """A baseline JPEG whose header states another kind of frame and another precision."""
    at = data.index(b"\xff\xc0")
    return data[: at + 1] + bytes([kind]) + data[at + 2 : at + 4] + bytes([precision]) + data[at + 5 :]
