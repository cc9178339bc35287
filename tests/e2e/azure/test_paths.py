"""How a path becomes a key, with App Service's front end and without it."""

from collections.abc import Iterator

import pytest
from azure.storage.blob import BlobServiceClient

from tests.e2e.azure.conftest import deployed
from tests.e2e.deployment import Deployment
from tests.support.keys import AWKWARD
from tests.support.pictures.samples import CAT


@pytest.fixture(scope="module")
def bare(service: BlobServiceClient) -> Iterator[Deployment]:
    """Without App Service's front end, as `func start` serves it."""
    with deployed(service, {}, "--bare") as running_site:
        yield running_site


@pytest.mark.parametrize("key", [key for key in AWKWARD if "%2F" not in key])
def test_a_name_needs_no_front_end_unless_it_looks_encoded(bare: Deployment, key: str) -> None:
    """`func start` can't tell twice%252Fencoded from twice%2Fencoded; App Service can, see the conformance suite."""
    bare.put(key, CAT)
    answer = bare.ask(f"/200x/{AWKWARD[key]}")
    assert answer.headers["location"] == bare.location(f"200x/{AWKWARD[key]}")
    assert bare.follow(answer).status_code == 200


def test_an_encoded_slash_is_a_slash(site: Deployment) -> None:
    site.put("albums/2026/cat.jpg", CAT)
    answer = site.ask("/200x/albums%2F2026%2fcat.jpg")
    assert answer.headers["location"] == site.location("200x/albums/2026/cat.jpg")


def test_nobody_is_answered_for_one_address_with_anothers_image(bare: Deployment) -> None:
    """A cache in front keeps the answer under the address it asked for, whatever headers came along."""
    bare.put("asked.jpg", CAT)
    bare.put("other.jpg", CAT)
    forged = {"X-WAWS-Unencoded-URL": "/200x/other.jpg"}
    assert bare.ask("/200x/asked.jpg", headers=forged).headers["location"] == bare.location("200x/asked.jpg")
    assert bare.stored("200x/other.jpg") is None


def test_a_query_is_no_part_of_the_key(site: Deployment) -> None:
    site.put("query.jpg", CAT)
    assert site.ask("/200x/query.jpg?v=2&x=%2F").headers["location"] == site.location("200x/query.jpg")
