"""What a hit costs on Google Cloud, beside a function that answers a constant 301 and nothing else.

Both are served by functions-framework in production mode with the manifest's threads; storage is the
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
from tests.support.gcs import emulated
from tests.support.samples import CAT

CONNECTIONS = 16
ROUNDS = 3
SECONDS = 8
PATH = "/300x200/albums/cat.jpg"
CONSTANT = """
import flask
import functions_framework

@functions_framework.http
def resize(request):
    return flask.Response(b"", 301, {"Location": "http://127.0.0.1/300x200/albums/cat.jpg", "Cache-Control": "no-store"})
"""


def rate(url: str) -> float:
    """Answers a second; raises if any of them was not a redirect."""
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"{url}{PATH}"]
    output = subprocess.run(wrk, check=True, capture_output=True, text=True).stdout
    if "Non-2xx or 3xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    found = re.search(r"Requests/sec:\s+([0-9.]+)", output)
    if not found:
        raise RuntimeError(output)
    return float(found[1])


def main() -> None:
    """Prints both rates and their ratio."""
    if not shutil.which("wrk"):
        sys.exit("gcp_hit: wrk is not on this machine, so nothing was measured; on Debian: apt install wrk")
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
    constants, hits = ([pair[index] for pair in rounds] for index in (0, 1))
    print(
        f"machine         {os.cpu_count()} processors, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s each"
    )
    print(f"constant 301    {statistics.median(constants):7.0f} /s   {constants}")
    print(f"hit             {statistics.median(hits):7.0f} /s   {hits}")
    ratio = statistics.median(hits) / statistics.median(constants)
    print(f"hit / constant  {ratio:7.2f}")
    print(
        f"a hit's own     {1000 / statistics.median(hits) - 1000 / statistics.median(constants):7.2f} ms of one process"
    )


if __name__ == "__main__":
    main()
