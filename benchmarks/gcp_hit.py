"""The cost of a hit on Google Cloud, compared with a function that always answers a constant 301.

Both run in functions-framework, in production mode with the manifest's threads. The storage is the
emulator, on the same machine. `wrk` (Debian: apt install wrk) keeps 16 connections busy.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from tests.e2e.gcp.conftest import STAGED, function
from tests.support.pictures.samples import CAT
from tests.support.servers.gcs import emulated

CONNECTIONS = 16
ROUNDS = 5
SECONDS = 6
PATH = "/300x200/albums/cat.jpg"
CONSTANT = """
import flask
import functions_framework

@functions_framework.http
def resize(request):
    headers = {"Location": "http://127.0.0.1/300x200/albums/cat.jpg", "Cache-Control": "no-store"}
    return flask.Response(b"", 301, headers)
"""


def rate(url: str) -> float:
    """Answers per second. Raises RuntimeError if an answer is not a redirect."""
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"{url}{PATH}"]
    output = subprocess.run(wrk, check=True, capture_output=True, text=True).stdout
    if "Non-2xx or 3xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    found = re.search(r"Requests/sec:\s+([0-9.]+)", output)
    if not found:
        raise RuntimeError(output)
    return float(found[1])


def main() -> None:
    """Prints both rates and their ratio, round by round."""
    if not shutil.which("wrk"):
        sys.exit("gcp_hit: wrk is not installed, so nothing was measured. On Debian: apt install wrk")
    with tempfile.TemporaryDirectory() as folder, emulated() as emulator:
        (Path(folder) / "main.py").write_text(CONSTANT)
        originals, variants = emulator.bucket("originals"), emulator.bucket("variants")
        originals.blob("albums/cat.jpg").upload_from_string(CAT)
        settings = {"BUCKET": variants.name, "ORIGINALS_BUCKET": originals.name, "STORAGE_EMULATOR_HOST": emulator.url}
        with function(settings, STAGED) as hit, function({}, Path(folder)) as constant:
            for server in (hit, constant):
                answer = httpx.get(f"{server.match[1]}{PATH}")
                if answer.status_code != 301:
                    raise RuntimeError(answer.text)
            rounds = [(rate(constant.match[1]), rate(hit.match[1])) for _ in range(ROUNDS)]
    print(f"{os.cpu_count()} processors, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s for each")
    for constant_rate, hit_rate in rounds:
        print(f"  constant {constant_rate:6.0f} /s   hit {hit_rate:6.0f} /s   ratio {hit_rate / constant_rate:.2f}")
    own = statistics.median(1000 / hit_rate - 1000 / constant_rate for constant_rate, hit_rate in rounds)
    ratio = statistics.median(hit_rate / constant_rate for constant_rate, hit_rate in rounds)
    print(f"median ratio {ratio:.2f}; a hit takes {own:.2f} ms more per request than a constant 301")


if __name__ == "__main__":
    main()
