"""Mistakes in a deployment's file, and other obstacles to a deployment: one line says what to do."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.e2e.gcp.apis.state import Google, Refused
from tests.support.deploying import Checkout, refusal, written
from tools.deployment import gcloud
from tools.deployment.errors import DeploymentError


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("regoin = 1", "regoin is not known here. Did you mean region? It takes a region of Google Cloud, such as"),
        ('stage = "prod"', "stage is not known here. "),
        ("memory = 2048", "memory is not known here. "),
        ('max_instances = "20"', "max_instances = '20' is not a whole number from 1 to 1000"),
        ("max_instances = true", "max_instances = true is not a whole number from 1 to 1000"),
        ("max_instances = 0", "max_instances = 0 is not a whole number from 1 to 1000"),
        ('name = "resize"\nbucket = "B"', "bucket = 'B' is not a bucket's name"),
        ('name = "size"', "name = 'size' is not 6 to 24 lower-case letters, digits and hyphens"),
        ('signing_keys = "sizewise-keys"', "signing_keys = 'sizewise-keys' is not the name and version of a secret"),
        ('signing_keys = "sizewise-keys:latest"', "is not the name and version of a secret, such as"),
        ('bucket = "a-b-c"\noriginals_bucket = "a-b-c"', "originals_bucket is the same as bucket"),
    ],
)
def test_an_invalid_fact_is_named_with_what_would_be_right(tmp_path: Path, facts: str, said: str) -> None:
    assert said in refusal(tmp_path, written("gcp", facts))


def test_buckets_need_names_if_the_default_names_would_be_too_long(tmp_path: Path) -> None:
    long = written("gcp", 'name = "sizewise-of-our-website"').replace("my-project", "a-project-with-a-long-name-123")
    assert "bucket and originals_bucket are needed: " in refusal(tmp_path, long)


def test_a_project_is_needed(tmp_path: Path) -> None:
    assert "project is missing: it takes a project's ID, such as my-project" in refusal(
        tmp_path, written("gcp").replace('project = "my-project"\n', "")
    )


@pytest.mark.parametrize(
    ("facts", "settings", "said"),
    [
        ("max_instances = 0", "", "max_instances = 0 is not a whole number from 1 to 1000"),
        ("", "QUALITY = 700", "QUALITY='700' is not a whole number from 1 to 100"),
    ],
)
def test_a_mistake_ends_the_command_in_one_line(
    google: Google, checkout: Checkout, facts: str, settings: str, said: str
) -> None:
    line = checkout.refused("deploy", checkout.write("gcp", facts, settings), "--yes")
    assert line == f"Error: deployments/mine.toml: {said}"
    assert google.asked == []


def test_without_gcloud_it_says_where_to_get_it(checkout: Checkout) -> None:
    line = checkout.refused("deploy", checkout.write("gcp"), "--yes", env={"PATH": checkout.path_without("gcloud")})
    assert line == (
        "Error: gcloud is not installed: install the Google Cloud CLI, https://cloud.google.com/sdk/docs/install"
    )


@pytest.mark.parametrize("command", ["deploy", "info", "logs", "remove"])
def test_without_a_login_it_says_how_to_log_in(google: Google, checkout: Checkout, command: str) -> None:
    nobody = {"CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "false"}
    words = ["--yes"] if command in ("deploy", "remove") else []
    line = checkout.refused(command, checkout.write("gcp"), *words, env=nobody)
    assert line == "Error: gcloud is not logged in: run `gcloud auth login`"
    assert google.asked == []


@pytest.mark.parametrize(
    ("status", "message", "said"),
    [
        (403, "The caller does not have permission", "does not have permission to access projects instance"),
        (404, "Project not found: my-project", "Projects instance [my-project] not found: Project not found"),
    ],
)
def test_a_missing_or_forbidden_project_is_named(
    google: Google, checkout: Checkout, status: int, message: str, said: str
) -> None:
    google.refusals["GET /v1/projects/my-project"] = Refused(status, message)
    line = checkout.refused("deploy", checkout.write("gcp"), "--yes")
    assert line.startswith("Error: project = 'my-project' can't be used: ")
    assert said in line
    assert message in line
    assert "disable_credentials" not in line


@pytest.mark.parametrize(
    ("printed", "said"),
    [("ERROR: no network", "ERROR: no network"), ("ERROR: (gcloud.projects.describe) Quota. This command is", "Quota")],
)
def test_any_other_error_of_gcloud_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, said: str
) -> None:
    (tmp_path / "gcloud").write_text(f"#!/bin/sh\necho '{printed}' >&2\nexit 1\n")
    (tmp_path / "gcloud").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(DeploymentError) as raised:
        gcloud.check_project("my-project")
    assert str(raised.value) == f"project = 'my-project' can't be used: {said}"


def test_nothing_is_done_if_nobody_can_confirm_it(google: Google, checkout: Checkout) -> None:
    assert checkout.refused("deploy", checkout.write("gcp")).startswith("Error: Nothing was done: there is no terminal")
    assert all(asked.startswith("GET ") for asked in google.asked)


def test_remove_without_the_right_to_look_does_not_say_that_nothing_is_deployed(
    google: Google, checkout: Checkout
) -> None:
    google.refusals["GET /apis/.*"] = Refused(403, "Permission 'run.services.get' denied")
    done = checkout.run("remove", checkout.write("gcp"), "--yes")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.startswith("Error: gcloud said:")
    assert "run.services.get" in done.stderr


@pytest.mark.usefixtures("here")
def test_a_role_is_granted_as_soon_as_the_new_account_is_known_and_conditions_of_other_roles_stay(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy with conditions is changed only by a gcloud command that names the condition."""
    condition = {"title": "until 2030", "expression": 'request.time < timestamp("2030-01-01T00:00:00Z")'}
    other = {"role": "roles/viewer", "members": ["user:you@example.com"], "condition": condition}
    google.policies["my-project"] = {"version": 3, "bindings": [other]}
    google.refusals["POST /v1/projects/my-project:setIamPolicy"] = Refused(
        400, "Service account sizewise-build@my-project.iam.gserviceaccount.com does not exist."
    )
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        google.refusals.clear()

    monkeypatch.setattr(gcloud, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
    builder, role = "serviceAccount:sizewise-build@my-project.iam.gserviceaccount.com", "roles/run.builder"
    gcloud.allow("projects", "my-project", member=builder, role=role)
    assert len(waits) == 1
    yours = ("my-project", "roles/viewer", "user:you@example.com")
    assert google.granted() == {yours, ("my-project", role, builder)}
    gcloud.disallow("my-project", builder, role)
    assert google.granted() == {yours}
