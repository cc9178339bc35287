"""The functions-framework entry point: the resizer over Cloud Storage's buckets."""

import os
from collections.abc import Mapping
from dataclasses import replace

import flask
import functions_framework

from core.logs import configure, log_settings
from core.rendering.renderer import Renderer
from core.resizer import Resizer
from core.settings import load
from core.startup import uncollected
from providers.gcp.logs import CloudFormatter
from providers.wsgi import answer_every_path, to_answer, to_request


def build(environ: Mapping[str, str]) -> Resizer:
    """The resizer of a process. Building it needs no network and no credentials. Raises SettingsError."""
    configure(CloudFormatter(environ.get("GOOGLE_CLOUD_PROJECT", "")))
    settings = load(environ)
    with uncollected():
        from providers.gcp.client import authorized_session, connect  # noqa: PLC0415
        from providers.gcp.storage import GoogleStorage  # noqa: PLC0415

    session = authorized_session()
    client = connect(session)
    originals = GoogleStorage(client.bucket(settings.originals_bucket), session)
    variants = GoogleStorage(client.bucket(settings.bucket), session)
    settings = replace(settings, public_url=settings.public_url or variants.url)
    log_settings(settings)
    return Resizer(originals, variants, settings, Renderer(settings.imaging))


resizer = build(os.environ)


@functions_framework.http
def resize(request: flask.Request) -> flask.Response:
    """Lets the resizer answer."""
    return to_answer(resizer.handle(to_request(request)))


answer_every_path(resize)
