"""The state of the stand-in for Google's APIs, which lasts from one command to the next."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.servers.gcs import Emulator
from tests.support.servers.processes import Server

Json = dict[str, Any]
APIS = (
    *("ARTIFACTREGISTRY", "CLOUDBUILD", "CLOUDRESOURCEMANAGER", "IAM", "LOGGING"),
    *("RUN", "SECRETMANAGER", "SERVICEUSAGE", "STORAGE"),
)
STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
Serve = Callable[[Mapping[str, str], Path, str], AbstractContextManager[Server]]
"""Starts a function from its environment, its folder and its entry point."""


def now() -> str:
    """The current time in the format of Google's APIs."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Refused(Exception):
    """An error as the answer to a request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def json(self, path: str) -> Json:
        """The body: Cloud Storage has an older form than the other APIs."""
        if "/storage/v1/" in path:
            form: Json = {"errors": [{"domain": "global", "message": str(self)}]}
        else:
            form = {"status": STATUSES[self.status]}
        return {"error": {"code": self.status, "message": str(self), **form}}


@dataclass(frozen=True)
class Revision:
    """A deployed function's process; closing `stack` ends it."""

    server: Server
    stack: ExitStack


@dataclass(frozen=True)
class Printed:
    """What a revision of a function has printed so far, one string per line."""

    function: str
    started: str
    lines: list[str]


@dataclass
class Google:
    """Everything made through the APIs, by name. `secrets` has the versions of each secret.

    `services` are the enabled APIs, `builds` the orders of builds, and `source` is the last deployed source.
    `asked` has every request, in order. A test sets `refusals` to refuse requests whose "METHOD PATH" matches, and
    `build_failure` to make builds fail with that message.
    """

    emulator: Emulator
    serve: Serve
    folder: Path
    url: str = ""
    services: set[str] = field(default_factory=set)
    accounts: dict[str, Json] = field(default_factory=dict)
    buckets: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    run_services: dict[str, Json] = field(default_factory=dict)
    builds: list[Json] = field(default_factory=list)
    revisions: dict[str, Revision] = field(default_factory=dict)
    printed: list[Printed] = field(default_factory=list)
    secrets: dict[str, list[bytes]] = field(default_factory=dict)
    source: bytes = b""
    asked: list[str] = field(default_factory=list)
    refusals: dict[str, Refused] = field(default_factory=dict)
    build_failure: str = ""

    def environment(self) -> dict[str, str]:
        """The environment in which gcloud sends all requests here and asks no questions."""
        overrides = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": f"{self.url}/" for api in APIS}
        return {
            **overrides,
            # gcloud puts a region in front of this name. It is not resolved, since the proxy is this server.
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN": "http://run.invalid/",
            "CLOUDSDK_PROXY_TYPE": "http",
            "CLOUDSDK_PROXY_ADDRESS": "127.0.0.1",
            "CLOUDSDK_PROXY_PORT": str(urlsplit(self.url).port),
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
        }

    def granted(self) -> set[tuple[str, str, str]]:
        """Every grant: resource, role, member."""
        return {
            (resource, binding["role"], member)
            for resource, policy in self.policies.items()
            for binding in policy.get("bindings", [])
            for member in binding["members"]
        }


@dataclass(frozen=True)
class Call:
    """One request: the name in its path, its query, and its body as JSON and as bytes."""

    name: str
    query: dict[str, list[str]]
    json: Json
    body: bytes


Act = Callable[[Google, Call], Json | None]
"""Handles a request; None becomes a 404."""
Routes = list[tuple[str, str, Act]]
"""Method, pattern of the path, and handler. The pattern's group becomes the call's name."""


def policy(google: Google, call: Call) -> Json:
    return google.policies.get(call.name, {"bindings": []})


def set_policy(google: Google, call: Call) -> Json:
    google.policies[call.name] = call.json.get("policy", call.json)
    return google.policies[call.name]
