"""Benchmarks: each function prepares a session's environment, and returns the module to run and its arguments."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools.environments import install, npm_install
from tools.package import stage

if TYPE_CHECKING:  # The unit tests' environment has no nox.
    import nox


def render(session: "nox.Session") -> list[str]:
    """Rendering, side by side with sharp and pyvips: `--json FILE`, `--formats jpg --widths 600`."""
    install(session, "bench")
    return ["benchmarks.render", f"--sharp={npm_install(session, 'benchmarks/sharp')}"]


def quality(session: "nox.Session") -> list[str]:
    """The curves that turn a quality into encoders' numbers: `--pictures FOLDER` with 30 pictures or more; `--docs`."""
    install(session, "bench")
    return ["benchmarks.quality"]


def misses(session: "nox.Session") -> list[str]:
    """Misses per second, from request to picture, side by side with thumbor and ipx."""
    install(session, "bench", "test", extras=("local",))
    ipx = npm_install(session, "benchmarks/ipx") / "node_modules" / ".bin" / "ipx"
    thumbor = Path(session.virtualenv.location) / "thumbor"
    # thumbor needs an older Pillow than Sizewise, so thumbor has its own environment.
    session.run_install("uv", "venv", "--quiet", "--allow-existing", str(thumbor), external=True)
    python = thumbor / "bin" / "python"
    session.install("--python", str(python), "-r", "benchmarks/thumbor/requirements.txt")
    return ["benchmarks.misses", f"--thumbor={thumbor / 'bin' / 'thumbor'}", f"--ipx={ipx}"]


def child(session: "nox.Session") -> list[str]:
    """The time that a child process adds to each render, and the time of its start."""
    install(session, "bench", "test", extras=("aws",))
    return ["benchmarks.child"]


def worst(session: "nox.Session") -> list[str]:
    """The CPU time and memory for the largest and longest pictures, and for 64 requests at once."""
    install(session, "bench", "test", extras=("local",))
    return ["benchmarks.worst"]


def gcp(session: "nox.Session") -> list[str]:
    """The cost of a hit on Google Cloud, compared with a function that answers a constant 301. Needs `wrk`."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    return ["benchmarks.gcp_hit"]


def cold(session: "nox.Session") -> list[str]:
    """The time of the imports at a cold start on Lambda, compared with boto3 and PIL.Image alone."""
    install(session, extras=("aws",))
    return ["benchmarks.cold_start"]


def sheets(session: "nox.Session") -> list[str]:
    """Sharpness, compared with sharp: docs/sharpness.md with its pictures, and fixtures of the unit tests."""
    install(session, "bench")
    return ["benchmarks.sheets", f"--sharp={npm_install(session, 'benchmarks/sharp')}"]


BENCHMARKS: dict[str, Callable[["nox.Session"], list[str]]] = {
    "render": render,
    "quality": quality,
    "misses": misses,
    "child": child,
    "worst": worst,
    "gcp": gcp,
    "cold": cold,
    "sheets": sheets,
}


def measure(session: "nox.Session") -> None:
    """Runs the benchmark that the session's first argument names, by default `render`, with the other arguments."""
    name, options = "render", session.posargs
    if options and not options[0].startswith("-"):
        name, *options = options
    if name not in BENCHMARKS:
        session.error(f"there is no benchmark {name!r}: choose from {', '.join(BENCHMARKS)}")
    module, *prepared = BENCHMARKS[name](session)
    session.run("python", "-m", module, *prepared, *options)
