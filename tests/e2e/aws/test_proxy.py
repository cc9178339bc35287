"""Another program reaches the fronts under their real names, with Python's standard library."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.aws.emulator import Aws, deployed, osls
from tests.e2e.aws.forms import FORMS
from tests.e2e.aws.site import AwsSite
from tests.support.pictures.samples import CAT

ASK = """
import sys
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener


class Kept(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


for url in sys.argv[1:]:
    try:
        print(build_opener(Kept).open(url, timeout=30).status)
    except HTTPError as error:
        print(error.code, error.headers["Location"])
"""


@pytest.fixture(scope="module", params=["website", "https"])
def site(aws: Aws, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> AwsSite:
    return AwsSite(aws, deployed(aws, tmp_path_factory.mktemp("proxy"), FORMS[request.param]))


def asked(aws: Aws, home: Path, *urls: str) -> list[str]:
    """The output of a program that requests the URLs and follows no redirect."""
    command = [sys.executable, "-c", ASK, *urls]
    done = subprocess.run(command, env=aws.environment(home), capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_a_program_sees_a_miss_and_then_the_picture(site: AwsSite, tmp_path: Path) -> None:
    site.put("cat.jpg", CAT)
    url, api = (f"{address}/300x200/cat.jpg" for address in (site.website, site.api))
    if url.startswith("https:"):
        assert asked(site.aws, tmp_path, url, url) == [f"301 {url}", "200"]
    else:
        assert asked(site.aws, tmp_path, url, api, url) == [f"307 {api}", f"301 {url}", "200"]


def test_a_request_to_this_machine_goes_to_its_own_port(site: AwsSite, tmp_path: Path) -> None:
    """The bucket itself answers, and refuses a request without credentials."""
    assert asked(site.aws, tmp_path, f"{site.aws.address}/{site.bucket}/cat.jpg") == ["403 None"]


def test_osls_works_through_the_proxy(site: AwsSite, tmp_path: Path) -> None:
    env = site.aws.environment(tmp_path) | {"AWS_REGION": site.stack.region}
    assert f"Address: {site.website}\n" in osls("info --verbose", tmp_path, site.stack.stage, {}, env)
