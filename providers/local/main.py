"""The functions-framework entry point: the front page, a website over a folder, and the resizer for misses."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import flask
import functions_framework

from core.errors import SettingsError
from core.logs import log_settings
from core.rendering.renderer import Renderer
from core.resizer import Resizer
from core.settings import load
from providers.local import front
from providers.local.facts import Site
from providers.local.listing import Listing
from providers.local.logs import log_to_stdout
from providers.local.storage import FolderStorage, check_writable
from providers.wsgi import answer_every_path, to_request


def build(environ: Mapping[str, str]) -> Site:
    """The site that this process serves. Raises SettingsError."""
    log_to_stdout()
    # A Location leads back to this server, or to a server in front of it. If a client cached the redirect to a variant
    # that is deleted later, the client would be redirected without end. So no setting can make redirects cacheable.
    settings = replace(load(environ), redirect_max_age=0)
    check_writable(Path(settings.bucket))
    log_settings(settings)
    variants, originals = FolderStorage(Path(settings.bucket)), FolderStorage(Path(settings.originals_bucket))
    resizer = Resizer(originals, variants, settings, Renderer(settings.imaging))
    return Site(variants, Listing(Path(settings.originals_bucket)), settings, resizer)


try:
    site = build(os.environ)
except SettingsError as error:
    sys.exit(f"Error: {error}")  # One line, without a traceback, for the person who starts the server.


@functions_framework.http
def resize(request: flask.Request) -> flask.Response:
    """The front page, the stored image, or what the resizer answers."""
    asked = to_request(request)
    return front.serve(site, request, asked) or site.answer(asked, request.headers)


answer_every_path(resize)
