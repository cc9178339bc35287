"""The front page over HTTP: what it tells, and to whom."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.local.conftest import READY, LocalSite, serving
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import Server, python, running

PRIVATE = (
    "/",
    "/.sizewise/main.js",
    "/.sizewise/images?start=0",
    "/.sizewise/settings",
    "/.sizewise/original?key=cat.jpg",
)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSite]:
    root = tmp_path_factory.mktemp("album")
    (root / "cat.jpg").write_bytes(CAT)
    with serving(root, {}) as site:
        yield site


def facts(site: LocalSite, name: str, **asked: str) -> dict[str, Any]:
    answer = httpx.get(f"{site.address}/.sizewise/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    told: dict[str, Any] = answer.json()
    return told


def test_the_first_address_a_person_opens_is_a_page(album: LocalSite) -> None:
    answer = album.ask("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert album.ask("/", "HEAD").headers["content-length"] == answer.headers["content-length"]
    assert album.ask("/", "POST").status_code == 405


def test_nothing_but_the_server_s_own_files_runs_in_the_page(album: LocalSite) -> None:
    policy = album.ask("/").headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert "unsafe" not in policy


def test_the_page_shows_what_this_server_has_where_a_cdn_is_in_front_of_it(root: Path) -> None:
    with serving(root, {"PUBLIC_URL": "https://img.example.com/photos"}) as site:
        told = facts(site, "request", path="/30x/cat.jpg")
        assert [hop["status"] for hop in told["hops"]] == [301, 200]
        image = site.ask("/.sizewise/image/20x/cat.jpg")
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")


def test_the_page_s_images_are_asked_for_anew_and_not_read_by_other_websites(album: LocalSite) -> None:
    """Every folder is served at the same address: a browser may have another one's images."""
    image = album.ask("/.sizewise/image/40x/cat.jpg")
    assert (image.headers["cache-control"], image.headers["x-sizewise"]) == ("no-cache", "hit")
    assert "access-control-allow-origin" not in image.headers
    again = album.ask("/.sizewise/image/40x/cat.jpg", headers={"If-None-Match": image.headers["etag"]})
    assert again.status_code == 304
    refused = album.ask("/.sizewise/image/9000x/cat.jpg")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")


