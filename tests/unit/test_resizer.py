"""Redirect on miss over a bucket in memory: the answers, and what is stored."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.http import EVERY_ANSWER, Request
from core.size import FORMATS, Format
from core.variants import requested
from tests.support.browser import IMAGE, NAVIGATION
from tests.support.entries import entries
from tests.support.memory import TAKEN, Site, assert_problem
from tests.support.pictures.samples import CAT
from tests.support.settings import settings


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
def test_a_redirect_is_as_the_settings_have_it(status: int) -> None:
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


@pytest.mark.parametrize(
    ("setting", "accept", "key"),
    [
        (None, "image/avif,*/*", "60x.avif"),
        (None, "image/webp", "60x.webp"),
        (None, "image/png", "60x"),
        (None, "", "60x"),
        ("webp", "image/webp", "60x"),
        ("webp", "image/avif", "60x.avif"),
    ],
)
def test_auto_is_negotiated_and_never_stored(setting: str | None, accept: str, key: str) -> None:
    site = Site(format=setting)
    answer = site.ask("/60x.auto/cat.jpg", accept=accept)
    assert answer.headers["Location"] == f"/{key}/cat.jpg"
    assert answer.headers["Vary"] == "Accept"
    assert set(site.variants.objects) == {f"{key}/cat.jpg"}


def test_auto_on_a_closed_list_takes_what_the_list_has() -> None:
    site = Site(sizes=("60x.avif", "60x.auto"))
    answer = site.ask("/60x.auto/cat.jpg", accept="image/avif")
    assert answer.headers["Location"] == "/60x.avif/cat.jpg"


@pytest.mark.parametrize("listed", ["60x.auto", "60x-q70.auto", "60x60-contain-bg00ff00.auto", "60x-q80.auto"])
@pytest.mark.parametrize("setting", [None, *FORMATS])
def test_all_that_auto_can_come_to_is_on_a_list_that_it_is_on(listed: str, setting: Format | None) -> None:
    request = Request("GET", f"/{listed}/cat.jpg", "image/avif,image/webp")
    variants = requested(request, settings(format=setting, sizes=(listed,)))
    assert len(variants) == (2 if setting in ("avif", "webp") else 3)


def test_a_broken_original_is_rendered_once_whatever_auto_may_come_to() -> None:
    site = Site()
    assert_problem(site.ask("/60x.auto/cut.jpg", accept="image/avif,image/webp"), 422)
    assert site.trips.names.count("read") == 1


def test_the_default_format_is_tried_once() -> None:
    """Where it is one that Accept names, too."""
    site = Site(format="webp")
    request = Request("GET", "/60x.auto/cat.jpg", "image/avif,image/webp")
    assert [variant.key for variant in requested(request, settings(format="webp"))] == [
        "60x.avif/cat.jpg",
        "60x/cat.jpg",
    ]
    assert site.ask("/60x.auto/cat.jpg", accept="image/webp").headers["Location"] == "/60x/cat.jpg"


FAILURES = {
    "no size": ("/banana/cat.jpg", {}, 400),
    "no image": ("/60x/", {}, 400),
    "a variant of a variant": ("/60x/60x/cat.jpg", {}, 400),
    "not UTF-8": ("/60x/%FF.jpg", {}, 400),
    "off the list": ("/61x/cat.jpg", {"sizes": ("60x",)}, 403),
    "too wide": ("/60x/cat.jpg", {"max_side": 59}, 403),
    "not there": ("/60x/nobody.jpg", {}, 404),
    "too many bytes": ("/60x/cat.jpg", {"max_original_bytes": len(CAT) - 1}, 413),
    "too many pixels": ("/60x/cat.jpg", {"max_original_pixels": 451 * 300 - 1}, 413),
    "no image format": ("/60x/a.txt", {}, 415),
    "cut short": ("/60x/cut.jpg", {}, 422),
}


@pytest.mark.parametrize(("path", "changed", "status"), FAILURES.values(), ids=FAILURES)
def test_a_failure_stores_nothing(path: str, changed: dict[str, object], status: int, log: StringIO) -> None:
    site = Site(**changed)
    assert_problem(site.ask(path), status)
    assert "create" not in site.trips.names
    assert [entry["status"] for entry in entries(log)] == [status]


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize("fault", [StorageRefused, StorageUnavailable, ZeroDivisionError])
def test_a_storage_that_fails_is_told_apart_from_a_bug(method: str, fault: type[Exception], log: StringIO) -> None:
    site = Site()
    error = fault("secret-bucket") if fault is ZeroDivisionError else fault()
    error.__cause__ = PermissionError("secret-bucket")
    site.originals.faults[method] = site.variants.faults[method] = error
    answer = site.ask("/60x/cat.jpg")
    assert_problem(answer, fault.status if issubclass(fault, SizewiseError) else 500)
    for leak in (b"secret", b"Traceback", b"Division", b"Permission", b".py"):
        assert leak not in answer.body
    assert ("Retry-After" in answer.headers) == (fault is StorageUnavailable)
    assert not site.variants.objects
    (entry,) = entries(log)
    assert "secret-bucket" in entry["reason"]
    assert ("exception" in entry) == (fault is ZeroDivisionError)


def test_a_browser_that_opens_a_failure_gets_a_page_without_the_names_markup() -> None:
    answer = Site().ask("/60x/%3Cscript%3Ealert(%22%26'1)%3C/script%3E.jpg", accept=NAVIGATION)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert answer.headers.items() >= EVERY_ANSWER.items()
    assert answer.headers["X-Sizewise"] == "miss"
    assert b"&lt;script&gt;alert(&quot;&amp;" in answer.body
    assert b"<script" not in answer.body


def test_a_browser_that_meets_a_bug_gets_a_page_that_gives_nothing_away(log: StringIO) -> None:
    site = Site()
    site.originals.faults["read"] = ZeroDivisionError("secret-bucket")
    answer = site.ask("/60x/cat.jpg", accept=NAVIGATION)
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"secret" not in answer.body
    assert "secret-bucket" in entries(log)[0]["reason"]


def test_after_a_failure_the_same_request_succeeds() -> None:
    site = Site()
    site.originals.faults["read"] = StorageUnavailable()
    assert site.ask("/60x/cat.jpg").status == 503
    site.originals.faults.clear()
    assert site.ask("/60x/cat.jpg").status == 301


@pytest.mark.parametrize("accept", [NAVIGATION, IMAGE, ""])
@pytest.mark.parametrize("path", ["/60x/cat.jpg", "/banana/cat.jpg", "/60x/nobody.jpg"])
def test_head_is_answered_as_get_is(path: str, accept: str) -> None:
    get, head = Site().ask(path, accept=accept), Site().ask(path, "HEAD", accept)
    assert (head.status, head.body) == (get.status, get.body)
    assert {**head.headers, "Server-Timing": ""} == {**get.headers, "Server-Timing": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get", ""])
def test_any_other_method_is_refused_before_storage_is_asked(method: str) -> None:
    site = Site()
    answer = site.ask("/60x/cat.jpg", method)
    assert_problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert not site.trips.names


@pytest.mark.parametrize("path", ["/60x/cat.jpg", "/banana/cat.jpg", "/"])
def test_a_page_of_any_origin_may_ask_with_any_header(path: str) -> None:
    """Fetch, "CORS-preflight fetch": without these headers a browser does not even ask."""
    site = Site()
    answer = site.ask(path, "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert not site.trips.names


@pytest.mark.parametrize("public_url", [None, "", "/images", "https://images.example"])
def test_a_redirect_to_the_address_that_was_asked_is_never_kept(public_url: str | None) -> None:
    """Whoever kept it would go to it again and again, once the variant is deleted."""
    site = Site(redirect_max_age=600, public_url=public_url)
    for path in ("/60x/cat.jpg", "/60x/c%61t.jpg", "/60x/cat.jpg"):
        assert site.ask(path).headers["Cache-Control"] == "no-store"
    assert site.ask("/060x/cat.jpg").headers["Cache-Control"] == "public, max-age=600"


HOSTS = [
    # What the viewer asked by, as far as it is known, PUBLIC_URL, and whether a redirect to the variant's own path may
    # be kept.
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


@pytest.mark.parametrize(("hosts", "public_url", "may_be_kept"), HOSTS)
def test_a_redirect_to_another_address_may_be_kept(
    hosts: tuple[str, ...], public_url: str | None, may_be_kept: bool
) -> None:
    site = Site(redirect_max_age=600, public_url=public_url)
    answer = site.resizer.handle(Request("GET", "/60x/cat.jpg", hosts=hosts))
    assert answer.headers["Cache-Control"] == ("public, max-age=600" if may_be_kept else "no-store")


def test_a_path_in_front_of_the_server_is_kept() -> None:
    assert Site(public_url="/images").ask("/60x/cat.jpg").headers["Location"] == "/images/60x/cat.jpg"


def test_the_size_counts_for_the_length_of_the_key() -> None:
    assert_problem(Site().ask("/60x/" + "a" * 1020), 404)
    assert_problem(Site().ask("/60x/" + "a" * 1021), 400)
    assert_problem(Site().ask("/00060x/" + "a" * 1020), 404)
    assert_problem(Site(widths=(600,)).ask("/60x/" + "a" * 1020), 400)


SITE = Site()


@given(st.text(alphabet=st.characters(exclude_categories=[])) | st.text(alphabet="/60x.webp-q%2F cat.jg"))
def test_any_path_is_answered_with_a_problem_of_its_own(path: str) -> None:
    answer = SITE.ask(path)
    assert answer.status in (400, 403, 404)
    assert_problem(answer, answer.status)
