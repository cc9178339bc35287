"""A browser opens a page of a hundred pictures that are not rendered yet, under the manifest's own limits."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.e2e.aws.emulator import Aws, deployed, emulated
from tests.e2e.aws.forms import FORMS
from tests.e2e.aws.site import AwsSite
from tests.e2e.deployment import RecordProperty
from tests.support.pictures.samples import CAT

PICTURES = 100
AT_ONCE = {"http": 6, "https": 100}
"""A browser's concurrent requests to one host: HTTP/1.1 connections to a website, HTTP/2 streams to API Gateway and
CloudFront (RFC 9113, section 6.5.2, recommends a limit of at least 100)."""


@pytest.fixture(scope="module", params=["website", "https"])
def site(aws: Aws, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> AwsSite:
    return AwsSite(aws, deployed(aws, tmp_path_factory.mktemp("gallery"), FORMS[request.param]))


def opened(site: AwsSite) -> Counter[int]:
    """Opens a page of new pictures and counts its images by their final status."""
    folder = uuid4().hex
    for number in range(PICTURES):
        site.put(f"{folder}/{number}.jpg", CAT)
    free = {scheme: Semaphore(limit) for scheme, limit in AT_ONCE.items()}

    def look(number: int) -> int:
        url = f"{site.website}/300x200/{folder}/{number}.jpg"
        for _ in range(5):
            with free[urlsplit(url).scheme]:
                answer = site.aws.web.get(url)
            if not answer.has_redirect_location:
                break
            url = answer.headers["location"]
        return answer.status_code

    with site.aws.invocations.cold(PICTURES), ThreadPoolExecutor(PICTURES) as images:
        return Counter(images.map(look, range(PICTURES)))


@contextmanager
def limited(site: AwsSite, concurrency: int) -> Iterator[None]:
    """Changes the function's reserved concurrency while the block runs."""
    function = site.aws.sdk("lambda")
    before = function.get_function_concurrency(FunctionName=site.function)["ReservedConcurrentExecutions"]
    try:
        function.put_function_concurrency(FunctionName=site.function, ReservedConcurrentExecutions=concurrency)
        yield
    finally:
        function.put_function_concurrency(FunctionName=site.function, ReservedConcurrentExecutions=before)


def test_every_picture_of_a_cold_gallery_is_shown(site: AwsSite, record_property: RecordProperty) -> None:
    statuses = opened(site)
    record_property("chain", f"{PICTURES} new pictures at {site.website.partition(':')[0]}: {dict(statuses)}")
    assert statuses == {200: PICTURES}


def test_with_a_new_accounts_limit_of_ten_pictures_are_missing(tmp_path: Path, record_property: RecordProperty) -> None:
    """Such an account can't reserve concurrency."""
    folders = {name: tmp_path / name for name in ("aws", "stack")}
    for folder in folders.values():
        folder.mkdir()
    with emulated(folders["aws"], {"LAMBDA_ACCOUNT_CONCURRENCY": "10"}) as new:
        statuses = opened(AwsSite(new, deployed(new, folders["stack"], {"concurrency": "0"})))
    record_property("chain", f"the same in a new account: {dict(statuses)}")
    assert statuses == {200: 10, 500: PICTURES - 10}


@pytest.mark.parametrize("site", ["website"], indirect=True)
def test_with_a_concurrency_of_twenty_pictures_are_missing(site: AwsSite, record_property: RecordProperty) -> None:
    """Proves that the first test can fail. Browsers do not request an image again after an error."""
    with limited(site, 20):
        statuses = opened(site)
    record_property("chain", f"the same with a concurrency of 20: {dict(statuses)}")
    assert statuses == {200: 20, 500: PICTURES - 20}
