"""The manifest and the script around it, run by the real gcloud against APIs on loopback."""

import re
import subprocess
import zipfile
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from providers.gcp.client import SERVER_THREADS
from tests.e2e.conformance import chain
from tests.e2e.deployment import RecordProperty
from tests.e2e.gcp.apis.state import Google
from tests.e2e.gcp.conftest import GCP, GRANTS, MANIFEST, STAGED, Run, deployed
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT

DEPLOY = ("gcloud", "functions", "deploy", "sizewise", "--flags-file=providers/gcp/function.yaml")


def flag(name: str) -> str:
    """A flag's or a variable's value in the manifest."""
    found = re.search(rf'^ *{name}: "?([^"\n]*)"?$', MANIFEST, re.MULTILINE)
    assert found, name
    return found[1]


def test_setup_grants_no_more_than_is_needed_and_may_be_run_again(google: Google, run: Run) -> None:
    run("providers/gcp/setup.sh")
    assert list(google.accounts) == ["sizewise@my-project.iam.gserviceaccount.com"]
    assert list(google.buckets) == ["my-project-originals", "my-project-variants"]
    for bucket in google.buckets.values():
        assert bucket["iamConfiguration"]["uniformBucketLevelAccess"] == {"enabled": True}
        assert bucket["location"] == "europe-west1"
    assert google.buckets["my-project-originals"]["iamConfiguration"]["publicAccessPrevention"] == "enforced"
    assert google.buckets["my-project-variants"]["cors"][0]["origin"] == ["*"]
    # All of them, so that there is none on the project.
    assert google.granted() == GRANTS
    assert not any("secret" in name for name in (*google.asked, *google.services))
    assert {f"{api}.googleapis.com" for api in ("cloudfunctions", "run", "cloudbuild")} <= google.services
    google.buckets["my-project-originals"]["labels"] = {"mine": "stays"}
    before = deepcopy((google.accounts, google.buckets, google.granted(), google.services))
    asked = len(google.asked)
    run("providers/gcp/setup.sh")
    assert (google.accounts, google.buckets, google.granted(), google.services) == before
    made = [request for request in google.asked[asked:] if request.endswith(("/b", "/serviceAccounts"))]
    assert not made


def test_setup_says_which_name_is_missing(tmp_path: Path) -> None:
    flags = tmp_path / "flags.yaml"
    flags.write_text(re.sub(r"\n *ORIGINALS_BUCKET.*", "", MANIFEST))
    command = [str(GCP / "setup.sh"), str(flags)]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"setup.sh: {flags} has no ORIGINALS_BUCKET\n")


def test_the_deployed_function_is_the_staged_package_under_the_manifests_limits(google: Google, run: Run) -> None:
    run(*DEPLOY)
    (function,) = google.functions.values()
    assert function["buildConfig"]["runtime"] == "python313"
    service = function["serviceConfig"]
    assert service["serviceAccountEmail"] == "sizewise@my-project.iam.gserviceaccount.com"
    assert (service["maxInstanceCount"], service["maxInstanceRequestConcurrency"]) == (20, 8)
    assert (service["availableMemory"], service["availableCpu"], service["timeoutSeconds"]) == ("2Gi", "1", 60)
    invokers = {(role, member) for _, role, member in google.granted()}
    assert invokers == {("roles/run.invoker", "allUsers")}
    with zipfile.ZipFile(BytesIO(google.source)) as source:
        uploaded = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
    staged = {path.relative_to(STAGED).as_posix(): path for path in STAGED.rglob("*") if path.is_file()}
    assert uploaded == {name: path.read_bytes() for name, path in staged.items()}


def test_a_second_deployment_changes_the_function_that_is_there(google: Google, run: Run) -> None:
    run(*DEPLOY)
    run(*DEPLOY)
    changes = [request for request in google.asked if request.startswith(("POST /v2", "PATCH /v2"))]
    changes = [request for request in changes if not request.endswith(":generateUploadUrl")]
    place = "/v2/projects/my-project/locations/europe-west1/functions"
    assert changes == [f"POST {place}", f"PATCH {place}/sizewise"]


def test_what_gcloud_uploaded_answers_with_what_gcloud_configured(
    google: Google, run: Run, record_property: RecordProperty
) -> None:
    run("providers/gcp/setup.sh")
    run(*DEPLOY)
    with deployed(google) as site:
        site.put("albums/cat.jpg", CAT)
        answer = site.ask("/300x200/albums/cat.jpg")
        assert answer.headers["location"] == f"{google.emulator.url}/my-project-variants/300x200/albums/cat.jpg"
        image = site.follow(answer)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        record_property("chain", chain("/300x200/albums/cat.jpg", answer, image))


def test_as_many_threads_serve_as_cloud_run_sends_requests_at_once() -> None:
    assert flag("THREADS") == flag("--concurrency")
    assert int(flag("THREADS")) <= SERVER_THREADS


def test_a_page_of_a_hundred_new_pictures_is_not_kept_waiting_for_other_requests_to_end() -> None:
    assert int(flag("--max-instances")) * int(flag("--concurrency")) >= 100


def test_the_entry_point_is_in_the_package() -> None:
    assert f"\ndef {flag('--entry-point')}(" in (STAGED / "main.py").read_text()
    assert ROOT / flag("--source") == STAGED


def test_the_readme_says_what_is_run_here() -> None:
    readme = (GCP / "README.md").read_text()
    assert " ".join(DEPLOY) in readme
    assert "providers/gcp/setup.sh" in readme
