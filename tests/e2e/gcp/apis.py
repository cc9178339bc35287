"""As much of Google's APIs as `gcloud` asks for when Sizewise is set up and deployed, on loopback.

It keeps what was made, so that a second run meets what the first one left.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.servers.loopback import Quiet, listening

Json = dict[str, Any]
APIS = (
    *("ARTIFACTREGISTRY", "CLOUDBUILD", "CLOUDFUNCTIONS", "CLOUDRESOURCEMANAGER", "EVENTARC"),
    *("IAM", "RUN", "SECRETMANAGER", "SERVICEUSAGE", "STORAGE"),
)


@dataclass
class Google:
    """What was made through the APIs, by its name, of secrets their versions; `asked` has every request, in order."""

    url: str = ""
    services: set[str] = field(default_factory=set)
    accounts: dict[str, Json] = field(default_factory=dict)
    buckets: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    functions: dict[str, Json] = field(default_factory=dict)
    secrets: dict[str, list[bytes]] = field(default_factory=dict)
    source: bytes = b""
    asked: list[str] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """The environment in which gcloud talks to this and to nothing else, and asks no questions."""
        overrides = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": f"{self.url}/" for api in APIS}
        return {
            **overrides,
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

    def version(self, secret: str, number: str) -> bytes | None:
        """What a version of a secret holds."""
        versions = dict(enumerate(self.secrets[secret], start=1))
        return versions.get(len(versions) if number == "latest" else int(number))

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Json | None:
        """The answer to a request; None is a 404."""
        for allowed, pattern, act in ROUTES:
            match = re.fullmatch(pattern, path)
            if method == allowed and match:
                parsed = json.loads(body) if body[:1] == b"{" else {}
                return act(self, Call(match[1] if match.groups() else "", query, parsed, body))
        return None


@dataclass(frozen=True)
class Call:
    """One request: what its path names, its query, and its body as JSON and as bytes."""

    name: str
    query: dict[str, list[str]]
    json: Json
    body: bytes


def enable(google: Google, call: Call) -> Json:
    google.services.update(call.json["serviceIds"])
    return {"name": "operations/enabled", "done": True, "response": {}}


def add_account(google: Google, call: Call) -> Json:
    email = f"{call.json['accountId']}@{call.name}.iam.gserviceaccount.com"
    google.accounts[email] = {**call.json["serviceAccount"], "email": email}
    return google.accounts[email]


def add_bucket(google: Google, call: Call) -> Json:
    google.buckets[call.json["name"]] = {**call.json, "kind": "storage#bucket", "metageneration": "1"}
    return google.buckets[call.json["name"]]


def change_bucket(google: Google, call: Call) -> Json:
    google.buckets[call.name].update(call.json)
    return google.buckets[call.name]


def policy(google: Google, call: Call) -> Json:
    return google.policies.get(call.name, {"bindings": []})


def set_policy(google: Google, call: Call) -> Json:
    google.policies[call.name] = call.json.get("policy", call.json)
    return google.policies[call.name]


def add_secret(google: Google, call: Call) -> Json:
    name = call.query["secretId"][0]
    google.secrets[name] = []
    return {"name": f"{call.name}/{name}"}


def add_version(google: Google, call: Call) -> Json:
    versions = google.secrets[call.name]
    versions.append(base64.b64decode(call.json["payload"]["data"]))
    name = f"projects/1/secrets/{call.name}/versions/{len(versions)}"
    return {"name": name, "clientSpecifiedPayloadChecksum": "dataCrc32c" in call.json["payload"]}


def version(google: Google, call: Call) -> Json | None:
    data = google.version(*call.name.split("/versions/"))
    return None if data is None else {"name": f"projects/1/secrets/{call.name}", "state": "ENABLED"}


def access(google: Google, call: Call) -> Json | None:
    data = google.version(*call.name.split("/versions/"))
    return None if data is None else {"payload": {"data": base64.b64encode(data).decode()}}


def upload_url(google: Google, _: Call) -> Json:
    source = {"bucket": "gcf-sources", "object": "source.zip", "generation": "1"}
    return {"uploadUrl": f"{google.url}/upload/source.zip", "storageSource": source}


def upload(google: Google, call: Call) -> Json:
    google.source = call.body
    return {}


def add_function(google: Google, call: Call) -> Json:
    name = f"{call.name}/functions/{call.query['functionId'][0]}"
    service = {"uri": "https://sizewise.example.com", "service": f"{call.name}/services/sizewise"}
    serving = {**call.json.get("serviceConfig", {}), **service}
    google.functions[name] = {**call.json, "name": name, "state": "ACTIVE", "environment": "GEN_2"}
    google.functions[name]["serviceConfig"] = serving
    return {"name": f"{call.name}/operations/created"}


def change_function(google: Google, call: Call) -> Json:
    google.functions[call.name].update({key: call.json[key] for key in call.json if key != "serviceConfig"})
    google.functions[call.name]["serviceConfig"].update(call.json.get("serviceConfig", {}))
    return {"name": f"{call.name.partition('/functions/')[0]}/operations/changed"}


DONE: Json = {"done": True, "response": {}, "metadata": {"@type": "OperationMetadata"}}
Act = Callable[[Google, Call], Json | None]
MANAGER = r"/v1/projects/[^/]+/secrets/"
PLACE = r"/v[12](?:beta|alpha)?/(projects/[^/]+/locations/[^/]+)"
ROUTES: list[tuple[str, str, Act]] = [
    ("POST", r"/v1/projects/[^/]+/services:batchEnable", enable),
    ("GET", r"/v1/projects/[^/]+/services/(.+)", lambda *_: {"state": "ENABLED"}),
    ("POST", r"/v1/projects/([^/]+)/serviceAccounts", add_account),
    ("GET", r"/v1/projects/[^/]+/serviceAccounts/(.+)", lambda google, call: google.accounts.get(call.name)),
    ("POST", r"/storage/v1/b", add_bucket),
    ("GET", r"/storage/v1/b/([^/]+)", lambda google, call: google.buckets.get(call.name)),
    ("PATCH", r"/storage/v1/b/([^/]+)", change_bucket),
    ("GET", r"/storage/v1/b/([^/]+)/iam", policy),
    ("PUT", r"/storage/v1/b/([^/]+)/iam", set_policy),
    ("POST", r"/v1/(projects/[^/]+/secrets)", add_secret),
    ("GET", MANAGER + r"([^/:]+)", lambda google, call: {"name": call.name} if call.name in google.secrets else None),
    ("POST", MANAGER + r"([^/]+):addVersion", add_version),
    ("GET", MANAGER + r"([^/]+/versions/\d+)", version),
    ("GET", MANAGER + r"([^/]+/versions/\w+):access", access),
    ("GET", MANAGER + r"([^/]+):getIamPolicy", policy),
    ("POST", MANAGER + r"([^/]+):setIamPolicy", set_policy),
    ("GET", PLACE + "/runtimes", lambda *_: {"runtimes": [{"name": "python313", "environment": "GEN_2"}]}),
    ("POST", PLACE + "/functions:generateUploadUrl", upload_url),
    ("PUT", r"/upload/source\.zip", upload),
    ("POST", PLACE + "/functions", add_function),
    ("GET", r"/v2/(projects/.+/functions/.+)", lambda google, call: google.functions.get(call.name)),
    ("PATCH", r"/v2/(projects/.+/functions/.+)", change_function),
    ("GET", PLACE + "/operations/(?:created|changed)", lambda *_: DONE),
    ("GET", PLACE + "/defaultServiceAccount", lambda *_: {"serviceAccountEmail": "projects/p/serviceAccounts/build@p"}),
    ("GET", r"/v1/projects/[^/]+", lambda *_: {"projectNumber": "1"}),
    ("GET", PLACE + r"/services/sizewise:getIamPolicy", lambda *_: {"bindings": []}),
    ("POST", r"/v1/(projects/.+/services/sizewise):setIamPolicy", set_policy),
]


@contextmanager
def google_apis() -> Iterator[Google]:
    """The APIs until the block ends."""
    google = Google()

    class Handler(Quiet):
        def respond(self) -> None:
            split = urlsplit(self.path)
            google.asked.append(f"{self.command} {split.path}")
            answer = google.answer(self.command, unquote(split.path), parse_qs(split.query), self.body())
            missing: Json = {"error": {"code": 404, "message": f"no {self.path}", "status": "NOT_FOUND"}}
            self.send(404 if answer is None else 200, json.dumps(missing if answer is None else answer).encode())

        do_GET = do_POST = do_PUT = do_PATCH = respond  # noqa: N815 -- http.server's names

    with listening(Handler) as google.url:
        yield google
