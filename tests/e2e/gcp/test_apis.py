"""The life of a deployment as gcloud shows it: what is deployed serves, is replaced, logs, fails, and is deleted."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.e2e.gcp.apis.state import Google, Json, Refused
from tests.e2e.gcp.conftest import GCP, Attempt, Run
from tests.e2e.gcp.site import deployed
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT

PROJECT = "--project=my-project"
PLACE = (PROJECT, "--region=europe-west1")
KEY = "gs://my-project-originals/albums/cat.jpg"
BUCKETS = ("gs://my-project-originals", "gs://my-project-variants")
BUILDER = "build@my-project.iam.gserviceaccount.com"
SERVICE = 'resource.type="cloud_run_revision" AND resource.labels.service_name="sizewise"'

Deploying = Callable[..., tuple[str, ...]]


@pytest.fixture
def deploying(tmp_path: Path) -> Deploying:
    """The command that deploys under settings, beside the two buckets."""

    def command(*options: str, **settings: str) -> tuple[str, ...]:
        variables = tmp_path / "variables.json"
        names = {"ORIGINALS_BUCKET": "my-project-originals", "BUCKET": "my-project-variants", **settings}
        variables.write_text(json.dumps(names))
        files = (f"--flags-file={GCP / 'function.yaml'}", f"--env-vars-file={variables}")
        builder = f"--build-service-account=projects/my-project/serviceAccounts/{BUILDER}"
        return "gcloud", "run", "deploy", "sizewise", *files, builder, *PLACE, *options

    return command


@pytest.fixture
def buckets(google: Google, run: Run) -> None:
    """The two buckets, one picture in the originals', and the account that builds."""
    google.accounts[BUILDER] = {"email": BUILDER}
    run("gcloud", "storage", "buckets", "create", *BUCKETS, PROJECT)
    run("gcloud", "storage", "cp", "samples/albums/cat.jpg", KEY)


@pytest.mark.usefixtures("buckets")
def test_a_deployed_function_serves_at_its_address_until_it_is_replaced_or_deleted(
    run: Run, attempt: Attempt, deploying: Deploying
) -> None:
    describe = ("gcloud", "run", "services", "describe", "sizewise", *PLACE, "--format=json")
    first = attempt(*deploying("--clear-secrets", "--format=value(status.url)")).stdout.strip()
    assert httpx.get(f"{first}/300x200/albums/cat.jpg").status_code == 301
    run(*deploying("--max-instances=7", MAX_SIDE="200"))
    second = json.loads(run(*describe))
    assert second["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/maxScale"] == "7"
    address = second["status"]["url"]
    assert httpx.get(f"{address}/300x200/albums/cat.jpg").status_code == 403
    with pytest.raises(httpx.ConnectError):
        httpx.get(first)
    run("gcloud", "run", "services", "delete", "sizewise", *PLACE, "--quiet")
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    assert "Cannot find service" in attempt(*describe).stderr


@pytest.mark.usefixtures("buckets")
def test_a_bucket_that_holds_anything_is_not_deleted(google: Google, run: Run, attempt: Attempt) -> None:
    assert google.emulator.client.bucket("my-project-originals").blob("albums/cat.jpg").download_as_bytes() == CAT
    refused = attempt("gcloud", "storage", "buckets", "delete", BUCKETS[0])
    assert (refused.returncode, "Bucket is not empty" in refused.stderr) == (1, True)
    listing = ("gcloud", "storage", "objects", "list", f"{BUCKETS[0]}/**", "--limit=1", "--format=value(name)")
    assert run(*listing) == "albums/cat.jpg\n"
    run("gcloud", "storage", "rm", KEY)
    assert run(*listing) == ""
    run("gcloud", "storage", "buckets", "delete", BUCKETS[0])
    assert list(google.buckets) == ["my-project-variants"]


@pytest.mark.usefixtures("buckets")
def test_a_secret_reaches_the_function_until_it_is_cleared(google: Google, run: Run, deploying: Deploying) -> None:
    google.secrets["keys"] = [b"a-key-of-at-least-sixteen-bytes"]
    for option, count in (("--set-secrets=SIGNING_KEYS=keys:1", 1), ("--max-instances=7", 1), ("--clear-secrets", 0)):
        run(*deploying(option, WIDTHS="250"))
        with deployed(google) as site:
            assert f'"signing_keys": {count}' in site.log()


@pytest.mark.usefixtures("buckets")
def test_the_logs_have_the_requests_since_a_moment_in_their_order(
    google: Google, run: Run, deploying: Deploying
) -> None:
    def read(words: str, *options: str) -> list[Json]:
        entries = run("gcloud", "logging", "read", words, PROJECT, "--format=json", *options)
        return list(json.loads(entries))

    run(*deploying())
    with deployed(google) as site:
        for size in ("300x200", "banana"):
            site.ask(f"/{size}/albums/cat.jpg")
        assert site.server.printed(1, "banana")
    requests = f'{SERVICE} AND jsonPayload.message="request"'
    fine, bad = read(requests, "--order=asc")
    assert fine["httpRequest"] == {**fine["httpRequest"], "status": 301}
    assert read(requests, "--limit=1", "--freshness=1h") == [bad]
    assert read(f'{requests} AND timestamp>"{fine["timestamp"]}"') == [bad]
    assert read(f"{requests} AND severity>=ERROR") == []
    assert read('resource.labels.service_name="another"') == []


@pytest.mark.usefixtures("buckets")
def test_what_fails_to_build_or_to_start_says_so_and_leaves_what_serves(
    google: Google, run: Run, attempt: Attempt, deploying: Deploying
) -> None:
    run(*deploying())
    google.build_failure = "no such runtime"
    failed = attempt(*deploying(QUALITY="70"))
    assert (failed.returncode, "no such runtime" in failed.stderr) == (1, True)
    google.build_failure = ""
    failed = attempt(*deploying(QUALITY="many"))
    assert (failed.returncode, "failed to start" in failed.stderr) == (1, True)
    assert "QUALITY='many' is not" in run("gcloud", "logging", "read", SERVICE, PROJECT, "--format=value(textPayload)")
    with deployed(google) as site:
        assert site.ask("/300x200/albums/cat.jpg").status_code == 301


def test_a_project_that_is_not_there_and_a_name_that_is_taken_are_refused(google: Google, attempt: Attempt) -> None:
    google.refusals["GET /v1/projects/nobody"] = Refused(403, "The caller does not have permission")
    google.refusals["POST /storage/v1/b"] = Refused(409, "The requested bucket name is not available.")
    project = attempt("gcloud", "projects", "describe", "nobody")
    assert (project.returncode, "The caller does not have permission" in project.stderr) == (1, True)
    bucket = attempt("gcloud", "storage", "buckets", "create", BUCKETS[0], PROJECT)
    assert (bucket.returncode, "not available" in bucket.stderr) == (1, True)


def test_an_account_and_a_secret_are_made_once_and_deleted(google: Google, run: Run, attempt: Attempt) -> None:
    email = "sizewise@my-project.iam.gserviceaccount.com"
    make = ("gcloud", "iam", "service-accounts", "create", "sizewise", PROJECT)
    run(*make)
    assert attempt(*make).returncode == 1
    run("gcloud", "iam", "service-accounts", "delete", email, PROJECT, "--quiet")
    run("gcloud", "secrets", "create", "keys", PROJECT, f"--data-file={ROOT / 'LICENSE'}")
    run("gcloud", "secrets", "delete", "keys", PROJECT, "--quiet")
    assert (google.accounts, google.secrets) == ({}, {})
