"""`python -m providers.local`: serves a folder of images; `./noxw -s serve` calls it."""

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from functions_framework import create_app
from functions_framework._http import create_server
from gunicorn.arbiter import Arbiter

from core.errors import SettingsError
from core.size import is_size

SAMPLES = Path(__file__).parents[2] / "samples"
SOURCE = Path(__file__).parent / "main.py"
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
SIZES_TO_TRY = ("600x", "300x200.webp", "x400-q70")


def images(root: Path) -> Iterator[str]:
    """The keys of the folder's originals, in a stable order."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not is_size(name))
        for name in sorted(names):
            if name.lower().endswith(ENDINGS):
                yield (Path(folder) / name).relative_to(root).as_posix()


def announce(root: Path, server: Arbiter) -> None:
    """Prints where the server listens, and addresses to try."""
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    print(f"Sizewise serves {root} at http://{host}:{port}", flush=True)  # noqa: T201
    keys = list(islice(images(root), len(SIZES_TO_TRY)))
    for number, size in enumerate(SIZES_TO_TRY if keys else ()):
        print(f"  http://{host}:{port}/{size}/{quote(keys[number % len(keys)])}", flush=True)  # noqa: T201


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(prog="./noxw -s serve --", description="Serves a folder of images.")
    parser.add_argument("--root", type=Path, default=SAMPLES, help="the folder (default: the sample photographs)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="the port, 0 for any free one (default: %(default)s)")
    arguments = parser.parse_args()
    if not arguments.root.is_dir():
        parser.error(f"--root {arguments.root} is not a folder")
    root = arguments.root.resolve()
    os.environ["BUCKET"] = str(root)
    try:
        app = create_app("resize", str(SOURCE))
    except SettingsError as error:
        sys.exit(f"sizewise: {error}")
    create_server(app, False, when_ready=lambda server: announce(root, server)).run(arguments.host, arguments.port)


if __name__ == "__main__":
    main()
