"""Compares a file's variants with the pictures of Chromium and sharp."""

from dataclasses import replace
from typing import Protocol

from core.errors import SizewiseError, UnsupportedFormat
from tests.oracle import bars
from tests.oracle.compare import lossless, lossy
from tests.oracle.peers import PeerError, Pictures, Shown
from tests.oracle.pictures import Case
from tests.oracle.png import delays
from tests.oracle.sizewise import rendered
from tests.oracle.timeline import joined, seen_in, timed

TARGETS = ("png", "gif", "webp", "avif")
"""PNG, and each animated format. PNG is first, because the others are judged by it."""

_FORMATS = {"PNG": "png", "APNG": "png", "GIF": "gif", "WebP": "webp", "AVIF": "avif"}
"""The kinds that Chromium shows, with the names of their formats in sizes."""


class Programs(Protocol):
    """The other programs; see Peers."""

    def chromium(self, data: bytes, format: str) -> Pictures: ...  # noqa: A002
    def sharp(self, data: bytes) -> Pictures: ...
    def rendered(self, data: bytes, format: str, quality: int) -> bytes: ...  # noqa: A002


class _Nothing(Exception):
    """There is no variant to compare: it was "refused", "crashed" or is "not shown"."""

    def __init__(self, way: str, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.way = way


def judged(peers: Programs, case: Case) -> dict[str, str]:
    """The differences by the variant's format and the peer. Raises UnsupportedFormat, and PeerError without a judge."""
    original, reference = _shown(peers, case)
    found: dict[str, str] = {}
    stored = b""
    for target in TARGETS:
        try:
            data, variant = _variant(peers, case.data, target)
        except _Nothing as nothing:
            found[f"{target}, {nothing.way}"] = str(nothing)
            continue
        if target != "png":
            frames = joined(original)
            found[target] = lossy(original, variant, target, bars.by_sharp(peers, frames, stored, target))
            continue
        found |= {f"png, {peer}": lossless(shown, variant, case.levels) for peer, shown in reference.items()}
        if not any(found.values()):
            # The others are compared with it, so that no error counts twice.
            original, stored = seen_in(original, variant), data
    return {name: wrong for name, wrong in found.items() if wrong}


def _shown(peers: Programs, case: Case) -> tuple[Pictures, dict[str, Pictures]]:
    """The original as its judge shows it, and as each peer that counts shows it. Raises PeerError without a judge."""
    if case.shown is not None:
        original = Pictures([Shown(case.shown, 0)], 1)
        return original, {"documentation": original}
    is_gif = case.kind.startswith("GIF")
    name = _FORMATS.get(case.kind.split(",")[0])
    if not name:
        original = timed(peers.sharp(case.data), is_gif)
        return original, {"sharp": original}
    original = timed(_by_chromium(peers, case.data, name), is_gif)
    shown = {"Chromium": original}
    if case.kind == "APNG" or case.converted:  # sharp does not animate them, and converts by its own rules.
        return original, shown
    try:
        second = timed(peers.sharp(case.data), is_gif)
    except PeerError:
        return original, shown
    return original, shown if lossless(original, second, case.levels) else {**shown, "sharp": second}


def _variant(peers: Programs, data: bytes, target: str) -> tuple[bytes, Pictures]:
    """Sizewise's variant, and its pictures by Chromium. Raises UnsupportedFormat for the first format only."""
    try:
        made = rendered(data, target)
    except SizewiseError as error:
        if isinstance(error, UnsupportedFormat) and target == TARGETS[0]:
            raise
        raise _Nothing("refused", error) from error
    except Exception as error:
        raise _Nothing("crashed", error) from error
    try:
        return made, _by_chromium(peers, made, target)
    except PeerError as error:
        raise _Nothing("not shown", error) from error


def _by_chromium(peers: Programs, data: bytes, name: str) -> Pictures:
    """Chromium's pictures. It truncates an APNG's delays to milliseconds, so these are read from the file."""
    pictures = peers.chromium(data, name)
    exact = delays(data) if name == "png" else []
    if len(exact) != len(pictures.frames):
        return pictures
    return replace(pictures, frames=[Shown(f.pixels, ms) for f, ms in zip(pictures.frames, exact, strict=True)])