def test_a_range_or_a_version_that_is_not_there_is_no_failure_of_the_page(album: LocalSite) -> None:
    before = len(album.server.lines)
    for target in ("/", "/.sizewise/main.js", "/favicon.ico", "/.sizewise/image/41x/cat.jpg"):
        part = album.ask(target, headers={"Range": "bytes=0-9"})
        assert (part.status_code, len(part.content)) == (206, 10), target
        refused = album.ask(target, headers={"Range": "bytes=9999999-"})
        assert (refused.status_code, refused.headers["cache-control"]) == (416, "no-store"), target
        assert refused.headers["content-range"].startswith("bytes */")
        assert "access-control-allow-origin" not in refused.headers
        assert album.ask(target, "HEAD", headers={"Range": "bytes=9999999-"}).status_code == 200
        other = album.ask(target, headers={"If-Match": '"another"'})
        assert (other.status_code, other.headers["content-type"]) == (412, "application/problem+json"), target
        again = album.ask(target, headers={"If-None-Match": part.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache"), target
    assert len(album.server.printed(1, "/41x/cat.jpg", before)) >= 1
    assert [line for line in album.server.lines[before:] if json.loads(line)["severity"] != "INFO"] == []


def test_what_the_page_asks_with_says_nothing_of_the_request_that_it_tells_of(album: LocalSite) -> None:
    album.ask("/42x/cat.jpg")
    headers = {"Range": "bytes=0-9", "If-Modified-Since": "Sun, 06 Nov 2094 08:49:37 GMT"}
    answer = album.ask("/.sizewise/request?path=/42x/cat.jpg", headers=headers)
    assert [hop["status"] for hop in answer.json()["hops"]] == [200]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_what_a_proxy_passes_on_is_not_answered(album: LocalSite, header: str) -> None:
    for target in PRIVATE:
        assert album.ask(target, headers={header: "for=127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_website_links_to_the_page_but_has_the_server_do_nothing(album: LocalSite, site: str) -> None:
    assert album.ask("/", headers={"Sec-Fetch-Site": site}).status_code == 200
    for target in (*PRIVATE[1:], "/.sizewise/request?path=/31x/cat.jpg", "/.sizewise/image/31x/cat.jpg"):
        assert album.ask(target, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert not album.stored("31x/cat.jpg")


@pytest.mark.parametrize("start", ["", "x", "-1", "1.5", "9" * 5000, "\u0661"])
def test_a_start_that_is_no_number_is_refused(album: LocalSite, start: str) -> None:
    answer = httpx.get(f"{album.address}/.sizewise/images", params={"start": start})
    assert (answer.status_code, answer.json()["detail"]) == (400, "The start of the list must be a whole number.")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[", "[::1", "192.168.0.7:8080", "", "[::2]"],
)
@pytest.mark.parametrize("target", PRIVATE)
def test_a_website_whose_name_leads_here_reads_nothing_of_the_folder(album: LocalSite, target: str, host: str) -> None:
    answer = album.ask(target, headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert "cat.jpg" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:1234", "127.0.0.1:80", "[::1]:8080", "LOCALHOST"])
def test_this_machine_s_names_are_answered(album: LocalSite, host: str) -> None:
    answer = album.ask("/.sizewise/images?start=0", headers={"Host": host})
    assert "cat.jpg" in answer.json()["keys"]


def test_no_other_website_may_ask_for_it_with_a_header_of_its_own(album: LocalSite) -> None:
    origin = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for target in PRIVATE:
        answer = album.ask(target, "OPTIONS", {**origin, "Access-Control-Request-Headers": "x-own"})
        assert answer.status_code == 204
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_no_other_website_may_read_it(album: LocalSite) -> None:
    for target in PRIVATE:
        headers = album.ask(target, headers={"Origin": "https://evil.example"}).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.fixture
def open_to_all(root: Path) -> Iterator[Server]:
    command = python("-m", "cli", "serve", str(root), "--port", "0", "--host", "0.0.0.0")  # noqa: S104 -- what is tested
    with running(command, READY, {}) as server:
        yield server


def test_a_server_that_others_reach_publishes_no_folder(open_to_all: Server) -> None:
    port = open_to_all.match[1].rsplit(":", 1)[1]
    addresses = {"127.0.0.1", *socket.gethostbyname_ex(socket.gethostname())[2]}
    for address in addresses:
        for target in PRIVATE:
            for host in (f"{address}:{port}", "localhost"):
                answer = httpx.get(f"http://{address}:{port}{target}", headers={"Host": host})
                assert answer.status_code == 403
                assert f"http://127.0.0.1:{port}/" in answer.json()["detail"]
        assert httpx.get(f"http://{address}:{port}/30x/cat.jpg").status_code == 301


def test_an_original_is_described(album: LocalSite) -> None:
    album.put("albums/cat.jpg", CAT, focal="30x70")
    told = facts(album, "original", key="albums/cat.jpg")
    assert (told["bytes"], told["width"], told["height"]) == (len(CAT), 451, 300)
    assert (told["type"], told["format"], told["point"], told["shown"]) == ("image/jpeg", "jpg", [30, 70], True)


@pytest.mark.parametrize(
    ("key", "status"), [("nobody.jpg", 404), ("../cat.jpg", 400), (".sizewise/x", 400), ("", 400), ("notes.jpg", 415)]
)
def test_an_original_that_can_not_be_described_says_why(album: LocalSite, key: str, status: int) -> None:
    album.put("notes.jpg", b"just some text")
    answer = httpx.get(f"{album.address}/.sizewise/original", params={"key": key})
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_hops_of_a_request_are_told_and_a_miss_is_stored(album: LocalSite) -> None:
    path = "/0200x100-f30x70/cat.jpg"  # Redirected to its canonical spelling.
    hops = facts(album, "request", path=path)["hops"]
    assert [(hop["status"], hop["outcome"], hop["path"]) for hop in hops] == [
        (301, "miss", path),
        (200, "hit", "/200x100-f30x70/cat.jpg"),
    ]
    assert "render;dur=" in hops[0]["timing"]
    stored = album.stored("200x100-f30x70/cat.jpg")
    assert stored
    assert hops[1]["bytes"] == len(stored.data)
    (hit,) = facts(album, "request", path="/200x100-f30x70/cat.jpg")["hops"]
    assert (hit["status"], hit["outcome"]) == (200, "hit")


def test_a_refused_size_is_told_in_the_server_s_own_words(album: LocalSite) -> None:
    (hop,) = facts(album, "request", path="/9000x/cat.jpg")["hops"]
    assert hop["problem"] == httpx.get(f"{album.address}/9000x/cat.jpg").json()


def test_a_request_of_no_path_makes_no_hop(album: LocalSite) -> None:
    for path in ("", "cat.jpg", "http://evil.example/cat.jpg"):
        assert facts(album, "request", path=path) == {"hops": [], "part": None, "etag": None}


@pytest.mark.parametrize(
    ("settings", "thumbnail"),
    [
        ({}, "300x"),
        ({"WIDTHS": "100,250,600"}, "250x"),
        ({"WIDTHS": "100,150"}, "150x"),
        ({"WIDTHS": "100,150", "SIZES": "90x60.webp"}, "90x60.webp"),
        ({"SIZES": "640x360,90x60"}, "640x360"),
        ({"MAX_SIDE": "120"}, "120x"),
        ({"WIDTHS": "200", "QUALITY": "50"}, "200x"),
    ],
)
def test_thumbnails_are_of_a_size_that_the_settings_allow(root: Path, settings: dict[str, str], thumbnail: str) -> None:
    with serving(root, settings) as site:
        told = facts(site, "settings")
        assert told["thumbnail"] == thumbnail
        answer = site.ask(f"/{thumbnail}/cat.jpg")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/{thumbnail}/cat.jpg")
        assert site.ask(f"/{told['first']}/cat.jpg").status_code in (200, 301)


def test_originals_that_are_kept_apart_are_listed_and_described(root: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants"
    variants.mkdir()
    with serving(variants, {"ORIGINALS_BUCKET": str(root)}) as site:
        assert facts(site, "images", start="0")["keys"] == ["cat.jpg"]
        # Its address is the variants' store, which does not have it.
        assert facts(site, "original", key="cat.jpg")["shown"] is False


def test_a_visit_logs_no_error_and_an_icon_of_one_s_own_is_served(album: LocalSite) -> None:
    assert album.ask("/favicon.ico").headers["content-type"].startswith("image/svg+xml")
    before = len(album.server.lines)
    for target in ("/", "/favicon.ico", "/.sizewise/settings", "/30x/cat.jpg"):
        album.ask(target)
    assert len(album.server.printed(1, "/30x/cat.jpg", before)) == 1
    assert [line for line in album.server.lines[before:] if json.loads(line)["severity"] != "INFO"] == []
    album.put("favicon.ico", CAT)
    assert album.ask("/favicon.ico").content == CAT
