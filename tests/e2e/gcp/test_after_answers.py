"""What is left when a request has been answered: nothing. An instance may be frozen then."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.gcp.conftest import GoogleSite
from tests.support.pictures.samples import SUNSET
from tests.support.servers.gcs import Emulator

HITS = 24
"""At once, after a miss: as a page with many pictures asks."""


def test_hits_that_follow_a_miss_leave_no_thread_connection_or_download_behind(
    site: GoogleSite, emulator: Emulator
) -> None:
    site.put("sunset.jpg", SUNSET)
    miss_and_hits(site, "100x")  # By now the server has all the threads and connections that it works with.
    before = len(threads(site)), len(sockets(site))
    asked = len(emulator.log())
    miss_and_hits(site, "101x")
    assert (len(threads(site)), len(sockets(site))) <= before
    requests = [line.split('\\"')[1].split() for line in emulator.log()[asked:]]
    originals = [method for method, path, _ in requests if path == f"/{site.originals.name}/sunset.jpg"]
    variants = [method for method, path, _ in requests if path.endswith("/sunset.jpg") and "variants" in path]
    assert originals == ["GET"], "a hit reads no original"
    assert 1 < variants.count("HEAD") <= HITS + 1, "hits at the same moment share one"
    assert variants.count("GET") == 0


def miss_and_hits(site: GoogleSite, size: str) -> None:
    """Has a variant made, and then asks for it many times at once."""
    assert site.ask(f"/{size}/sunset.jpg").headers["x-sizewise"] == "miss"
    with ThreadPoolExecutor(HITS) as viewers:
        answers = viewers.map(lambda _: site.ask(f"/{size}/sunset.jpg").headers["x-sizewise"], range(HITS))
        assert set(answers) == {"hit"}


def family(pid: int) -> Iterator[Path]:
    """The directories in /proc of a process and all below it."""
    yield Path(f"/proc/{pid}")
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def threads(site: GoogleSite) -> list[Path]:
    """The threads of the server's processes."""
    return [task for process in family(site.server.process.pid) for task in (process / "task").iterdir()]


def sockets(site: GoogleSite) -> list[str]:
    """The open sockets of the server's processes."""
    links = [link for process in family(site.server.process.pid) for link in (process / "fd").iterdir()]
    return [name for link in links if (name := str(link.readlink())).startswith("socket:")]
