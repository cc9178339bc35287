"""Only a user of this machine can read the front page and its facts; other websites and machines can't."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import READY, LocalSite
from tests.support.servers.processes import Server, python, running

PRIVATE = (
    "/",
    "/.sizewise/main.js",
    "/.sizewise/images?start=0",
    "/.sizewise/settings",
    "/.sizewise/original?key=cat.jpg",
)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_a_request_through_a_proxy_is_refused(album: LocalSite, header: str) -> None:
    for target in PRIVATE:
        assert album.ask(target, headers={header: "for=127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_website_can_link_to_the_page_but_not_use_it(album: LocalSite, site: str) -> None:
    assert album.ask("/", headers={"Sec-Fetch-Site": site}).status_code == 200
    for target in (*PRIVATE[1:], "/.sizewise/request?path=/31x/cat.jpg", "/.sizewise/image/31x/cat.jpg"):
        assert album.ask(target, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert not album.stored("31x/cat.jpg")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[", "[::1", "192.168.0.7:8080", "", "[::2]"],
)
@pytest.mark.parametrize("target", PRIVATE)
def test_a_website_whose_name_resolves_to_this_machine_can_not_read_the_folder(
    album: LocalSite, target: str, host: str
) -> None:
    answer = album.ask(target, headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert "cat.jpg" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:1234", "127.0.0.1:80", "[::1]:8080", "LOCALHOST"])
def test_this_machines_names_are_accepted(album: LocalSite, host: str) -> None:
    answer = album.ask("/.sizewise/images?start=0", headers={"Host": host})
    assert "cat.jpg" in answer.json()["keys"]


def test_no_other_website_may_send_a_custom_header(album: LocalSite) -> None:
    origin = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for target in PRIVATE:
        answer = album.ask(target, "OPTIONS", {**origin, "Access-Control-Request-Headers": "x-own"})
        assert answer.status_code == 204
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_no_other_website_may_read_the_page(album: LocalSite) -> None:
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


def test_a_server_that_other_machines_reach_has_no_front_page(open_to_all: Server) -> None:
    port = open_to_all.match[1].rsplit(":", 1)[1]
    addresses = {"127.0.0.1", *socket.gethostbyname_ex(socket.gethostname())[2]}
    for address in addresses:
        for target in PRIVATE:
            for host in (f"{address}:{port}", "localhost"):
                answer = httpx.get(f"http://{address}:{port}{target}", headers={"Host": host})
                assert answer.status_code == 403
                assert f"http://127.0.0.1:{port}/" in answer.json()["detail"]
        assert httpx.get(f"http://{address}:{port}/30x/cat.jpg").status_code == 301
