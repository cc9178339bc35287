"""The Lambda entry point. Objects that it makes at import live as long as the container."""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from core.errors import SettingsError
from core.logs import configure, log_settings
from core.rendering.renderer import Renderer
from core.resizer import Resizer
from core.settings import load
from core.startup import uncollected
from providers.aws.events import to_answer, to_request
from providers.aws.logs import XRayFormatter


def build(environ: Mapping[str, str]) -> Resizer:
    """The resizer of a process. Needs the network only for SIGNING_KEYS_PARAMETER. Raises SettingsError."""
    configure(XRayFormatter())
    settings = load(environ)
    if not settings.public_url or settings.public_url.startswith("/"):
        raise SettingsError("PUBLIC_URL is not set: set it to the address of the bucket's website, or of the CDN")
    # The website redirects every missing key to this function. If a browser cached the redirect to a variant that is
    # deleted later, the browser would be redirected without end. So no setting can make redirects cacheable on AWS.
    settings = replace(settings, region=settings.region or environ["AWS_REGION"], redirect_max_age=0)
    renderer = Renderer(settings.imaging)
    renderer.start()
    # Importing the SDK takes longest. The child process that renders starts in the meantime.
    with uncollected():
        from botocore.session import get_session  # noqa: PLC0415

        from providers.aws.client import connect  # noqa: PLC0415
        from providers.aws.storage import S3Storage  # noqa: PLC0415
        from providers.aws.variants import VariantsBucket  # noqa: PLC0415

        # One session for all clients, because each session reads AWS's list of endpoints.
        session = get_session()
        client = connect(session, settings.region)
        if environ.get("SIGNING_KEYS_PARAMETER"):
            from providers.aws.secrets import signing_keys  # noqa: PLC0415

            settings = replace(settings, signing_keys=signing_keys(session, environ, settings.region))
    log_settings(settings)
    # S3's websites have no HTTPS. A bucket behind CloudFront is closed to the public.
    is_website = (settings.public_url or "").startswith("http://")
    public = cache(lambda: connect(session, settings.region, anonymous=True)) if is_website else None
    variants = VariantsBucket(client, settings.bucket, public)
    return Resizer(S3Storage(client, settings.originals_bucket), variants, settings, renderer)


resizer = build(os.environ)


def handle(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """Answers an event of a REST API, an HTTP API or a Function URL."""
    return to_answer(resizer.handle(to_request(event)))
