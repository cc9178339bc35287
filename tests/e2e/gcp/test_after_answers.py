"""Nothing continues after an answer: the instance may be frozen then."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.gcp.site import GoogleSite
from tests.support.pictures.samples import SUNSET
from tests.support.servers.gcs import Emulator

THREADS = 8
"""The threads of the server; see `function`."""

ESTABLISHED = "01"

HITS = 24
"""Simultaneous requests after a miss, as from a page with many pictures."""


def test_no_thread_connection_or_download_outlives_an_answer(site: GoogleSite, emulator: Emulator) -> None:
    site.put("sunset.jpg", SUNSET)
    for size in ("100x", "101x", "102x"):
        miss_and_hits(site, size)  # After these the server has started all of its threads.
    before = len(threads(site))
    asked = len(emulator.log())
    miss_and_hits(site, "103x")
    assert len(threads(site)) <= before
    assert 0 < len(connections(site, emulator)) <= THREADS, "each thread keeps one"
    requests = [line.split('\\"')[1].split() for line in emulator.log()[asked:]]
    originals = [method for method, path, _ in requests if path == f"/{site.originals.name}/sunset.jpg"]
    variants = [method for method, path, _ in requests if path.endswith("/sunset.jpg") and "variants" in path]
    assert originals == ["GET"], "a hit reads no original"
    assert 1 < variants.count("HEAD") <= HITS + 1, "hits at the same moment share one"
    assert variants.count("GET") == 0


def miss_and_hits(site: GoogleSite, size: str) -> None:
    """Requests a new variant once, and then many times at once."""
    assert site.ask(f"/{size}/sunset.jpg").headers["x-sizewise"] == "miss"
    with ThreadPoolExecutor(HITS) as viewers:
        answers = viewers.map(lambda _: site.ask(f"/{size}/sunset.jpg").headers["x-sizewise"], range(HITS))
        assert set(answers) == {"hit"}


def family(pid: int) -> Iterator[Path]:
    """The directories in /proc of a process and its descendants."""
    yield Path(f"/proc/{pid}")
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def threads(site: GoogleSite) -> list[Path]:
    """The threads of the server's processes."""
    return [task for process in family(site.server.process.pid) for task in (process / "task").iterdir()]


def connections(site: GoogleSite, emulator: Emulator) -> set[str]:
    """The inodes of the open connections from the server's processes to the emulator (man 5 proc, /proc/net/tcp)."""
    port = f":{urlsplit(emulator.url).port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    to_emulator = {row[9] for row in rows if row[2].endswith(port) and row[3] == ESTABLISHED}
    links = [link for process in family(site.server.process.pid) for link in (process / "fd").iterdir()]
    return to_emulator & {str(link.readlink()).removeprefix("socket:[").removesuffix("]") for link in links}
