"""Cloud Run: `gcloud run deploy --function` orders a build of the source and then makes or replaces a service."""

from typing import Any

from tests.e2e.gcp.apis.revisions import Package, start
from tests.e2e.gcp.apis.state import Call, Google, Json, Refused, Routes, policy, set_policy

SWITCHED_OFF = (
    "Cloud Run Admin API has not been used in project 1 before or it is disabled. Enable it by visiting "
    "https://console.developers.google.com/apis/api/run.googleapis.com/overview?project=1 then retry."
)
BUILD = "type.googleapis.com/google.devtools.cloudbuild.v1.Build"


def build(google: Google, call: Call) -> Json:
    """Accepts an order for a build. `built` returns its result."""
    google.builds.append(call.json)
    name, project = f"{call.name}/builds/1", call.name.split("/")[1]
    made = {"name": name, "id": "1", "projectId": project, "logUrl": "https://logs.example"}
    metadata = {"@type": f"{BUILD}OperationMetadata", "build": made}
    return {"buildOperation": {"name": f"{call.name}/operations/1", "metadata": metadata}, "baseImageUri": "python313"}


def built(google: Google, call: Call) -> Json:
    if google.build_failure:
        return {"name": call.name, "done": True, "error": {"code": 2, "message": google.build_failure}}
    images = {"images": [{"name": "sizewise", "digest": "sha256:0"}]}
    made = {
        "@type": BUILD,
        "name": call.name.replace("/operations/", "/builds/"),
        "id": "1",
        "status": "SUCCESS",
        "results": images,
    }
    return {"name": call.name, "done": True, "response": made}


def replace_service(google: Google, call: Call) -> Json:
    """Starts the source that the service's annotations name."""
    annotations = call.json["metadata"]["annotations"]
    place = annotations["run.googleapis.com/build-name"].partition("/builds/")[0]
    name = f"{place}/services/{call.json['metadata']['name']}"
    source = annotations["run.googleapis.com/build-source-location"].removeprefix("gs://").rpartition("#")[0]
    bucket, _, key = source.partition("/")
    variables = call.json["spec"]["template"]["spec"]["containers"][0].get("env", [])
    google.source = google.emulator.client.bucket(bucket).blob(key).download_as_bytes()
    package = Package(
        google.source,
        annotations["run.googleapis.com/build-function-target"],
        {variable["name"]: variable["value"] for variable in variables if "value" in variable},
        {variable["name"]: secret(variable) for variable in variables if "valueFrom" in variable},
    )
    failure = start(google, name, package)
    ready = {"type": "Ready", "status": "False" if failure else "True", "message": failure}
    status: dict[str, Any] = {"conditions": [ready], "observedGeneration": 1, "latestReadyRevisionName": "sizewise-1"}
    if name in google.revisions:
        status["url"] = google.revisions[name].server.match[1]
        status["traffic"] = [{"percent": 100, "latestRevision": True, "revisionName": "sizewise-1"}]
    metadata = {**call.json["metadata"], "generation": 1, "resourceVersion": "1"}
    google.run_services[metadata["name"]] = {**call.json, "metadata": metadata, "status": status}
    return google.run_services[metadata["name"]]


def service(google: Google, call: Call) -> Json | None:
    if "run.googleapis.com" not in google.services:
        raise Refused(403, SWITCHED_OFF)
    return google.run_services.get(call.name)


def delete_service(google: Google, call: Call) -> Json | None:
    if google.run_services.pop(call.name, None) is None:
        return None
    for name in [name for name in google.revisions if name.endswith(f"/services/{call.name}")]:
        google.revisions.pop(name).stack.close()
    google.policies.pop(call.name, None)
    return {"status": "Success"}


def delete_images(_: Google, call: Call) -> Json:
    return {"name": f"{call.name}/operations/1", "done": True, "response": {}}


def secret(variable: Json) -> tuple[str, str]:
    reference = variable["valueFrom"]["secretKeyRef"]
    return reference["name"], reference["key"]


PLACE = r"(projects/[^/]+/locations/[^/]+)"
POLICY = r"/v1/projects/[^/]+/locations/[^/]+/services/([^/]+):"
SERVICES = r"/apis/serving\.knative\.dev/v1/namespaces/[^/]+/services"
ROUTES: Routes = [
    ("GET", rf"/v1/{PLACE}/repositories/cloud-run-source-deploy", lambda *_: {"format": "DOCKER"}),
    ("DELETE", rf"/v1/{PLACE}/repositories/cloud-run-source-deploy/packages/[^/]+", delete_images),
    ("POST", rf"/v2/{PLACE}/builds:submit", build),
    ("GET", rf"/v1/({PLACE[1:-1]}/operations/1)", built),
    ("POST", SERVICES, replace_service),
    ("PUT", SERVICES + r"/[^/]+", replace_service),
    ("GET", SERVICES + r"/([^/]+)", service),
    ("DELETE", SERVICES + r"/([^/]+)", delete_service),
    ("GET", POLICY + "getIamPolicy", policy),
    ("POST", POLICY + "setIamPolicy", set_policy),
]
