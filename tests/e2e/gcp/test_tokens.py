"""The service account's token from the metadata server, also when that server fails."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.suite import PATIENCE
from tests.e2e.answers import assert_problem
from tests.e2e.deployment import Deploy
from tests.e2e.gcp.conftest import serving
from tests.support.pictures.samples import CAT
from tests.support.servers.gcs import Emulator
from tests.support.servers.loopback import Quiet, listening


@contextmanager
def metadata_server(*answers: int) -> Iterator[tuple[str, list[str]]]:
    """Google's metadata server, as far as a token needs it. Yields its address and the requested paths so far.

    The first answers have these statuses.
    """
    paths: list[str] = []
    troubles = list(reversed(answers))
    account = "/computeMetadata/v1/instance/service-accounts/default/"
    known = {
        account: {"email": "sizewise@my-project.iam.gserviceaccount.com", "scopes": []},
        f"{account}token": {"access_token": "t0k3n", "expires_in": 3599, "token_type": "Bearer"},
    }

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802 -- http.server's name
            path = self.path.partition("?")[0]
            paths.append(path)
            status = troubles.pop() if troubles else 200
            if status != 200:
                self.send(status, b"not now")
            elif path in known:
                self.send(200, json.dumps(known[path]).encode(), Metadata_Flavor="Google")
            else:
                self.send(200, b"my-project", "application/text", Metadata_Flavor="Google")

    with listening(Handler) as url:
        yield url.removeprefix("http://"), paths


def test_the_token_is_that_of_the_service_account_and_is_cached(emulator: Emulator) -> None:
    """As on Cloud Run, there is no key: the token comes from the metadata server."""
    with metadata_server() as (host, paths):
        google = {"STORAGE_EMULATOR_HOST": "", "API_ENDPOINT_OVERRIDE": emulator.url}
        with serving(emulator, {**google, "GCE_METADATA_HOST": host, "GCE_METADATA_IP": host}) as site:
            assert paths == [], "the token was fetched before the first request"
            site.put("cat.jpg", CAT)
            assert site.follow(site.ask("/300x200/cat.jpg")).status_code == 200
            asked = len(paths)
            assert asked
            assert site.ask("/300x200/cat.jpg").headers["x-sizewise"] == "hit"
            assert len(paths) == asked


@pytest.mark.parametrize(("passing", "first"), [(503, 0), (404, 0), (429, 1), (410, 2), (500, 3)])
def test_a_token_service_that_fails_once_is_called_again(emulator: Emulator, passing: int, first: int) -> None:
    """google-auth-library-python, #211 and #814: it can fail briefly at the first request of an instance or later."""
    with metadata_server(*[200] * first, passing) as (host, _):
        google = {"STORAGE_EMULATOR_HOST": "", "API_ENDPOINT_OVERRIDE": emulator.url}
        with serving(emulator, {**google, "GCE_METADATA_HOST": host, "GCE_METADATA_IP": host}) as site:
            site.put("cat.jpg", CAT)
            assert site.ask("/300x200/cat.jpg").status_code == 301


@pytest.mark.parametrize("passing", [404, 503])
def test_a_token_service_that_keeps_failing_is_soon_a_503(emulator: Emulator, passing: int) -> None:
    with metadata_server(*[passing] * 1000) as (host, paths):
        google = {"STORAGE_EMULATOR_HOST": "", "API_ENDPOINT_OVERRIDE": emulator.url}
        with serving(emulator, {**google, "GCE_METADATA_HOST": host, "GCE_METADATA_IP": host}) as site:
            start = time.monotonic()
            answer = site.ask("/300x200/cat.jpg")
            assert time.monotonic() - start < PATIENCE
            assert_problem(answer, 503, "again")
            assert answer.headers["retry-after"]
            assert len(paths) > 1


def test_an_unreachable_token_service_on_cloud_run_is_a_503(deploy: Deploy) -> None:
    """Cloud Run's container contract: K_SERVICE is set, and each service has an identity."""
    google = {"STORAGE_EMULATOR_HOST": "", "HOME": "/nonexistent", "K_SERVICE": "resize"}
    with deploy(google) as site:
        assert_problem(site.ask("/300x200/cat.jpg"), 503, "again")
