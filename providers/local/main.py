"""The functions-framework entry point: the website over a folder, the resizer behind it."""

import os
from pathlib import Path

import flask
import functions_framework

from core.http import Request, wsgi_path
from core.logs import JsonFormatter, configure, log_settings
from core.resizer import Resizer
from core.settings import load
from providers.local.storage import FolderStorage
from providers.local.website import serve

configure(JsonFormatter())
settings = load(os.environ)
log_settings(settings)
folder = FolderStorage(Path(settings.bucket))
resizer = Resizer(FolderStorage(Path(settings.originals_bucket)), folder, settings)


@functions_framework.http
def resize(request: flask.Request) -> flask.Response:
    """The stored image, or what the resizer answers."""
    asked = Request(request.method, wsgi_path(request.environ), request.headers.get("Accept", ""))
    stored = serve(folder, asked)
    if stored:
        return stored
    answer = resizer.handle(asked)
    return flask.Response(answer.body, answer.status, dict(answer.headers))


# The core answers every path: the framework has a 404 of its own for a line break and for /favicon.ico.
flask.current_app.register_error_handler(404, lambda _: resize(flask.request))
