"""Opens the browser of this machine."""

import os
import subprocess
import sys
import threading


def open_page(address: str) -> None:
    """Opens an address in the user's browser, if any. Does not wait for the browser, and prints nothing."""
    # In a new session, the browser outlives the server and has no terminal to write to. Without TERM, webbrowser
    # skips browsers that need a terminal, such as lynx. The browser does not need the signing keys.
    environ = {name: value for name, value in os.environ.items() if name not in ("TERM", "SIGNING_KEYS")}
    command = [sys.executable, "-I", "-m", "webbrowser", address]

    def run() -> None:
        nothing = subprocess.DEVNULL
        subprocess.run(  # noqa: S603 -- Python's own module and the server's address
            command, env=environ, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, check=False
        )

    threading.Thread(target=run, daemon=True).start()
