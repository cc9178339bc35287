"""Every task a person runs. `./noxw -l` lists them, `./noxw` runs those that are starred."""

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
nox.options.sessions = ["lint", "types", "tests"]


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
    install(session, "types", "test", "nox", extras=EXTRAS)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The core and the local provider: unit, contract, and end to end over HTTP."""
    install(session, "test", extras=("local",))
    paths = session.posargs or ["tests/unit", "tests/contract/test_local.py", "tests/e2e/local"]
    session.run("pytest", "-n", "auto", *paths)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Sizewise on a folder of images: `-- --root ~/Pictures --port 9000`."""
    install(session, extras=("local",))
    session.run("python", "-m", "providers.local", *session.posargs)


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, nothing of the others.

    Import paths are those of the repository; `lifted` files stand at the root too, where the platform wants them.
    """
    lifted = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
    target = ROOT / "build" / provider
    shutil.rmtree(target, ignore_errors=True)
    tools = ("node_modules", ".serverless", "serverless.yml", "package*.json", "*.md")
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc", *tools)
    for package in ("core", f"providers/{provider}"):
        shutil.copytree(ROOT / package, target / package, ignore=left_out)
    for file in ["providers/__init__.py", "LICENSE"]:
        shutil.copy(ROOT / file, target / file)
    for file in ["requirements.txt", *lifted.get(provider, [])]:
        shutil.move(target / "providers" / provider / file, target / file)
    return target


def zip_for_lambda(session: nox.Session, python: str = "3.13") -> None:
    """Makes build/aws-ARCHITECTURE.zip: the staged folder and its Linux wheels, for each that Lambda runs on."""
    staged = stage("aws")
    for architecture, wheels in {"arm64": "aarch64", "x86_64": "x86_64"}.items():
        target = staged.with_name(f"aws-{architecture}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(staged, target)
        fit = (f"--python-platform={wheels}-manylinux_2_28", f"--python-version={python}", "--only-binary=:all:")
        pins = ("--no-deps", "-r", f"{staged}/requirements.txt")
        session.run("uv", "pip", "install", "--quiet", f"--target={target}", *fit, *pins, external=True)
        shutil.make_archive(str(target), "zip", target)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """What would be deployed, in build/PROVIDER: `-- aws` (zipped too), `-- gcp` or `-- azure`."""
    for provider in session.posargs or ["aws", "gcp", "azure"]:
        session.log(f"staged {stage(provider)}")
        if provider == "aws":
            zip_for_lambda(session)


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
        # Lambda's runtime carries boto3, which is all that the extra `aws` asks for.
        extra = [] if provider == "aws" else [f"--extra={provider}"]
        pins = ("-c", "constraints.txt", "--python-version=3.13", *extra)
        compile_pins(f"providers/{provider}/requirements.txt", *pins)
