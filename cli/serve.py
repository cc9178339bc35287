"""`sizewise serve FOLDER`: a folder of images, resized on demand over HTTP."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click
from functions_framework import create_app
from gunicorn.arbiter import Arbiter

import providers.local
from cli.server import Server
from core.errors import SettingsError
from core.size import is_size

SOURCE: Final = Path(providers.local.__file__).with_name("main.py")
ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
SIZES_TO_TRY: Final = ("600x", "300x200.webp", "x400-q70")


class FolderRefused(click.ClickException):
    """No folder was named, or one that can't be served."""

    exit_code = 2


@click.command(short_help="Serve a folder of images.")
@click.argument("folder", required=False)
@click.option("--root", metavar="FOLDER", help="The same as the argument.")
@click.option("--default", metavar="FOLDER", hidden=True)  # For `./noxw -s serve`, which has sample photographs.
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, default=8080, show_default=True, help="0 takes any free port.")
def serve(folder: str | None, root: str | None, default: str | None, host: str, port: int) -> None:
    """Serve the images in FOLDER, resized on demand.

    An image's address is http://HOST:PORT/SIZE/IMAGE, such as /600x400/albums/cat.jpg. Each variant is stored below
    FOLDER, in one sub-folder per size. The settings are environment variables, such as QUALITY=70.
    """
    path = usable(chosen(folder, root) or default)
    os.environ["BUCKET"] = str(path)
    try:
        app = create_app("resize", str(SOURCE))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    Server(app, f"{host}:{port}", lambda server: announce(path, server)).run()


def chosen(folder: str | None, root: str | None) -> str | None:
    """The folder that the command line names, by its argument or by --root."""
    if folder and root and Path(folder).absolute() != Path(root).absolute():
        raise click.UsageError(f"Name one folder: {folder} and --root {root} differ.")
    return folder or root


def usable(named: str | None) -> Path:
    """The named folder's absolute path. Raises FolderRefused."""
    if not named:
        raise FolderRefused("No folder is named. Name the one with your images: sizewise serve ~/Pictures")
    if not Path(named).is_dir():
        raise FolderRefused(f"{named} is not a folder.")
    return Path(named).resolve()


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
