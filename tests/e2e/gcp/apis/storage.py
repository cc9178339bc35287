"""Cloud Storage: buckets exist here, with all properties that gcloud sets, and in the emulator.

Requests for objects go to the emulator unchanged.
"""

import re
from dataclasses import dataclass

import httpx

from tests.e2e.gcp.apis.state import Call, Google, Json, Refused, Routes, policy, set_policy

OBJECTS = re.compile(r"(?:/resumable)?(?:/upload|/download)?/storage/v1/b/[^/]+/o(?:/.*)?")
RELAYED = ("content-range", "range", "x-goog-", "x-upload-")
"""The first characters of headers that pass in both directions, in addition to Location of a resumable upload."""


@dataclass(frozen=True)
class Relayed:
    """The emulator's answer."""

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str]


def passing(headers: dict[str, str], *more: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower().startswith((*RELAYED, *more))}


def relay(google: Google, method: str, target: str, headers: dict[str, str], body: bytes) -> Relayed:
    """Sends the same request to the emulator; later parts of a resumable upload go there directly."""
    url = google.emulator.url + target
    answer = httpx.request(method, url, headers=passing(headers, "content-type"), content=body, timeout=60)
    if method == "DELETE" and answer.is_success:  # The emulator answers 200 and `null`, which gcloud rejects.
        return Relayed(204, b"", "application/json", {})
    content_type = answer.headers.get("content-type", "application/json")
    return Relayed(answer.status_code, answer.content, content_type, passing(dict(answer.headers), "location"))


def add_bucket(google: Google, call: Call) -> Json:
    name = call.json["name"]
    if name in google.buckets:
        raise Refused(409, "Your previous request to create the named bucket succeeded and you already own it.")
    google.emulator.client.create_bucket(name)
    google.buckets[name] = {**call.json, "kind": "storage#bucket", "id": name, "metageneration": "1"}
    return google.buckets[name]


def change_bucket(google: Google, call: Call) -> Json | None:
    bucket = google.buckets.get(call.name)
    if bucket is not None:
        bucket.update(call.json)
    return bucket


def delete_bucket(google: Google, call: Call) -> Json | None:
    if call.name not in google.buckets:
        return None
    bucket = google.emulator.client.bucket(call.name)
    if any(bucket.list_blobs(max_results=1)):
        raise Refused(409, "The bucket you tried to delete is not empty.")
    bucket.delete()
    del google.buckets[call.name]
    google.policies.pop(call.name, None)
    return {}


BUCKET = r"/storage/v1/b/([^/]+)"
ROUTES: Routes = [
    ("POST", r"/storage/v1/b", add_bucket),
    ("GET", r"/storage/v1/b", lambda google, _: {"items": list(google.buckets.values())}),
    ("GET", BUCKET, lambda google, call: google.buckets.get(call.name)),
    ("PATCH", BUCKET, change_bucket),
    ("DELETE", BUCKET, delete_bucket),
    ("GET", BUCKET + "/storageLayout", lambda *_: {"hierarchicalNamespace": {"enabled": False}}),
    ("GET", BUCKET + "/(?:managedFolders|folders)", lambda *_: {"items": []}),
    ("GET", BUCKET + "/iam", policy),
    ("PUT", BUCKET + "/iam", set_policy),
]
