"""The functions-framework entry point: Cloud Storage's buckets, the resizer in front of them."""

import os
from dataclasses import replace

import flask
import functions_framework

from core.http import Request, wsgi_path
from core.logs import configure, log_settings
from core.resizer import Resizer
from core.settings import load
from providers.gcp.logs import CloudFormatter
from providers.gcp.storage import GoogleStorage, connect

configure(CloudFormatter(os.environ.get("GOOGLE_CLOUD_PROJECT", "")))
settings = load(os.environ)
client = connect()
variants = GoogleStorage(client.bucket(settings.bucket))
originals = GoogleStorage(client.bucket(settings.originals_bucket))
settings = replace(settings, public_url=settings.public_url or variants.url)
log_settings(settings)
resizer = Resizer(originals, variants, settings)


@functions_framework.http
def resize(request: flask.Request) -> flask.Response:
    """What the resizer answers."""
    headers = request.headers
    asked = Request(
        request.method, wsgi_path(request.environ), headers.get("Accept", ""), headers.get("Traceparent", "")
    )
    answer = resizer.handle(asked)
    return flask.Response(answer.body, answer.status, dict(answer.headers))


# The core answers every path: the framework has a 404 of its own for a line break and for /favicon.ico.
flask.current_app.register_error_handler(404, lambda _: resize(flask.request))
