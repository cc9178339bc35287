"""How a path becomes a key, with and without App Service's front end."""

from collections.abc import Iterator

import pytest
from azure.storage.blob import BlobServiceClient

from tests.e2e.azure.conftest import deployed
from tests.e2e.deployment import Deployment
from tests.support.keys import AWKWARD
from tests.support.pictures.samples import CAT


@pytest.fixture(scope="module")
def bare(service: BlobServiceClient) -> Iterator[Deployment]:
    """A function app without App Service's front end, as with `func start`."""
    with deployed(service, {}, "--bare") as running_site:
        yield running_site


@pytest.mark.parametrize("key", [key for key in AWKWARD if "%2F" not in key])
def test_without_the_front_end_a_name_works_unless_it_looks_encoded(bare: Deployment, key: str) -> None:
    """`func start` can't tell twice%252Fencoded from twice%2Fencoded. App Service can: see the conformance suite."""
    bare.put(key, CAT)
    answer = bare.ask(f"/200x/{AWKWARD[key]}")
    assert answer.headers["location"] == bare.location(f"200x/{AWKWARD[key]}")
    assert bare.follow(answer).status_code == 200


def test_an_encoded_slash_is_a_slash(site: Deployment) -> None:
    site.put("albums/2026/cat.jpg", CAT)
    answer = site.ask("/200x/albums%2F2026%2fcat.jpg")
    assert answer.headers["location"] == site.location("200x/albums/2026/cat.jpg")


def test_a_forged_header_does_not_change_which_image_is_served(bare: Deployment) -> None:
    """A cache in front would store the answer under the requested address, whatever the headers were."""
    bare.put("asked.jpg", CAT)
    bare.put("other.jpg", CAT)
    forged = {"X-WAWS-Unencoded-URL": "/200x/other.jpg"}
    assert bare.ask("/200x/asked.jpg", headers=forged).headers["location"] == bare.location("200x/asked.jpg")
    assert bare.stored("200x/other.jpg") is None


def test_the_query_is_not_part_of_the_key(site: Deployment) -> None:
    site.put("query.jpg", CAT)
    assert site.ask("/200x/query.jpg?v=2&x=%2F").headers["location"] == site.location("200x/query.jpg")
