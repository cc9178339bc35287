"""The Lambda entry point. What it makes at import lasts as long as the container."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.logs import JsonFormatter, configure, log_settings
from core.resizer import Resizer
from core.settings import load
from providers.aws.events import to_answer, to_request
from providers.aws.storage import S3Storage, connect
from providers.aws.website import website

configure(JsonFormatter())
given = load(os.environ)
region = given.region or os.environ["AWS_REGION"]
settings = replace(
    given,
    region=region,
    public_url=website(given.bucket, region) if given.public_url is None else given.public_url,
    # The website sends every missing key here. A browser that kept the redirect to a variant since
    # deleted would go from one to the other without end, so that no setting may make it keep one.
    redirect_max_age=0,
)
log_settings(settings)
client = connect(region)
resizer = Resizer(S3Storage(client, settings.originals_bucket), S3Storage(client, settings.bucket), settings)


def handle(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """The proxy answer to an event of a REST API, an HTTP API or a Function URL."""
    return to_answer(resizer.handle(to_request(event)))
