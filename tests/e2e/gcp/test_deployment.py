"""A deployment's whole life, from the example file: `deploy`, `info`, `logs`, `remove`, as a user runs them."""

import re
import zipfile
from copy import deepcopy
from io import BytesIO

import pytest

from tests.e2e.conformance import chain
from tests.e2e.deployment import RecordProperty
from tests.e2e.gcp.apis.state import Google, Json, Refused
from tests.e2e.gcp.conftest import GRANTS, ON_BUCKETS, ORIGINALS, VARIANTS, Run, readme_command
from tests.e2e.gcp.site import deployed
from tests.support.deploying import Checkout, shown
from tests.support.pictures.samples import CAT
from tools.deployment import gcloud
from tools.deployment.first_picture import ORIGINAL, PICTURE

SERVICES = {"artifactregistry", "cloudbuild", "cloudresourcemanager", "iam", "logging", "run", "storage"}


def made(google: Google) -> Json:
    """All that a deployment makes, but for its pictures."""
    state = (google.accounts, google.buckets, google.policies, google.run_services, google.secrets, google.services)
    return {"state": deepcopy(state), "builds": len(google.builds)}


def test_from_the_example_to_a_first_picture_and_away_again(
    google: Google, checkout: Checkout, run: Run, record_property: RecordProperty
) -> None:
    file = checkout.write("gcp")
    printed = checkout.done("deploy", file, "--yes")
    record_property("chain", printed)
    assert f"{file}: Google Cloud, europe-west1, project my-project, function sizewise, as " in printed
    address = shown(printed, "address")
    assert f"miss: 301 from {address}/600x/sizewise-check/sunset.jpg" in printed
    assert f"hit: 301 from {address}/600x/sizewise-check/sunset.jpg" in printed
    assert (shown(printed, "originals"), shown(printed, "variants")) == (f"gs://{ORIGINALS}", f"gs://{VARIANTS}")
    assert shown(printed, "limits") == "20 instances at once, 2Gi each"
    assert google.granted() == GRANTS
    assert google.services == {f"{name}.googleapis.com" for name in SERVICES}
    originals, variants = (google.buckets[name] for name in (ORIGINALS, VARIANTS))
    for bucket in (originals, variants):
        assert bucket["iamConfiguration"]["uniformBucketLevelAccess"] == {"enabled": True}
        assert bucket["location"] == "europe-west1"
    assert originals["iamConfiguration"]["publicAccessPrevention"] == "enforced"
    assert variants["cors"][0]["origin"] == ["*"]

    with deployed(google) as site:
        assert site.keys() == set(), "the sample picture is deleted again"
        run(*readme_command("gcloud storage cp").split())
        answer = site.ask("/301x/albums/cat.jpg")
        image = site.follow(answer)
        assert (answer.status_code, image.headers["content-type"]) == (301, "image/jpeg")
        record_property("chain", chain("/301x/albums/cat.jpg", answer, image))

    # A setting is changed, and a colleague's deployment keeps it, as it keeps what is not its own.
    checkout.write("gcp", settings='QUALITY = 40\nFORMAT = "webp"')
    changed = checkout.done("deploy", file, "--yes")
    assert "not tried: there are pictures already" in changed
    assert (shown(changed, "QUALITY"), shown(changed, "FORMAT")) == ("40", "webp")
    assert shown(changed, "version") == shown(printed, "version")
    with deployed(google) as site:
        assert site.follow(site.ask("/250x/albums/cat.jpg")).headers["content-type"] == "image/webp"
    google.buckets[ORIGINALS]["labels"] = {"mine": "stays"}
    before = made(google)
    again = checkout.done("deploy", file, "--yes")
    assert "unchanged" in again
    assert made(google) == before
    assert checkout.done("info", file).partition("\n")[2] == again[again.index("address") :]
    assert (shown(again, "QUALITY"), shown(again, "WIDTHS")) == ("40", "250,600,1200")

    with checkout.following(file) as log:
        (line,) = log.printed(1, '"key": "250x/albums/cat.jpg"')
    assert '"severity": "INFO"' in line
    assert '"status": 301' in line
    assert not [line for line in log.lines if line.endswith(" {}")]

    annotations = google.run_services["sizewise"]["metadata"]["annotations"]
    left = checkout.done("remove", file, "--yes")
    assert f"`gcloud artifacts docker images delete {annotations['run.googleapis.com/build-image-uri']} " in left
    assert f"left, as it holds pictures: gs://{ORIGINALS}. `gcloud storage rm -r gs://{ORIGINALS}` deletes it" in left
    assert google.emulator.client.bucket(ORIGINALS).blob("albums/cat.jpg").download_as_bytes() == CAT
    assert (google.run_services, google.accounts, google.granted()) == ({}, {}, ON_BUCKETS)
    assert checkout.refused("info", file).endswith("nothing is deployed there")
    assert "not there" in checkout.done("remove", file, "--yes")
    for command in re.findall("`(gcloud .*?)`", left):
        run(*command.split(), "--project=my-project", "--quiet")
    assert list(google.buckets) == ["run-sources-my-project-europe-west1"]
    assert not list(google.emulator.client.list_blobs("run-sources-my-project-europe-west1"))


