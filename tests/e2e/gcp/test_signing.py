"""Signed sizes: their key is only in Secret Manager and in the function's environment."""

import re
import sys
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path

from tests.e2e.answers import assert_problem, chain
from tests.e2e.deployment import RecordProperty, logged
from tests.e2e.gcp.apis.state import Google
from tests.e2e.gcp.conftest import ACCOUNT, GRANTS, KEYS, README, Run, readme_command
from tests.e2e.gcp.site import deployed
from tests.support.deploying import Checkout, shown
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT

STEPS = re.findall(r"`([^`]+ \| tr -d '\\n'|awk [^`]+)`", (ROOT / "docs" / "signing.md").read_text())
READER = (KEYS, "roles/secretmanager.secretAccessor", ACCOUNT)


def signed(run: Run, checkout: Checkout, file: str) -> str:
    """A size signed with the README's commands by a user who may read the key."""
    command = "./noxw -s sign -- --deployment deployments/prod.toml 613x409 albums/cat.jpg"
    assert f"    {command}\n" in README
    sign = command.replace("./noxw -s sign --", f"{sys.executable} -m cli sign")
    here = sign.replace("deployments/prod.toml", str(checkout.folder / file))
    return run("sh", "-c", f"{readme_command('export SIGNING_KEYS=')}\n{here}").strip()


def rotation(step: str) -> str:
    """The README's commands that make the version of the keys for one of the three steps."""
    add = readme_command('printf %s "$SIGNING_KEYS"').replace("STEP", step)
    return f"{readme_command('export SIGNING_KEYS=')}\n{add}"


def test_the_key_is_made_once_signs_sizes_is_rotated_and_never_shown(
    google: Google, checkout: Checkout, run: Run, tmp_path: Path, record_property: RecordProperty
) -> None:
    google.secrets[KEYS] = []  # As if a first run had ended before the secret had a version.
    file = checkout.write("gcp", f'signing_keys = "{KEYS}:1"')
    printed = checkout.done("deploy", file, "--yes")
    assert "made, with a random key" in printed
    (key,) = google.secrets[KEYS]
    assert len(urlsafe_b64decode(key + b"=")) == 32
    assert google.granted() == {*GRANTS, READER}
    assert "secretmanager.googleapis.com" in google.services
    variable = {"name": "SIGNING_KEYS", "valueFrom": {"secretKeyRef": {"key": "1", "name": KEYS}}}
    assert variable in google.run_services["sizewise"]["spec"]["template"]["spec"]["containers"][0]["env"]

    path = signed(run, checkout, file)
    assert re.fullmatch("/613x409-s[a-z2-7]{16}/albums/cat.jpg", path)
    with deployed(google) as site:
        site.put("albums/cat.jpg", CAT)
        answer = site.ask(path)
        assert answer.headers["location"] == f"{google.emulator.url}/my-project-sizewise-variants{path}"
        image = site.follow(answer)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        assert_problem(site.ask("/613x409-saaaaaaaaaaaaaaaa/albums/cat.jpg"), 403, "signature")
        assert logged(site, "-saaaaaaaaaaaaaaaa")
        assert '"signing_keys": 1' in site.log()
        printed += site.log()
    record_property("chain", chain(path, answer, image))

    printed += run("sh", "-c", rotation(STEPS[0]))
    checkout.write("gcp", f'signing_keys = "{KEYS}:2"')
    rotated = checkout.done("deploy", file, "--yes")
    assert shown(rotated, "SIGNING_KEYS") == f"{KEYS}:2"
    assert len(google.secrets[KEYS]) == 2
    with deployed(google) as site:
        assert '"signing_keys": 2' in site.log()
        assert site.ask(path).status_code == 301
        printed += site.log()
    checkout.write("gcp")
    assert "SIGNING_KEYS" not in checkout.done("deploy", file, "--yes"), "the function still has the keys"

    second = google.secrets[KEYS][1].removeprefix(key + b",")
    for secret in (key, second):
        assert secret.decode() not in printed + rotated
        # The checkout with its file, the uploaded source, and gcloud's own log, which contains all arguments.
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert any("secrets.versions.add" in file.read_text() for file in files if file.suffix == ".log")
        assert not [file for file in files if secret in file.read_bytes()]


def test_the_three_steps_of_the_docs_replace_the_key_without_showing_it(google: Google, run: Run) -> None:
    old = b"the-old-key-of-this-deployment"
    google.secrets[KEYS] = [old]
    printed = "".join(run("sh", "-c", rotation(step)) for step in STEPS)
    _, both, swapped, last = google.secrets[KEYS]
    new = both.removeprefix(old + b",")
    assert len(b64decode(new, validate=True)) == 32
    assert (swapped, last) == (new + b"," + old, new)
    assert old.decode() not in printed
    assert new.decode() not in printed
