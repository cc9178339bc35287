"""`sizewise serve FOLDER`: a folder of images, resized on demand over HTTP."""

import os
from pathlib import Path

import click

from cli import listener
from cli.announcement import Served, announce
from cli.browser import open_page
from cli.deployment_file import completed
from core.errors import SettingsError
from core.settings import load
from providers.local.listing import Listing
from providers.local.storage import check_writable


class _FolderRefused(click.ClickException):
    """No folder is named, or the named one can't be served."""

    exit_code = 2


@click.command(short_help="Serve a folder of images.")
@click.argument("folder", required=False)
@click.option("--root", metavar="FOLDER", help="The same as the argument.")
@click.option("--default", metavar="FOLDER", hidden=True)  # For `./noxw -s serve`, which has sample photographs.
@click.option("--deployment", metavar="FILE", help="Use the settings of a deployment's file, except PUBLIC_URL.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 means any free port.")
@click.option("--threads", type=click.IntRange(1), envvar="THREADS", show_envvar=True, help="Default: 4 per processor.")
@click.option("--workers", type=click.IntRange(1), envvar="WORKERS", show_envvar=True, default=1, show_default=True)
@click.option("--open", "in_browser", is_flag=True, help="Open the browser when it is ready.")
def serve(
    folder: str | None,
    root: str | None,
    default: str | None,
    deployment: str | None,
    host: str,
    port: int,
    threads: int | None,
    workers: int,
    in_browser: bool,
) -> None:
    """Serve the images in FOLDER, resized on demand.

    An image's address is http://HOST:PORT/SIZE/IMAGE, such as /600x400/albums/cat.jpg. Each variant is stored below
    FOLDER, in one sub-folder per size. Settings are environment variables, such as QUALITY=70. They take precedence
    over a deployment's file.
    """
    path = _usable(_chosen(folder, root) or default)
    try:
        os.environ.update({**completed(os.environ, deployment), "BUCKET": str(path)})
        settings = load(os.environ)
        listening = listener.bind(host, port)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(listener.explain(error, host, port)) from error
    # The import takes a second. Inside the command, click handles Ctrl-C without a traceback.
    from cli.server import run  # noqa: PLC0415

    served = Served(path, settings, listener.address(listening), listener.is_loopback(listening))

    def ready() -> None:
        first = announce(served, Listing(Path(settings.originals_bucket)).images())
        if in_browser and first:
            open_page(first)

    run(listening, workers, threads or 4 * (os.cpu_count() or 1), ready)


def _chosen(folder: str | None, root: str | None) -> str | None:
    """The folder that the command line names, by the argument or by --root."""
    if folder and root and Path(folder).absolute() != Path(root).absolute():
        raise click.UsageError(f"Name one folder: {folder} and --root {root} differ.")
    return folder or root


def _usable(named: str | None) -> Path:
    """The named folder's absolute path. Raises _FolderRefused."""
    if not named:
        raise _FolderRefused("No folder is named. Name the one with your images: sizewise serve ~/Pictures")
    try:
        path = Path(named).resolve(strict=True)
        with os.scandir(path) as entries:
            next(entries, None)
    except (OSError, RuntimeError) as error:  # RuntimeError: symbolic links form a loop.
        raise _FolderRefused(f"{named} is not a folder that can be read.") from error
    try:
        kept = load({"BUCKET": str(path)}).bucket == str(path)
    except SettingsError:
        kept = False
    if not kept:
        raise _FolderRefused(f"{str(path)!r} has a control character, or a space at its end: rename it.")
    try:
        check_writable(path)
    except SettingsError as error:
        raise _FolderRefused(str(error)) from error
    return path
