"""Converts the events of API Gateway and Function URLs to the core's requests, and responses to their answers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote

from core.http import Request, Response

_XRAY_ROOT: Final = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24})")


def to_request(event: Mapping[str, Any]) -> Request:
    """The request of an event, its path percent-encoded as it was on the wire.

    REST API (payload 1.0): `path` is encoded and without the stage.
    Function URL (payload 2.0): `rawPath` is encoded.
    HTTP API (payload 2.0): `rawPath` is decoded, if possible more than once, and begins with the stage
    unless that is `$default`. It is encoded again here, but names with % or ? do not work: API Gateway
    refuses % and cuts the path at ?. The manifest uses a REST API.
    With a custom domain, both APIs' paths begin with its base path, which is removed here.

    Source: AWS's "Lambda proxy integrations" and "payload format version" pages for the fields, and live
    captures of July 2026 for their encoding (hotsock/voker, vokerhttp/testdata/ingress-paths.json).
    """
    if event.get("version") == "2.0":
        context, path = event["requestContext"], event["rawPath"]
        method = context["http"]["method"]
        if ".lambda-url." not in context["domainName"]:
            if context["stage"] != "$default":
                path = path.removeprefix(f"/{context['stage']}")
            path = quote(path)
    else:
        method, path = event["httpMethod"], event["path"]
    path = _without_base(path, event.get("pathParameters") or {})
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    request = Request.of(method, path, headers)
    # API Gateway sets X-Ray's header on every request, so it takes precedence over any other trace. Source: AWS X-Ray
    # Developer Guide, "X-Ray concepts", tracing header.
    root = _XRAY_ROOT.search(headers.get("x-amzn-trace-id", ""))
    return replace(request, trace_id=root[1] + root[2]) if root else request


def _without_base(path: str, parameters: Mapping[str, str]) -> str:
    """The part of a path that contains the route's parameters `size` and `image`, or the whole path.

    A REST API passes the parameters on encoded, an HTTP API and emulators decoded. Source: API Gateway's developer
    guide, "API mappings", and serverless-express, issues 216 and 397.
    """
    if not parameters.keys() >= {"size", "image"}:
        return path
    named = f"{parameters['size']}/{parameters['image']}"
    segments = path.split("/")
    for spelling in (named, unquote(named)):
        # Decodes by segments, and compares only where the lengths agree, because paths can be long.
        left = len(spelling) + 1
        for place in range(len(segments) - 1, -1, -1):
            left -= len(unquote(segments[place])) + 1
            if left <= 0:
                tail = segments[place:]
                if left == 0 and unquote("/".join(tail)) == spelling:
                    return "/" + "/".join(tail)
                break
    return path


def to_answer(response: Response) -> dict[str, Any]:
    """A response in the form that both payload versions accept. Every body is text."""
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": response.body.decode(),
        "isBase64Encoded": False,
    }
