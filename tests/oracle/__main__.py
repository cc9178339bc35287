"""Random valid files rendered by Sizewise, compared with Chromium and sharp: `./noxw -s oracle -- --seconds 600`."""

import argparse
import itertools
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from tests.oracle import avif, gif, png, tiff, webp
from tests.oracle.judge import judged
from tests.oracle.peers import HERE, started
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
    tiff.numbers,
    tiff.by_libtiff,
)


def main() -> int:
    """Tries files until the time is over; 1 if any of them differs."""
    parser = argparse.ArgumentParser(prog="./noxw -s oracle --", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--only", default="", help="only kinds whose names begin with this, such as GIF")
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
