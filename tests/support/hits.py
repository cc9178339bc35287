"""Asks for a stored variant again and again, in a process of its own, which nothing but the server can hold up.

`python -m tests.support.hits URL` prints seconds and status of each answer, and ends when its standard input does.
"""

import select
import sys
import time

import httpx

PAUSE = 0.05
"""Seconds between two answers."""


def main() -> None:
    with httpx.Client(timeout=60) as client:
        while True:
            start = time.monotonic()
            status = client.get(sys.argv[1]).status_code
            sys.stdout.write(f"{time.monotonic() - start} {status}\n")
            if select.select([sys.stdin], [], [], PAUSE)[0]:
                return


if __name__ == "__main__":
    main()
