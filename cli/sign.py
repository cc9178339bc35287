"""`sizewise sign SIZE IMAGE`: the address of an image at a size that WIDTHS and SIZES do not allow."""

import os
from dataclasses import replace

import click

from cli.deployment_file import completed
from core.errors import BadKey, SettingsError, SizewiseError
from core.keys import check, split, to_path
from core.ladder import check_sides, without_defaults
from core.settings import Settings, load
from core.signing import needs_no_signature, signed
from core.size import parse


@click.command(short_help="Sign a size that WIDTHS and SIZES do not allow.")
@click.argument("size")
@click.argument("image")
@click.option("--deployment", metavar="FILE", help="Use the settings of a deployment's file.")
def sign(size: str, image: str, deployment: str | None) -> None:
    """Print the path of IMAGE at SIZE, signed, such as /613x300-slxmpd42bfrndh2ov/albums/2026/sunset.jpg.

    IMAGE is the original's key, not percent-encoded. The first of SIGNING_KEYS signs. Name the deployment's file, or
    set the same settings: a size that WIDTHS or SIZES allows is not signed, and QUALITY, FORMAT and MAX_SIDE matter
    too.
    """
    try:
        # A signature does not depend on where images are.
        settings = load({"BUCKET": "any", **completed(os.environ, deployment)})
        if not settings.signing_keys:
            raise SettingsError("SIGNING_KEYS is not set: set it to the deployment's keys. The first one signs")
        path = _signed_path(size, image, settings)
    except (SettingsError, SizewiseError) as error:
        raise click.ClickException(str(error)) from error
    except UnicodeError as error:  # An argument has bytes that are not UTF-8.
        raise click.ClickException("The image's name is not UTF-8.") from error
    click.echo(path)


def _signed_path(size: str, image: str, settings: Settings) -> str:
    if image.startswith("/"):
        raise BadKey("The image begins with a slash: name it by its key, such as albums/cat.jpg.")
    asked = replace(parse(size), signature=None)
    split(f"{asked}/{image}")
    plain = without_defaults(asked, settings)
    check_sides(plain, settings)
    is_bounded = settings.widths or settings.sizes
    is_free = is_bounded and needs_no_signature(plain, settings)
    key = f"{plain if is_free else signed(plain, image, settings.signing_keys[0])}/{image}"
    check(key)
    return f"/{to_path(key)}"
