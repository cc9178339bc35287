"""Deployments that fail half-way: a refused permission, a key that is too short, a failed build."""

import zipfile
from io import BytesIO

import pytest

from tests.e2e.gcp.apis.state import Google, Refused
from tests.e2e.gcp.conftest import KEYS
from tests.e2e.gcp.site import deployed
from tests.support.deploying import Checkout, shown
from tools.deployment import gcloud
from tools.deployment.errors import DeploymentError

FACTS = f"""name = "thumbnails"
bucket = "shown"
originals_bucket = "kept"
max_instances = 7
signing_keys = "{KEYS}:1"
"""
READER = (
    KEYS,
    "roles/secretmanager.secretAccessor",
    "serviceAccount:thumbnails@my-project.iam.gserviceaccount.com",
)


def stopped(checkout: Checkout, file: str, step: str) -> str:
    """The message of gcloud when `deploy` failed at a step."""
    done = checkout.run("deploy", file, "--yes")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"Error: Step {step} failed after" in done.stderr
    assert "Fix what gcloud names, or ask an owner of the project for it. Then run the same" in done.stderr
    return done.stderr.partition("gcloud said:")[2]


def test_a_deployment_that_failed_is_completed_by_the_same_command(google: Google, checkout: Checkout) -> None:
    google.secrets[KEYS] = [b"too-short"]
    file = checkout.write("gcp", FACTS)
    google.refusals["POST /storage/v1/b"] = Refused(403, "Permission 'storage.buckets.create' denied")
    assert "storage.buckets.create" in stopped(checkout, file, "3 of 7")
    google.refusals.clear()

    assert "failed to start" in stopped(checkout, file, "6 of 7")
    assert shown(checkout.done("info", file), "address") == "none: it was never ready to serve"
    with checkout.following(file) as log:
        assert log.printed(1, "SIGNING_KEYS is not a list of keys")
        assert not log.printed(0, "too-short")
    google.secrets[KEYS] = [b"a-key-that-is-long-enough"]

    opening = "POST /v1/.*/thumbnails:setIamPolicy"
    google.refusals[opening] = Refused(403, "Permission 'run.services.setIamPolicy' denied")
    assert "run.services.setIamPolicy" in stopped(checkout, file, "6 of 7")
    google.refusals.clear()
    printed = checkout.done("deploy", file, "--yes")
    assert "unchanged" in printed, "the function was already deployed, and only had to become public"
    assert "the picture came twice" in printed
    assert shown(printed, "limits") == "7 instances at once, 2Gi each"
    assert ("thumbnails", "roles/run.invoker", "allUsers") in google.granted()
    assert READER in google.granted()
    check_what_is_deployed(google, checkout)

    google.build_failure = "Build failed with status: FAILURE"
    checkout.write("gcp", FACTS.replace("7", "3"))
    assert google.build_failure in stopped(checkout, file, "6 of 7")
    check_what_is_deployed(google, checkout)
    with deployed(google) as site:
        assert site.ask("/250x/nobody.jpg").status_code == 404

    checkout.write("gcp", FACTS)
    left = checkout.done("remove", file, "--yes")
    assert "0 left" in left
    assert f"left: the secret {KEYS}. To delete: `gcloud secrets delete {KEYS} --project=my-project`" in left
    assert (google.run_services, google.accounts, google.granted()) == ({}, {}, {READER})
    assert google.secrets[KEYS] == [b"a-key-that-is-long-enough"]
    assert list(google.buckets) == ["run-sources-my-project-europe-west1"]


def check_what_is_deployed(google: Google, checkout: Checkout) -> None:
    """Expects the staged package with the accounts and limits of the file and of function.yaml."""
    order = google.builds[-1]
    assert order["buildpackBuild"]["baseImage"] == "python313"
    builder = "projects/my-project/serviceAccounts/thumbnails-build@my-project.iam.gserviceaccount.com"
    assert order["serviceAccount"] == builder
    template = google.run_services["thumbnails"]["spec"]["template"]
    assert template["metadata"]["annotations"]["autoscaling.knative.dev/maxScale"] == "7"
    spec = template["spec"]
    assert spec["serviceAccountName"] == "thumbnails@my-project.iam.gserviceaccount.com"
    assert (spec["containerConcurrency"], spec["timeoutSeconds"]) == (8, 60)
    (container,) = spec["containers"]
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "2Gi"}
    assert {"name": "THREADS", "value": "8"} in container["env"]
    with zipfile.ZipFile(BytesIO(google.source)) as source:
        uploaded = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
    staged = checkout.folder / "build" / "gcp"
    files = {path.relative_to(staged).as_posix(): path for path in staged.rglob("*") if path.is_file()}
    assert uploaded == {name: path.read_bytes() for name, path in files.items()}


@pytest.mark.usefixtures("here")
def test_a_missing_version_of_the_keys_is_refused_and_not_made(google: Google) -> None:
    google.secrets[KEYS] = [b"a-key-that-is-long-enough"]
    with pytest.raises(
        DeploymentError, match=rf"^Secret Manager has no version 2 of {KEYS}: name an existing one in signing_keys\.$"
    ):
        gcloud.make_keys(KEYS, "2", "my-project")
    assert len(google.secrets[KEYS]) == 1
