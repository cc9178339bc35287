"""Every task a person runs. `./noxw -l` lists them, `./noxw` runs those that are starred."""

import platform
import shutil
from pathlib import Path

import nox

ROOT = Path(__file__).parent
EXTRAS = ("local", "aws", "gcp", "azure")
"""The providers, by the names that pyproject.toml gives their run-time dependencies."""

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "tests", "gcp"]


def install(session: nox.Session, *groups: str, extras: tuple[str, ...] = ()) -> None:
    """Installs dependency groups and providers' run-time dependencies, all at the versions of constraints.txt."""
    options = [f"--group={group}" for group in groups] + [f"--extra={extra}" for extra in extras]
    session.install("-c", "constraints.txt", "-r", "pyproject.toml", *options)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint rules, and the direction of imports."""
    install(session, "lint", extras=EXTRAS)
    session.run("ruff", "format", "--check", "--diff", *session.posargs)
    session.run("ruff", "check", *session.posargs)
    session.run("lint-imports", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Strict types: core, providers, tests, benchmarks and this file."""
    install(session, "types", "test", "nox", "bench", extras=EXTRAS)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The core and the local provider: unit, contract, and end to end over HTTP."""
    install(session, "test", extras=("local",))
    paths = session.posargs or ["tests/unit", "tests/contract/test_local.py", "tests/e2e/local"]
    session.run("pytest", "-n", "auto", *paths)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of images and of requests: `-- --seconds 600`, `-- --target images`."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        session.error("the fuzzer, atheris, comes for Linux on x86-64 only")
    install(session, "fuzz")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Sizewise on a folder of images: `-- --root ~/Pictures --port 9000`."""
    install(session, extras=("local",))
    session.run("python", "-m", "providers.local", *session.posargs)


def npm_install(session: nox.Session, source: str) -> Path:
    """Installs the packages that a folder's package-lock.json pins; the folder that node_modules is in.

    Beside node_modules stand the folder's own scripts, so that they find it.
    """
    target = Path(session.virtualenv.location) / "npm" / source
    locked = (ROOT / source / "package-lock.json").read_bytes()
    installed = target / "installed"
    shutil.copytree(ROOT / source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if not installed.exists() or installed.read_bytes() != locked:
        session.run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(target))
        installed.write_bytes(locked)
    return target


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Rendering, side by side with sharp and pyvips: `-- --json FILE`, `-- --formats jpg --widths 600`."""
    install(session, "bench")
    sharp = npm_install(session, "benchmarks/sharp")
    session.run("python", "-m", "benchmarks.render", f"--sharp={sharp}", *session.posargs)


@nox.session(name="bench-misses", default=False)
def bench_misses(session: nox.Session) -> None:
    """Whole misses a second, side by side with thumbor and ipx."""
    install(session, "bench", "test", extras=("local",))
    ipx = npm_install(session, "benchmarks/ipx") / "node_modules" / ".bin" / "ipx"
    thumbor = Path(session.virtualenv.location) / "thumbor"
    # Its Pillow is older than ours, so it has an environment of its own.
    session.run("uv", "venv", "--quiet", "--allow-existing", str(thumbor), external=True)
    python = thumbor / "bin" / "python"
    session.install("--python", str(python), "-r", "benchmarks/thumbor/requirements.txt")
    thumbor_options = f"--thumbor={thumbor / 'bin' / 'thumbor'}"
    session.run("python", "-m", "benchmarks.misses", thumbor_options, f"--ipx={ipx}", *session.posargs)


@nox.session(default=False)
def sheets(session: nox.Session) -> None:
    """Sharpness beside sharp's: docs/sharpness.md with its pictures, and what the unit tests compare with."""
    install(session, "bench")
    sharp = npm_install(session, "benchmarks/sharp")
    session.run("python", "-m", "benchmarks.sheets", f"--sharp={sharp}")


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, nothing of the others.

    Import paths are those of the repository; `lifted` files stand at the root too, where the platform wants them.
    """
    lifted = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
    target = ROOT / "build" / provider
    shutil.rmtree(target, ignore_errors=True)
    for package in ("core", f"providers/{provider}"):
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for file in ["providers/__init__.py", "LICENSE"]:
        shutil.copy(ROOT / file, target / file)
    for file in ["requirements.txt", *lifted.get(provider, [])]:
        shutil.move(target / "providers" / provider / file, target / file)
    return target


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """What would be deployed, in build/PROVIDER: `-- aws`, `-- gcp` or `-- azure`."""
    for provider in session.posargs or ["aws", "gcp", "azure"]:
        session.log(f"staged {stage(provider)}")


@nox.session
def gcp(session: nox.Session) -> None:
    """Google Cloud without an account: the staged package on an emulator's buckets."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    paths = session.posargs or ["tests/contract/test_gcp.py", "tests/e2e/gcp"]
    session.run("pytest", "-n", "4", *paths)


@nox.session(name="bench-gcp", default=False)
def bench_gcp(session: nox.Session) -> None:
    """What a hit costs on Google Cloud, beside a function that answers a constant 301; needs `wrk`."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    session.run("python", "-m", "benchmarks.gcp_hit", *session.posargs)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Writes constraints.txt, and each provider's requirements.txt, anew from pyproject.toml."""
    session.install("-c", "constraints.txt", "uv")

    def compile_pins(output: str, *options: str) -> None:
        fixed = ("--universal", "--no-annotate", "--no-header", "--quiet", "pyproject.toml")
        session.run("uv", "pip", "compile", *fixed, "-o", output, *options, *session.posargs)

    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    wanted = [f"--group={group}" for group in groups]
    compile_pins("constraints.txt", "--python-version=3.11", "--all-extras", *wanted)
    for provider in ("aws", "gcp", "azure"):
        pins = ("-c", "constraints.txt", "--python-version=3.13", f"--extra={provider}")
        compile_pins(f"providers/{provider}/requirements.txt", *pins)
