"""The functions-framework entry point: the website over a folder, the resizer behind it."""

import os
from collections.abc import Mapping
from pathlib import Path

import flask
import functions_framework

from core.imaging.pillow import prepare
from core.logs import log_settings
from core.resizer import Resizer
from core.settings import load
from providers.local.logs import log_to_stdout
from providers.local.storage import FolderStorage
from providers.local.website import serve
from providers.wsgi import answer_every_path, to_answer, to_request


def build(environ: Mapping[str, str]) -> tuple[FolderStorage, Resizer]:
    """The folder and the resizer of a process. Raises SettingsError."""
    log_to_stdout()
    settings = load(environ)
    log_settings(settings)
    prepare(settings.max_original_pixels)
    folder = FolderStorage(Path(settings.bucket))
    return folder, Resizer(FolderStorage(Path(settings.originals_bucket)), folder, settings)


folder, resizer = build(os.environ)


@functions_framework.http
def resize(request: flask.Request) -> flask.Response:
    """The stored image, or what the resizer answers."""
    asked = to_request(request)
    return serve(folder, asked) or to_answer(resizer.handle(asked))


answer_every_path(resize)
