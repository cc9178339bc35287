"""Secret Manager."""

import base64

from tests.e2e.gcp.apis.state import Call, Google, Json, Routes, policy, set_policy


def held(google: Google, secret: str, number: str) -> bytes | None:
    """The data of a version of a secret."""
    versions = dict(enumerate(google.secrets.get(secret, []), start=1))
    return versions.get(len(versions) if number == "latest" else int(number))


def add_secret(google: Google, call: Call) -> Json:
    name = call.query["secretId"][0]
    google.secrets[name] = []
    return {"name": f"{call.name}/{name}"}


def delete_secret(google: Google, call: Call) -> Json | None:
    return None if google.secrets.pop(call.name, None) is None else {}


def add_version(google: Google, call: Call) -> Json | None:
    versions = google.secrets.get(call.name)
    if versions is None:
        return None
    versions.append(base64.b64decode(call.json["payload"]["data"]))
    name = f"projects/1/secrets/{call.name}/versions/{len(versions)}"
    return {"name": name, "clientSpecifiedPayloadChecksum": "dataCrc32c" in call.json["payload"]}


def versions(google: Google, call: Call) -> Json:
    count = len(google.secrets.get(call.name, []))
    names = (f"projects/1/secrets/{call.name}/versions/{number}" for number in range(count, 0, -1))
    return {"versions": [{"name": name, "state": "ENABLED"} for name in names]}


def version(google: Google, call: Call) -> Json | None:
    data = held(google, *call.name.split("/versions/"))
    return None if data is None else {"name": f"projects/1/secrets/{call.name}", "state": "ENABLED"}


def access(google: Google, call: Call) -> Json | None:
    data = held(google, *call.name.split("/versions/"))
    return None if data is None else {"payload": {"data": base64.b64encode(data).decode()}}


MANAGER = r"/v1/projects/[^/]+/secrets/"
ROUTES: Routes = [
    ("POST", r"/v1/(projects/[^/]+/secrets)", add_secret),
    ("GET", MANAGER + r"([^/:]+)", lambda google, call: {"name": call.name} if call.name in google.secrets else None),
    ("DELETE", MANAGER + r"([^/:]+)", delete_secret),
    ("POST", MANAGER + r"([^/]+):addVersion", add_version),
    ("GET", MANAGER + r"([^/]+)/versions", versions),
    ("GET", MANAGER + r"([^/]+/versions/\d+)", version),
    ("GET", MANAGER + r"([^/]+/versions/\w+):access", access),
    ("GET", MANAGER + r"([^/]+):getIamPolicy", policy),
    ("POST", MANAGER + r"([^/]+):setIamPolicy", set_policy),
]
