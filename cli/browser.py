"""The browser of this machine."""

import os
import subprocess
import sys
import threading


def open_page(address: str) -> None:
    """Opens an address in the browser, if there is one. It neither waits for the browser nor prints anything."""
    # In a session of its own, the browser outlives the server and has no terminal to write to. Without TERM,
    # webbrowser passes over browsers that need one, such as lynx. The keys are not the browser's business.
    environ = {name: value for name, value in os.environ.items() if name not in ("TERM", "SIGNING_KEYS")}
    command = [sys.executable, "-I", "-m", "webbrowser", address]

    def run() -> None:
        nothing = subprocess.DEVNULL
        subprocess.run(  # noqa: S603 -- Python's own module and our address
            command, env=environ, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, check=False
        )

    threading.Thread(target=run, daemon=True).start()
