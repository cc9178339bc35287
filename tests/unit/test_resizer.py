"""Redirect on miss over buckets in memory: the answers, and the stored variants."""

from io import StringIO

import pytest

from core.http import EVERY_ANSWER, Request
from tests.support.browser import IMAGE, NAVIGATION
from tests.support.entries import entries
from tests.support.memory import TAKEN, Site, assert_problem
from tests.support.pictures.samples import CAT


def test_a_miss_stores_the_variant_and_redirects_to_it(log: StringIO) -> None:
    site = Site()
    answer = site.ask("/60x40-fill.webp/cat.jpg")
    assert (answer.status, answer.body) == (301, b"")
    assert answer.headers["Location"] == "/60x40-fill.webp/cat.jpg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Sizewise"] == "miss"
    assert answer.headers.items() >= EVERY_ANSWER.items()
    steps = [step.partition(";dur=")[0] for step in answer.headers["Server-Timing"].split(", ")]
    assert {"check", "read", "render", "write", "total"} == set(steps)
    ((key, stored),) = site.variants.objects.items()
    assert key == "60x40-fill.webp/cat.jpg"
    assert (stored.content_type, stored.cache_control) == ("image/webp", "public, max-age=31536000")
    assert stored.metadata == {"originaletag": site.originals.objects["cat.jpg"].etag}
    (entry,) = entries(log)
    assert (entry["key"], entry["status"], entry["outcome"]) == (key, 301, "miss")
    assert (entry["bytes_in"], entry["bytes_out"]) == (len(CAT), len(stored.data))
    assert set(site.originals.objects) == {"cat.jpg", "cut.jpg", "a.txt"}


def test_a_hit_renders_nothing(log: StringIO) -> None:
    site = Site()
    site.variants.objects["60x/cat.jpg"] = TAKEN
    answer = site.ask("/60x/cat.jpg")
    assert (answer.status, answer.headers["Location"]) == (301, "/60x/cat.jpg")
    assert answer.headers["X-Sizewise"] == "hit"
    assert "render" not in answer.headers["Server-Timing"]
    assert site.variants.objects == {"60x/cat.jpg": TAKEN}
    assert entries(log)[0]["outcome"] == "hit"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_follows_the_settings(status: int) -> None:
    site = Site(redirect_status=status, redirect_max_age=60, public_url="https://cdn.example/a", widths=(80,))
    site.originals.objects["a b+é.jpg"] = site.originals.objects["cat.jpg"]
    for outcome in ("miss", "hit"):
        answer = site.ask("/060X/a%20b+%C3%A9.jpg")
        assert answer.status == status
        assert answer.headers["Location"] == "https://cdn.example/a/80x/a%20b%2B%C3%A9.jpg"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["X-Sizewise"] == outcome
        assert "Vary" not in answer.headers
    assert set(site.variants.objects) == {"80x/a b+é.jpg"}


@pytest.mark.parametrize("accept", [NAVIGATION, IMAGE, ""])
@pytest.mark.parametrize("path", ["/60x/cat.jpg", "/banana/cat.jpg", "/60x/nobody.jpg"])
def test_head_gets_the_same_answer_as_get(path: str, accept: str) -> None:
    get, head = Site().ask(path, accept=accept), Site().ask(path, "HEAD", accept)
    assert (head.status, head.body) == (get.status, get.body)
    assert {**head.headers, "Server-Timing": ""} == {**get.headers, "Server-Timing": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get", ""])
def test_any_other_method_is_refused_without_a_request_to_storage(method: str) -> None:
    site = Site()
    answer = site.ask("/60x/cat.jpg", method)
    assert_problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert not site.trips.names


@pytest.mark.parametrize("path", ["/60x/cat.jpg", "/banana/cat.jpg", "/"])
def test_a_page_of_any_origin_can_send_any_header(path: str) -> None:
    """Fetch, "CORS-preflight fetch": without these headers a browser does not send the request."""
    site = Site()
    answer = site.ask(path, "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert not site.trips.names


@pytest.mark.parametrize("public_url", [None, "", "/images", "https://images.example"])
def test_a_redirect_to_the_requested_address_is_never_cached(public_url: str | None) -> None:
    """Once the variant is deleted, a cached redirect would be an endless loop."""
    site = Site(redirect_max_age=600, public_url=public_url)
    for path in ("/60x/cat.jpg", "/60x/c%61t.jpg", "/60x/cat.jpg"):
        assert site.ask(path).headers["Cache-Control"] == "no-store"
    assert site.ask("/060x/cat.jpg").headers["Cache-Control"] == "public, max-age=600"


HOSTS = [
    # The known hosts of the request, PUBLIC_URL, and whether a redirect to the variant's own path can be cached.
    (("images.example",), "https://variants.example", True),
    (("images.example:443",), "https://variants.example:8443", True),
    (("run.app", "images.example"), "https://images.example", False),
    (("IMAGES.example:8080".lower(),), "https://Images.example", False),
    (("images.example",), "https://images.example/variants", True),
    (("images.example",), "/variants", False),
    (("images.example",), None, False),
    ((), "https://images.example", False),
    ((), "https://images.example/variants", True),
]


@pytest.mark.parametrize(("hosts", "public_url", "cacheable"), HOSTS)
def test_a_redirect_to_another_address_can_be_cached(
    hosts: tuple[str, ...], public_url: str | None, cacheable: bool
) -> None:
    site = Site(redirect_max_age=600, public_url=public_url)
    answer = site.resizer.handle(Request("GET", "/60x/cat.jpg", hosts=hosts))
    assert answer.headers["Cache-Control"] == ("public, max-age=600" if cacheable else "no-store")


def test_a_redirect_includes_the_path_of_public_url() -> None:
    assert Site(public_url="/images").ask("/60x/cat.jpg").headers["Location"] == "/images/60x/cat.jpg"
