"""Existing resources that are not Sizewise's are neither published nor replaced nor deleted."""

from copy import deepcopy
from pathlib import Path

import pytest

from cli.deployment_file import read
from tests.e2e.gcp.apis.state import Google, Json
from tests.e2e.gcp.conftest import ACCOUNT, ON_BUCKETS, ORIGINALS, VARIANTS, Run
from tests.support.deploying import written
from tools.deployment import cloud_run, gcp_buckets
from tools.deployment.cloud import deployment_of
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import ORIGINAL, PICTURE

WHERE = ("my-project", "europe-west1", ACCOUNT)


def service(**variables: str) -> Json:
    """A minimal Cloud Run service with these environment variables."""
    env = [{"name": name, "value": value} for name, value in variables.items()]
    place = {"name": "sizewise", "namespace": "1", "labels": {"cloud.googleapis.com/location": "europe-west1"}}
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": place,
        "spec": {"template": {"spec": {"containers": [{"image": "any", "env": env}]}}},
        "status": {"conditions": [], "url": "https://sizewise.example"},
    }


def bucket(google: Google, name: str, prevention: str, *keys: str) -> None:
    google.emulator.client.create_bucket(name)
    for key in keys:
        google.emulator.client.bucket(name).blob(key).upload_from_string(b"mine")
    google.buckets[name] = {"name": name, "iamConfiguration": {"publicAccessPrevention": prevention}}


@pytest.mark.usefixtures("here")
def test_a_bucket_with_objects_is_published_only_by_its_owner(google: Google, run: Run) -> None:
    bucket(google, "company-photos", "inherited", "board/minutes.pdf")
    before = deepcopy(google.buckets)
    with pytest.raises(DeploymentError, match="holds something that is not public") as raised:
        gcp_buckets.make_variants("company-photos", *WHERE, is_deployed=False)
    assert (google.granted(), google.buckets) == (set(), before)
    (command,) = [part for part in str(raised.value).split("`") if part.startswith("gcloud ")]
    run(*command.split())
    assert google.granted() == {("company-photos", "roles/storage.legacyObjectReader", "allUsers")}


@pytest.mark.usefixtures("here")
def test_a_bucket_that_may_be_public_is_not_used_for_originals(google: Google, run: Run) -> None:
    bucket(google, "company-photos", "inherited")
    with pytest.raises(DeploymentError, match="exists, and it is not closed to the public") as raised:
        gcp_buckets.make_originals("company-photos", *WHERE, is_deployed=False)
    assert google.granted() == set()
    (command,) = [part for part in str(raised.value).split("`") if part.startswith("gcloud ")]
    run(*command.split())
    gcp_buckets.make_originals("company-photos", *WHERE, is_deployed=False)
    assert google.granted() == {("company-photos", "roles/storage.objectViewer", ACCOUNT)}


@pytest.mark.usefixtures("here")
def test_roles_are_granted_again_only_to_a_new_account(google: Google) -> None:
    bucket(google, ORIGINALS, "enforced", "cat.jpg")
    bucket(google, VARIANTS, "inherited", "300x/cat.jpg")
    for name, role, member in ON_BUCKETS:
        google.policies.setdefault(name, {"bindings": []})["bindings"].append({"role": role, "members": [member]})
    gcp_buckets.make_originals(ORIGINALS, *WHERE, is_deployed=True)
    gcp_buckets.make_variants(VARIANTS, *WHERE, is_deployed=True)
    assert not any(asked.startswith("PUT ") for asked in google.asked)
    gcp_buckets.make_originals(ORIGINALS, *WHERE, is_deployed=False)
    assert f"PUT /storage/v1/b/{ORIGINALS}/iam" in google.asked
    assert google.granted() == ON_BUCKETS


def refused(google: Google, folder: Path, command: str) -> str:
    """The message of one line with which a command refuses before it changes anything."""
    (folder / "mine.toml").write_text(written("gcp"))
    deployment = deployment_of(read(folder / "mine.toml"))
    act = {"deploy": deployment.deploying, "info": deployment.info, "remove": deployment.removing}[command]
    with pytest.raises(DeploymentError) as raised:
        act()
    assert all(asked.startswith("GET ") for asked in google.asked)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("command", ["deploy", "info", "remove"])
def test_somebody_elses_service_is_neither_replaced_nor_deleted_nor_shown(
    google: Google, tmp_path: Path, command: str
) -> None:
    google.services.add("run.googleapis.com")
    google.run_services["sizewise"] = service(THEIRS="not to be shown")
    assert refused(google, tmp_path, command) == (
        "the Cloud Run service sizewise exists, but it has no SIZEWISE_VERSION, so `deploy` did not make it: "
        "choose another name"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("command", ["deploy", "remove"])
def test_a_bucket_other_than_the_deployments_is_refused_before_anything_is_done(
    google: Google, tmp_path: Path, command: str
) -> None:
    google.services.add("run.googleapis.com")
    google.run_services["sizewise"] = service(SIZEWISE_VERSION="0.1.0+1", BUCKET="shown")
    said = f"bucket and originals_bucket differ from the deployment's, shown and {ORIGINALS}. "
    assert refused(google, tmp_path, command).startswith(said)


@pytest.mark.usefixtures("here")
def test_nothing_is_deployed_if_cloud_run_was_never_enabled(google: Google, tmp_path: Path) -> None:
    assert refused(google, tmp_path, "info").endswith("function sizewise: nothing is deployed there")


def test_info_names_limits_that_are_cloud_runs_defaults() -> None:
    said = "Cloud Run's default number of instances at once, Cloud Run's default memory each"
    assert cloud_run.limits(service()) == said


@pytest.mark.usefixtures("here")
def test_the_sample_is_deleted_even_if_it_has_no_variant(google: Google) -> None:
    client = google.emulator.client
    originals, variants = client.create_bucket("apart-originals"), client.create_bucket("apart-variants")
    store = gcp_buckets.store(originals.name, variants.name, "my-project")
    assert store.is_empty()
    store.upload(ORIGINAL, PICTURE)
    assert not store.is_empty()
    store.delete(ORIGINAL, f"600x/{ORIGINAL}")
    assert not list(originals.list_blobs())
