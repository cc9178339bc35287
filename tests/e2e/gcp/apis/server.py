"""Google's APIs on loopback, as far as `gcloud` uses them for a deployment of Sizewise."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tests.e2e.gcp.apis import logs, project, run, secrets, storage
from tests.e2e.gcp.apis.state import Call, Google, Json, Refused, Serve
from tests.support.servers.gcs import Emulator
from tests.support.servers.loopback import Quiet, listening

ROUTES = [*project.ROUTES, *storage.ROUTES, *secrets.ROUTES, *run.ROUTES, *logs.ROUTES]


def answer(google: Google, method: str, target: str, body: bytes) -> Json:
    """The answer to a request; raises Refused."""
    split = urlsplit(target)
    path = unquote(split.path)
    for allowed, pattern, act in ROUTES:
        match = re.fullmatch(pattern, path)
        if method == allowed and match:
            parsed = json.loads(body) if body[:1] == b"{" else {}
            found = act(google, Call(match[1] if match.groups() else "", parse_qs(split.query), parsed, body))
            if found is not None:
                return found
    raise Refused(404, f"Resource '{path}' was not found")


@contextmanager
def google_apis(emulator: Emulator, serve: Serve, folder: Path) -> Iterator[Google]:
    """Serves the APIs and what is deployed through them until the block ends. Sources are unpacked in the folder."""
    google = Google(emulator, serve, folder)

    class Handler(Quiet):
        def respond(self) -> None:
            # gcloud sends requests to a proxy with absolute addresses.
            target = re.sub(r"^http://[^/]+", "", self.path)
            path = urlsplit(target).path
            request, body = f"{self.command} {path}", self.body()
            google.asked.append(request)
            try:
                for pattern, refused in google.refusals.items():
                    if re.fullmatch(pattern, request):
                        raise refused
                if storage.OBJECTS.fullmatch(path):
                    relayed = storage.relay(google, self.command, target, dict(self.headers), body)
                    self.send(relayed.status, relayed.body, relayed.content_type, **relayed.headers)
                else:
                    self.send(200, json.dumps(answer(google, self.command, target, body)).encode())
            except Refused as refused:
                self.send(refused.status, json.dumps(refused.json(path)).encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815 -- http.server's names

    try:
        with listening(Handler) as google.url:
            yield google
    finally:
        for revision in google.revisions.values():
            revision.stack.close()
