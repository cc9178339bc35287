"""Transfer functions: from a channel's signal to light, by ITU-T H.273 (07/2024), table 3."""

from collections.abc import Callable
from functools import cache, lru_cache
from math import exp
from typing import Final, Literal

Curve = Literal["sRGB", "SMPTE 240M", "SMPTE 428", "log 100", "log 316", "PQ", "HLG"]
Transfer = Curve | float
"""A named function, or the exponent of a power function."""

HDR: Final = ("PQ", "HLG")
"""The functions whose light goes far beyond white, so that it has to be tone mapped."""

REFERENCE_WHITE: Final = 203.0
"""The luminance of white paper in PQ and HLG, in cd/m2 (ITU-R BT.2408-7, table 1)."""


def light(transfer: Transfer, signal: float) -> float:
    """The light of a signal from 0 to 1. A light of 1 is white: in PQ reference white, in HLG the scene's maximum.

    For a power function, sRGB, SMPTE 240M and SMPTE 428 this is the display's light. For HLG it is the scene's light.
    """
    if isinstance(transfer, str):
        return _CURVES[transfer](signal)
    return float(signal**transfer)


@lru_cache(maxsize=32)
def lights(transfer: Transfer) -> list[float]:
    """The lights of the 256 levels of a channel."""
    return [light(transfer, level / 255) for level in range(256)]


@cache
def levels() -> bytes:
    """The sRGB levels of 65,536 lights from 0 to 1."""
    return bytes(round(255 * _srgb_signal(step / 65535)) for step in range(65536))


def _srgb(signal: float) -> float:
    """IEC 61966-2-1."""
    return float(((signal + 0.055) / 1.055) ** 2.4 if signal > 0.04045 else signal / 12.92)


def _srgb_signal(light: float) -> float:
    """The inverse of `_srgb`."""
    return float(1.055 * light ** (1 / 2.4) - 0.055 if light > 0.0031308 else light * 12.92)


def _smpte_240m(signal: float) -> float:
    return float(((signal + 0.1115) / 1.1115) ** (1 / 0.45) if signal >= 4 * 0.0228 else signal / 4)


def _smpte_428(signal: float) -> float:
    return float(52.37 / 48 * signal**2.6)


def _log_100(signal: float) -> float:
    return float(10 ** (2 * (signal - 1))) if signal > 0 else 0.0


def _log_316(signal: float) -> float:
    return float(10 ** (2.5 * (signal - 1))) if signal > 0 else 0.0


def _pq(signal: float) -> float:
    """SMPTE ST 2084, section 5.1."""
    root = signal ** (32 / 2523)
    return float(
        10000 / REFERENCE_WHITE * (max(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)) ** (8192 / 1305)
    )


def _hlg(signal: float) -> float:
    """ITU-R BT.2100-2, table 5: the inverse of the OETF."""
    return signal**2 / 3 if signal <= 0.5 else (exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12


_CURVES: Final[dict[str, Callable[[float], float]]] = {
    "sRGB": _srgb,
    "SMPTE 240M": _smpte_240m,
    "SMPTE 428": _smpte_428,
    "log 100": _log_100,
    "log 316": _log_316,
    "PQ": _pq,
    "HLG": _hlg,
}
