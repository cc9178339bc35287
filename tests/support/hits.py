"""Requests a stored variant repeatedly, in a separate process that only the server can delay.

`python -m tests.support.hits URL` prints the seconds and status of each answer until its standard input ends.
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
