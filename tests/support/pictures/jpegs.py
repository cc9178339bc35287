"""JPEG of kinds that no encoder at hand writes (ITU-T T.81)."""

import struct

import numpy as np
import numpy.typing as npt


def lossless(grey: npt.NDArray[np.int64]) -> bytes:
    """A lossless JPEG (annex H) of 8-bit grey: each sample by its difference from the one to its left."""
    height, width = grey.shape
    before = np.concatenate([np.full((height, 1), 128), grey[:, :-1]], 1)
    before[1:, 0] = grey[:-1, 0]
    bits = "".join(_coded(int(difference)) for difference in (grey - before).reshape(-1))
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    frame = _segment(0xC3, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0))
    table = _segment(0xC4, bytes([0, 0, 0, 0, 0, 16, *[0] * 11]) + bytes(range(16)))
    return b"\xff\xd8" + table + frame + _segment(0xDA, bytes([1, 1, 0, 1, 0, 0])) + data + b"\xff\xd9"


def _coded(difference: int) -> str:
    """A difference's length in five bits, which is the table's code for it, and its own bits (section H.1.2)."""
    length = abs(difference).bit_length()
    own = difference if difference >= 0 else difference + (1 << length) - 1
    return f"{length:05b}" + (f"{own:0{length}b}" if length else "")


def _segment(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data


def with_frame(data: bytes, kind: int, precision: int = 8) -> bytes:
    """A baseline JPEG that says it is of another kind and precision."""
    at = data.index(b"\xff\xc0")
    return data[: at + 1] + bytes([kind]) + data[at + 2 : at + 4] + bytes([precision]) + data[at + 5 :]
