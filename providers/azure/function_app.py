"""The Azure Functions entry point: Python v2 programming model, any path of two segments or more."""

import os
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import azure.functions as func

from core.http import Request
from core.logs import log_settings
from core.rendering.renderer import Renderer
from core.resizer import Resizer
from core.settings import load
from core.startup import uncollected
from providers.azure import logs
from providers.azure.key_vault import check_resolved
from providers.azure.paths import as_sent


def build(environ: Mapping[str, str]) -> Resizer:
    """The resizer of a process. Building it needs no network and no identity. Raises SettingsError."""
    logs.configure()
    check_resolved(environ)
    settings = load(environ)
    renderer = Renderer(settings.imaging)
    renderer.start()
    # Importing the SDK takes longest. The child process that renders starts in the meantime.
    with uncollected():
        from providers.azure.account import connect  # noqa: PLC0415
        from providers.azure.storage import BlobStorage  # noqa: PLC0415

        account = connect(environ, settings.max_original_bytes)
    originals = account.get_container_client(settings.originals_bucket)
    variants = account.get_container_client(settings.bucket)
    # With PUBLIC_URL, another server, such as a CDN, serves the variants. That server can read a private container.
    served = not settings.public_url
    settings = replace(settings, public_url=settings.public_url or variants.url)
    log_settings(settings)
    return Resizer(BlobStorage(originals), BlobStorage(variants, served=served), settings, renderer)


resizer = build(os.environ)
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


# No methods are listed, because the host would answer all others with 404. The core answers them with 405 and Allow.
@app.route("{size}/{*image}", trigger_arg_name="request")
def resize(request: func.HttpRequest) -> func.HttpResponse:
    """Lets the resizer answer."""
    # The route's parameters and the URL do not distinguish %2F from %252F. App Service's header does.
    path = as_sent(urlsplit(request.url).path, request.headers.get("X-WAWS-Unencoded-URL", ""))
    answer = resizer.handle(Request.of(request.method, path, request.headers))
    return func.HttpResponse(answer.body, status_code=answer.status, headers=dict(answer.headers))
