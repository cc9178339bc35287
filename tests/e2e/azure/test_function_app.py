"""Behaviour of the function app that other providers do not share: its package, concurrency, access and log."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Event
from typing import Any

import httpx
import pytest
from azure.storage.blob import BlobServiceClient

from providers.azure.account import EMULATOR, ENDPOINT
from tests.contract.suite import PATIENCE
from tests.e2e.answers import assert_problem
from tests.e2e.azure.conftest import PACKAGE, AzureSite, deployed, serving
from tests.support.pictures.samples import CAT, SUNSET
from tests.support.servers.azurite import KEY, connection_string

INSTANCES = 8


def test_the_package_contains_nothing_of_the_other_providers() -> None:
    assert sorted(path.name for path in PACKAGE.iterdir()) == [
        *("LICENSE", "core", "function_app.py", "host.json", "providers", "requirements.txt")
    ]
    assert sorted(path.name for path in (PACKAGE / "providers").iterdir()) == [
        *("__init__.py", "azure", "connections.py", "sessions.py")
    ]
    requirements = (PACKAGE / "requirements.txt").read_text().splitlines()
    assert all("==" in line for line in requirements)
    assert not any(line.startswith(("boto", "google", "flask", "functions-framework")) for line in requirements)


def test_of_eight_instances_that_miss_at_once_only_the_first_writes_the_blob(service: BlobServiceClient) -> None:
    """Each instance is a separate process, so that only storage can decide which was first."""
    with deployed(service, {}) as site, ExitStack() as stack:
        site.put("albums/sunset.jpg", SUNSET)
        environ = {
            EMULATOR: connection_string(service.url.rstrip("/")),
            "BUCKET": site.variants.container_name,
            "ORIGINALS_BUCKET": site.originals.container_name,
        }
        with ThreadPoolExecutor(INSTANCES) as pool:
            servers = list(pool.map(lambda _: stack.enter_context(serving(environ)), range(INSTANCES)))
            together, over = Barrier(INSTANCES), Event()

            def ask(address: str) -> httpx.Response:
                together.wait()
                return httpx.get(f"{address}/1200x/albums/sunset.jpg", timeout=60)

            def first_etag() -> str:
                while not over.is_set():
                    if stored := site.stored("1200x/albums/sunset.jpg"):
                        return stored.etag
                return ""

            with ThreadPoolExecutor(1) as watcher:
                first = watcher.submit(first_etag)
                answers = list(pool.map(ask, [server.match[1] for server in servers]))
                over.set()
        assert [answer.status_code for answer in answers] == [301] * INSTANCES
        assert {answer.headers["location"] for answer in answers} == {site.location("1200x/albums/sunset.jpg")}
        wrote = [answer for answer in answers if "write;dur=" in answer.headers["server-timing"]]
        assert len(wrote) > 1, "only one instance tried to write: this test proves nothing"
        stored = site.stored("1200x/albums/sunset.jpg")
        assert stored
        assert stored.etag == first.result()
        assert list(site.variants.list_blob_names()) == ["1200x/albums/sunset.jpg"]


def test_simultaneous_misses_in_one_instance_render_once(site: AzureSite) -> None:
    """The worker runs the function on threads; one of them renders and all return its result."""
    site.put("albums/shared.jpg", SUNSET)
    with ThreadPoolExecutor(INSTANCES) as pool:
        answers = list(pool.map(lambda _: site.ask("/1100x/albums/shared.jpg"), range(INSTANCES)))
    assert [answer.status_code for answer in answers] == [301] * INSTANCES
    assert sum("render;dur=" in answer.headers["server-timing"] for answer in answers) == 1


def test_originals_are_private_and_variants_public(site: AzureSite) -> None:
    site.put("private.jpg", CAT)
    assert site.follow(site.ask("/200x/private.jpg")).status_code == 200
    assert httpx.get(f"{site.originals.url}/private.jpg").status_code in (403, 404, 409)


def test_a_private_container_of_variants_is_a_502_with_its_reason_in_the_log(
    service: BlobServiceClient,
) -> None:
    with deployed(service, {}) as site:
        site.put("cat.jpg", CAT)
        site.variants.set_container_access_policy({})
        assert_problem(site.ask("/300x200/cat.jpg"), 502, "log")
        (line,) = requests_logged(site, 1)
        assert "not public" in line["reason"]
        assert site.stored("300x200/cat.jpg") is None


def test_a_request_is_one_line_of_the_log_with_its_invocation(site: AzureSite) -> None:
    site.put("logged.jpg", CAT)
    before = len(requests_logged(site))
    site.ask("/200x/logged.jpg")
    site.ask("/200x/logged.jpg")
    site.ask("/200x/nobody.jpg")
    lines = requests_logged(site, before + 3)[before:]
    assert [(line["status"], line["outcome"]) for line in lines] == [(301, "miss"), (301, "hit"), (404, "miss")]
    assert len({line["invocation"] for line in lines} - {"-"}) == 3
    assert lines[0]["key"] == "200x/logged.jpg"
    assert lines[0]["bytes_in"] == len(CAT)
    assert "nobody.jpg" in lines[2]["reason"]
    assert chatter(site) == []
    assert sum('"message": "settings"' in line for line in site.server.lines) == 1
    assert KEY not in site.log()


def test_a_wrong_container_of_originals_is_a_502_and_not_a_404(service: BlobServiceClient) -> None:
    with deployed(service, {"ORIGINALS_BUCKET": "mistyped"}) as site:
        assert_problem(site.ask("/300x200/cat.jpg"), 502, "log")
        (line,) = requests_logged(site, 1)
        assert "container" in line["reason"]


def test_an_app_without_an_identity_answers_at_once_and_logs_why(service: BlobServiceClient) -> None:
    """It is indexed and starts: credentials are needed only for a call to storage."""
    settings = {EMULATOR: "", ENDPOINT: "https://127.0.0.1:1", "AZURE_TOKEN_CREDENTIALS": "prod"}
    with deployed(service, settings) as site:
        start = time.monotonic()
        answer = site.ask("/300x200/cat.jpg")
        assert time.monotonic() - start < PATIENCE
        assert_problem(answer, 502, "log")
        (line,) = requests_logged(site, 1)
        assert "DefaultAzureCredential failed" in line["reason"]
        assert line["severity"] == "ERROR"
        assert "Credential" not in answer.text
        assert chatter(site) == []


@pytest.mark.parametrize("settings", [{"QUALITY": "200"}, {"BUCKET": ""}, {EMULATOR: ""}], ids=str)
def test_a_setting_out_of_range_stops_the_start_and_is_named(
    service: BlobServiceClient, settings: dict[str, str]
) -> None:
    name = ENDPOINT if EMULATOR in settings else next(iter(settings))
    with pytest.raises(RuntimeError, match=f"SettingsError: {name}"), deployed(service, settings):
        pass


def chatter(site: AzureSite) -> list[str]:
    """The lines that the worker sends to Application Insights in addition to Sizewise's own."""
    return [line for line in site.server.lines if line.startswith("user\t") and "\tsizewise\t" not in line]


def requests_logged(site: AzureSite, least: int = 0) -> list[dict[str, Any]]:
    """The log's request lines as objects with the invocation's id, once there are at least that many."""
    for _ in range(100):
        fields = [line.split("\t") for line in site.server.lines if line.startswith("user\t")]
        entries = [{**json.loads(parts[4]), "invocation": parts[3]} for parts in fields if parts[2] == "sizewise"]
        found = [entry for entry in entries if entry["message"] == "request"]
        if len(found) >= least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"only {len(found)} requests are logged, and {least} were expected")
