"""Behaviour of the function that other providers do not share: credentials, races, log, cached redirects."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import httpx
import pytest

from tests.e2e.answers import assert_problem, chain
from tests.e2e.deployment import LIMITS, Deploy, Deployment, RecordProperty, logged
from tests.e2e.gcp.conftest import function
from tests.support.pictures.samples import CAT, SUNSET
from tests.support.servers.canned import Answer, answering
from tests.support.servers.gcs import Emulator

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
RACERS = 8


def entries(site: Deployment, last: str) -> list[dict[str, object]]:
    """The function's own lines in the server's log, once one of them contains `last`."""
    assert logged(site, last), site.log()
    return [json.loads(line) for line in site.log().splitlines() if line.startswith("{")]


def test_the_redirects_of_an_awkward_key(site: Deployment, record_property: RecordProperty) -> None:
    """It has sub-folders, a space, a plus sign, a percent sign and an é."""
    site.put("albums/en été/100% a+b.jpg", CAT)
    target = "/300x200/albums/en%20%C3%A9t%C3%A9/100%25%20a%2Bb.jpg"
    first = site.ask(target)
    assert (first.status_code, first.headers["location"]) == (301, site.location(target.removeprefix("/")))
    image = site.follow(first)
    assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
    again = site.ask(target)
    assert (again.status_code, again.headers["x-sizewise"]) == (301, "hit")
    hops = chain(target, first, image) + "\n" + chain(target, again, site.follow(again))
    record_property("chain", hops)


def test_of_eight_processes_one_stores_the_variant_and_all_redirect_to_it(emulator: Emulator) -> None:
    """Each process misses, renders and tries to create; the emulator's log has the status of each attempt."""
    originals, variants = emulator.bucket("originals"), emulator.bucket("variants")
    originals.blob("sunset.jpg").upload_from_string(SUNSET)
    settings = {
        "BUCKET": variants.name,
        "ORIGINALS_BUCKET": originals.name,
        "STORAGE_EMULATOR_HOST": emulator.url,
        "THREADS": "2",
    }
    generations = set()
    with ExitStack() as running, ThreadPoolExecutor(RACERS) as pool:
        starts = pool.map(lambda _: running.enter_context(function(settings)), range(RACERS))
        urls = [server.match[1] for server in starts]
        together = Barrier(RACERS)

        def ask(url: str) -> httpx.Response:
            together.wait()
            answer = httpx.get(f"{url}/1200x/sunset.jpg", timeout=60)
            generations.add(variants.get_blob("1200x/sunset.jpg").generation)
            return answer

        answers = list(pool.map(ask, urls))
    assert [answer.status_code for answer in answers] == [301] * RACERS
    assert {answer.headers["location"] for answer in answers} == {f"{emulator.url}/{variants.name}/1200x/sunset.jpg"}
    created = emulator.requests(f"/upload/storage/v1/b/{variants.name}/o")
    statuses = [re.sub(r'.*HTTP/1\.1\\" (\d+).*', r"\1", line) for line in created]
    assert statuses.count("200") == 1
    assert statuses.count("412") == len(statuses) - 1 > 0, (
        "only one process tried to create it: this test proves nothing"
    )
    assert [blob.name for blob in variants.list_blobs()] == ["1200x/sunset.jpg"]
    assert generations == {variants.get_blob("1200x/sunset.jpg").generation}


def test_missing_credentials_are_a_502_with_their_reason_only_in_the_log(deploy: Deploy) -> None:
    """The function starts without them: only a request needs them."""
    nobody = {"STORAGE_EMULATOR_HOST": "", "GOOGLE_APPLICATION_CREDENTIALS": "", "HOME": "/nonexistent"}
    with deploy(nobody) as site:
        assert_problem(site.ask("/300x200/cat.jpg"), 502, "log")
        assert "DefaultCredentialsError" in str(entries(site, '"reason"')[-1]["reason"])


@pytest.mark.parametrize(("fault", "status", "words"), [(403, 502, "log"), (429, 503, "again"), (503, 503, "again")])
def test_a_refusal_of_storage_is_a_502_and_throttling_a_503(
    deploy: Deploy, fault: int, status: int, words: str
) -> None:
    with answering(Answer(fault)) as faults, deploy({"STORAGE_EMULATOR_HOST": faults.url}) as site:
        answer = site.ask("/300x200/cat.jpg")
        assert_problem(answer, status, words)
        assert ("retry-after" in answer.headers) == (status == 503)
        assert f"{fault} " in str(entries(site, '"reason"')[-1]["reason"])


def test_a_request_is_one_line_in_cloud_loggings_format(deploy: Deploy) -> None:
    with deploy({**LIMITS, "GOOGLE_CLOUD_PROJECT": "my-project"}) as site:
        site.put("cat.jpg", CAT)
        site.ask("/300x200/cat.jpg", headers={"Traceparent": TRACEPARENT})
        site.ask("/banana/cat.jpg", headers={"Traceparent": "nonsense"})
        settings, fine, bad = entries(site, "/banana/")
    assert settings["message"] == "settings"
    assert (fine["severity"], fine["message"]) == ("INFO", "request")
    assert fine["logging.googleapis.com/trace"] == "projects/my-project/traces/4bf92f3577b34da6a3ce929d0e0e4736"
    latency = fine["httpRequest"].pop("latency")  # type: ignore[attr-defined]
    assert re.fullmatch(r"\d+\.\d{4}s", latency)
    assert fine["httpRequest"] == {"requestMethod": "GET", "requestUrl": "/300x200/cat.jpg", "status": 301}
    assert bad["httpRequest"]["status"] == 400  # type: ignore[index]
    assert "logging.googleapis.com/trace" not in bad


def test_a_cacheable_redirect_has_a_max_age(deploy: Deploy) -> None:
    with deploy({"REDIRECT_MAX_AGE": "600"}) as site:
        site.put("cat.jpg", CAT)
        assert site.ask("/300x200/cat.jpg").headers["cache-control"] == "public, max-age=600"
        assert site.ask("/300x200/nobody.jpg").headers["cache-control"] == "no-store"


def test_a_cached_redirect_to_a_removed_variant_ends_in_a_404(deploy: Deploy) -> None:
    """There is no loop: the bucket's own address does not lead back to the function."""
    with deploy({"REDIRECT_MAX_AGE": "600"}) as site:
        site.put("cat.jpg", CAT)
        cached = site.ask("/300x200/cat.jpg")
        site.delete("300x200/cat.jpg")
        assert site.follow(cached).status_code == 404


def test_redirects_use_the_public_url(deploy: Deploy) -> None:
    with deploy({"PUBLIC_URL": "https://img.example.com/"}) as site:
        site.put("a b.jpg", CAT)
        assert site.ask("/300x200/a%20b.jpg").headers["location"] == "https://img.example.com/300x200/a%20b.jpg"


def test_a_setting_out_of_range_stops_the_start_and_names_the_variable(emulator: Emulator) -> None:
    with pytest.raises(RuntimeError, match="BUCKET is not set"), function({"STORAGE_EMULATOR_HOST": emulator.url}):
        pass
