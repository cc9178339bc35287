"""A deployment from the example file to its removal: `deploy`, `info`, `logs` and `remove`, run as by a user."""

import re
from copy import deepcopy

from tests.e2e.answers import chain
from tests.e2e.deployment import RecordProperty
from tests.e2e.gcp.apis.state import Google, Json
from tests.e2e.gcp.conftest import GRANTS, ON_BUCKETS, ORIGINALS, VARIANTS, Run, readme_command
from tests.e2e.gcp.site import deployed
from tests.support.deploying import Checkout, shown
from tests.support.pictures.samples import CAT

SERVICES = {"artifactregistry", "cloudbuild", "cloudresourcemanager", "iam", "logging", "run", "storage"}


def made(google: Google) -> Json:
    """Everything that a deployment makes, except for its pictures."""
    state = (google.accounts, google.buckets, google.policies, google.run_services, google.secrets, google.services)
    return {"state": deepcopy(state), "builds": len(google.builds)}


def test_the_example_is_deployed_changed_and_removed(
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
        assert site.keys() == set(), "the sample picture was not deleted"
        run(*readme_command("gcloud storage cp").split())
        answer = site.ask("/301x/albums/cat.jpg")
        image = site.follow(answer)
        assert (answer.status_code, image.headers["content-type"]) == (301, "image/jpeg")
        record_property("chain", chain("/301x/albums/cat.jpg", answer, image))

    # A setting is changed. A colleague's deployment keeps it, and keeps what others have set.
    checkout.write("gcp", settings='QUALITY = 40\nFORMAT = "webp"')
    changed = checkout.done("deploy", file, "--yes")
    assert "not tried: there are originals already" in changed
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
    assert (
        f"left: gs://{ORIGINALS}, because it holds pictures. To delete: `gcloud storage rm -r gs://{ORIGINALS}`" in left
    )
    assert google.emulator.client.bucket(ORIGINALS).blob("albums/cat.jpg").download_as_bytes() == CAT
    assert (google.run_services, google.accounts, google.granted()) == ({}, {}, ON_BUCKETS)
    assert "not there" in checkout.done("remove", file, "--yes")
    assert not any("secret" in name for name in (*google.asked, *google.services))
    for command in re.findall("`(gcloud .*?)`", left):
        run(*command.split(), "--project=my-project", "--quiet")
    assert list(google.buckets) == ["run-sources-my-project-europe-west1"]
    assert not list(google.emulator.client.list_blobs("run-sources-my-project-europe-west1"))
