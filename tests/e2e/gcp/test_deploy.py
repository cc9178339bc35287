"""The manifest agrees with the code and with the flags that `deploy` adds."""

import re

from providers.gcp.client import SERVER_THREADS
from tests.e2e.gcp.conftest import GCP, STAGED
from tests.support.servers.processes import ROOT
from tools.deployment import gcp
from tools.deployment.gcp_facts import GcpFacts

MANIFEST = (GCP / "function.yaml").read_text()


def flag(name: str) -> str:
    """The value of a flag in the manifest."""
    found = re.search(rf"^{name}: (.*)$", MANIFEST, re.MULTILINE)
    assert found, name
    return found[1]


def test_the_server_has_a_thread_for_each_request_that_cloud_run_sends_at_once() -> None:
    assert gcp.THREADS <= SERVER_THREADS


def test_a_page_of_a_hundred_new_pictures_needs_no_queue() -> None:
    assert GcpFacts.max_instances * gcp.THREADS >= 100


def test_the_entry_point_is_in_the_package() -> None:
    assert f"\ndef {flag('--function')}(" in (STAGED / "main.py").read_text()
    assert ROOT / flag("--source") == STAGED
