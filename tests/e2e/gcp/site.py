"""The harness of the conformance suite for the function and its two buckets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from google.api_core.exceptions import NotFound
from google.cloud.storage import Bucket

from core.storage import StoredObject
from tests.e2e.gcp.apis.state import Google
from tests.support.servers.processes import Server
from tools.deployment.cloud_run import variables


class GoogleSite:
    """Two buckets and the function in front of them; see `Deployment`."""

    def __init__(self, originals: Bucket, variants: Bucket, server: Server, client: httpx.Client) -> None:
        self.originals = originals
        self.variants = variants
        self.server = server
        self.url = server.match[1]
        self._client = client

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self._client.request(method, self.url, headers=headers, extensions={"target": target.encode()})

    def follow(self, response: httpx.Response) -> httpx.Response:
        # Unchanged: httpx would encode it again.
        location = urlsplit(response.headers["location"])
        origin = f"{location.scheme}://{location.netloc}"
        return self._client.get(origin, extensions={"target": location.path.encode()})

    def location(self, path: str) -> str:
        return f"{self.variants.client.api_endpoint}/{self.variants.name}/{path}"

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        blob = self.originals.blob(key)
        blob.metadata = {"focal": focal} if focal else None
        blob.upload_from_string(data)

    def stored(self, key: str) -> StoredObject | None:
        blob = self.variants.blob(key)
        try:
            data = blob.download_as_bytes()
        except NotFound:
            return None
        blob.reload()
        return StoredObject(blob.etag, blob.content_type, blob.cache_control, blob.metadata, data)

    def delete(self, key: str) -> None:
        self.variants.blob(key).delete()

    def keys(self) -> set[str]:
        return {blob.name for bucket in (self.originals, self.variants) for blob in bucket.list_blobs()}

    def log(self) -> str:
        return "\n".join(self.server.lines)


@contextmanager
def deployed(google: Google) -> Iterator[GoogleSite]:
    """The function that gcloud deployed, with the buckets that its settings name."""
    (service,) = google.run_services.values()
    (revision,) = google.revisions.values()
    env, client = variables(service), google.emulator.client
    originals, variants = client.bucket(env["ORIGINALS_BUCKET"]), client.bucket(env["BUCKET"])
    with httpx.Client(timeout=60) as http:
        yield GoogleSite(originals, variants, revision.server, http)