def test_whatever_stops_a_deployment_the_same_command_goes_on_to_the_staged_package_under_its_limits(
    google: Google, checkout: Checkout
) -> None:
    facts = 'name = "thumbnails"\nbucket = "shown"\noriginals_bucket = "kept"\nmax_instances = 7'
    file = checkout.write("gcp", facts)
    for refused, permission, step in (
        ("POST /storage/v1/b", "storage.buckets.create", "3 of 6"),
        ("POST /v1/.*/thumbnails:setIamPolicy", "run.services.setIamPolicy", "5 of 6"),
    ):
        google.refusals = {refused: Refused(403, f"Permission '{permission}' denied")}
        done = checkout.run("deploy", file, "--yes")
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert f"Error: Step {step} failed after" in done.stderr
        assert permission in done.stderr.partition("gcloud said:")[2]
        assert "Mend what gcloud names, or ask an owner of the project for it. Then give the same" in done.stderr
    google.refusals.clear()
    printed = checkout.done("deploy", file, "--yes")
    assert "unchanged" in printed, "the function itself was deployed, and is now opened"
    assert "the picture came twice" in printed
    assert shown(printed, "limits") == "7 instances at once, 2Gi each"
    check_what_is_deployed(google, checkout)

    google.build_failure = "Build failed with status: FAILURE"
    checkout.write("gcp", facts.replace("7", "3"))
    failed = checkout.run("deploy", file, "--yes")
    assert failed.returncode == 1
    assert "Error: Step 5 of 6 failed after" in failed.stderr
    assert google.build_failure in failed.stderr.partition("gcloud said:")[2]
    assert shown(checkout.done("info", file), "limits").startswith("7 instances")
    with deployed(google) as site:
        assert site.ask("/250x/nobody.jpg").status_code == 404
    checkout.write("gcp", facts.replace("shown", "moved"))
    assert "shown and kept. Their pictures would stay behind" in checkout.run("deploy", file, "--yes").stderr

    checkout.write("gcp", facts)
    assert "0 left" in checkout.done("remove", file, "--yes")
    assert (google.run_services, google.accounts, google.granted()) == ({}, {}, set())
    assert list(google.buckets) == ["run-sources-my-project-europe-west1"]


def check_what_is_deployed(google: Google, checkout: Checkout) -> None:
    """The staged package, by the accounts and under the limits that the file and function.yaml say."""
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
    assert not any("secret" in name for name in (*google.asked, *google.services))


def test_a_sample_is_deleted_although_no_variant_was_made_of_it(
    google: Google, cloud_sdk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in cloud_sdk.items():
        monkeypatch.setenv(name, value)
    client = google.emulator.client
    originals, variants = client.create_bucket("apart-originals"), client.create_bucket("apart-variants")
    store = gcloud.store(originals.name, variants.name, "my-project")
    assert store.is_empty()
    store.upload(ORIGINAL, PICTURE)
    assert not store.is_empty()
    store.delete(ORIGINAL, f"600x/{ORIGINAL}")
    assert not list(originals.list_blobs())
