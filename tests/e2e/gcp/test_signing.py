"""Signed sizes: their key goes from Secret Manager into the function's environment, and nowhere else."""

import re
import sys
from base64 import b64decode
from copy import deepcopy
from pathlib import Path

import pytest

from tests.e2e.conformance import assert_problem, chain, logged
from tests.e2e.deployment import RecordProperty
from tests.e2e.gcp.apis.state import Google
from tests.e2e.gcp.conftest import ACCOUNT, GCP, GRANTS, MANIFEST, Run, deployed
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT

KEYS = "sizewise-signing-keys"
README = (GCP / "README.md").read_text()


@pytest.fixture
def flags(tmp_path: Path) -> Path:
    """function.yaml with signed sizes switched on, beyond two widths."""
    path = tmp_path / "function.yaml"
    path.write_text(MANIFEST.replace("# --set-secrets", "--set-secrets") + '  WIDTHS: "250,600"\n')
    return path


def readme_command(start: str) -> str:
    """The command of the README that starts with the words, on two lines."""
    (command,) = re.findall(rf"^    ({re.escape(start)}.*\n        .*)$", README, re.MULTILINE)
    return str(command)


def test_setup_makes_a_key_of_32_bytes_that_the_function_may_read_and_may_be_run_again(
    google: Google, run: Run, flags: Path
) -> None:
    google.secrets[KEYS] = []  # A first run ended before the secret had a version.
    run("providers/gcp/setup.sh", str(flags))
    (key,) = google.secrets[KEYS]
    assert len(b64decode(key, validate=True)) == 32
    assert google.granted() == {*GRANTS, (KEYS, "roles/secretmanager.secretAccessor", ACCOUNT)}
    before = deepcopy((google.secrets, google.granted(), google.services))
    run("providers/gcp/setup.sh", str(flags))
    assert (google.secrets, google.granted(), google.services) == before


def test_a_size_that_the_teams_key_signs_is_served_and_nothing_shows_the_key(
    google: Google, run: Run, flags: Path, tmp_path: Path, record_property: RecordProperty
) -> None:
    printed = run("providers/gcp/setup.sh", str(flags))
    printed += run("gcloud", "functions", "deploy", "sizewise", f"--flags-file={flags}")
    assert "secretmanager.googleapis.com" in google.services
    (function,) = google.functions.values()
    service = function["serviceConfig"]
    variable = {"key": "SIGNING_KEYS", "projectId": "1", "secret": KEYS, "version": "1"}
    assert service["secretEnvironmentVariables"] == [variable]
    assert "SIGNING_KEYS" not in service["environmentVariables"]
    sign = readme_command("SIGNING_KEYS=$(gcloud").replace("sizewise sign", f"{sys.executable} -m cli sign")
    path = run("sh", "-c", sign).strip()
    assert re.fullmatch("/613x409-s[a-z2-7]{16}/albums/cat.jpg", path)
    with deployed(google) as site:
        site.put("albums/cat.jpg", CAT)
        answer = site.ask(path)
        assert answer.headers["location"] == f"{google.emulator.url}/my-project-variants{path}"
        image = site.follow(answer)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        assert_problem(site.ask("/613x409-saaaaaaaaaaaaaaaa/albums/cat.jpg"), 403, "signature")
        assert logged(site, "-saaaaaaaaaaaaaaaa")
        assert '"signing_keys": 1' in site.log()
        printed += site.log()
    record_property("chain", chain(path, answer, image))
    (key,) = google.secrets[KEYS]
    assert key.decode() not in printed
    # The flags file, the uploaded source, and gcloud's own log, which has the arguments of each command.
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any("secrets.versions.add" in file.read_text() for file in files if file.suffix == ".log")
    assert not [file for file in files if key in file.read_bytes()]


def test_the_three_steps_of_the_docs_replace_the_key_and_do_not_show_it(google: Google, run: Run) -> None:
    old = b"the-old-key-of-this-deployment"
    google.secrets[KEYS] = [old]
    command = readme_command("gcloud secrets versions access latest")
    page = (ROOT / "docs" / "signing.md").read_text()
    steps = re.findall(r"`([^`]+ \| tr -d '\\n'|awk [^`]+)`", page)
    printed = "".join(run("sh", "-c", command.replace("STEP", step)) for step in steps)
    _, both, swapped, last = google.secrets[KEYS]
    new = both.removeprefix(old + b",")
    assert len(b64decode(new, validate=True)) == 32
    assert (swapped, last) == (new + b"," + old, new)
    assert old.decode() not in printed
    assert new.decode() not in printed
