"""Random valid files, rendered by Sizewise and held against Chromium and sharp: `./noxw -s oracle -- --seconds 600`."""

import argparse
import itertools
import sys
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from core.errors import SizewiseError, UnsupportedFormat
from tests.oracle import avif, gif, png, tiff, webp
from tests.oracle.compare import expected, joined, lossless, lossy
from tests.oracle.ours import QUALITY, rendered
from tests.oracle.peers import HERE, PeerError, Peers, Pictures, started
from tests.oracle.pictures import Case
from tests.oracle.report import Table

MAKERS = (
    png.still,
    png.moving,
    gif.still,
    gif.moving,
    webp.still,
    webp.moving,
    avif.still,
    avif.moving,
    tiff.still,
)
TARGETS = ("png", "gif", "webp", "avif")
"""PNG and each animated format."""

_FORMATS = {"PNG": "png", "APNG": "png", "GIF": "gif", "WebP": "webp", "AVIF": "avif"}
"""Those of the kinds, by the names that sizes give them."""


def judged(peers: Peers, case: Case) -> dict[str, str]:
    """What differs, by the variant's format and the peer. Raises UnsupportedFormat, and PeerError without a judge."""
    by_sharp = None if case.kind == "APNG" else _shown(lambda: peers.sharp(case.data))
    is_gif = case.kind.startswith("GIF")
    name = _FORMATS.get(case.kind.split(",")[0])
    judge = peers.chromium(case.data, name) if name else by_sharp
    if judge is None:
        raise PeerError("sharp does not read it")
    original = expected(judge, is_gif)
    reference = expected(by_sharp, is_gif) if by_sharp and not case.converted else None
    agreed = reference is not None and not lossless(original, reference, case.levels)
    found = {}
    for target in TARGETS:
        try:
            variant = peers.chromium(rendered(case.data, target), target)
        except UnsupportedFormat:
            raise
        except SizewiseError as error:
            found[f"{target}, refused"] = str(error)
            continue
        if target == "png":
            found["png, Chromium" if case.kind != "TIFF" else "png, sharp"] = lossless(original, variant, case.levels)
            if agreed and reference and case.kind != "TIFF":
                found["png, sharp"] = lossless(reference, variant, case.levels)
            if not any(found.values()):
                original = joined(variant)  # The others are judged by it, so that no level counts twice.
        else:
            found[target] = lossy(original, variant, target, _sharps(peers, case, original, target, agreed))
    return {name: wrong for name, wrong in found.items() if wrong}


def _shown(show: Callable[[], Pictures]) -> Pictures | None:
    try:
        return show()
    except PeerError:
        return None


def _sharps(peers: Peers, case: Case, original: Pictures, target: str, agreed: bool) -> Pictures | None:
    """Sharp's variant of the original; of an animation as AVIF, which it does not write, that of the first frame."""
    moves = case.kind == "APNG" or case.kind.endswith("moving")
    if not moves or target == "avif" or len(original.frames) == 1:
        buffer = BytesIO()
        # From Sizewise's own pixels, which were compared before, so that both encode the same.
        Image.open(BytesIO(rendered(case.data, "png"))).save(buffer, "PNG")
        data = buffer.getvalue()
    elif agreed:
        data = case.data
    else:
        return None
    return peers.chromium(peers.rendered(data, target, QUALITY), target)


def main() -> int:
    """Tries files until the time is over; 1 if any of them differs."""
    parser = argparse.ArgumentParser(prog="./noxw -s oracle --", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--only", default="", help="kinds whose names begin so, such as GIF")
    parser.add_argument("--peers", type=Path, default=HERE, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, default=Path(".nox/differing"), help="where files that differ are kept")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    end = time.monotonic() + arguments.seconds
    table = Table(arguments.keep)
    with started(arguments.peers) as peers:
        print(f"Chromium {peers.chromium_version}", flush=True)
        for number in itertools.count():
            if time.monotonic() > end:
                break
            rng = np.random.default_rng([arguments.seed, number])
            case = MAKERS[number % len(MAKERS)](rng)
            if case.kind.startswith(arguments.only):
                table.note(case, number, partial(judged, peers, case))
    print(table.text())
    return int(table.differs)


if __name__ == "__main__":
    sys.exit(main())
