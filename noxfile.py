"""All tasks. `./noxw -l` lists them; `./noxw` runs the starred ones."""

import os
import platform
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))  # nox runs in its own environment, without this folder.

from tools.benchmarks import measure  # noqa: E402
from tools.deployment.facts import CLOUDS  # noqa: E402
from tools.environments import (  # noqa: E402
    become_python,
    hush,
    install,
    install_azure_cli,
    install_azure_worker,
    install_chromium,
    install_lambda,
    install_once,
    installing,
    npm_install,
)
from tools.management import manage  # noqa: E402
from tools.package import stage, zip_for_lambda  # noqa: E402
from tools.pins import compile_all  # noqa: E402

EXTRAS = ("local", *CLOUDS)
"""The providers: each is an extra in pyproject.toml with the provider's runtime dependencies."""
JUNIT = ROOT / ".nox" / "junit"
QUIET = ("serve", "sign", "deploy", "info", "logs", "remove")
"""The commands of a user, whose output is shown without nox's lines."""

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True


hush(QUIET)


def run_tests(session: nox.Session, provider: str, *paths: str, env: dict[str, str] | None = None) -> None:
    """Runs the tests in `paths`, or the tests that the command line names.

    The results go to JUNIT/PROVIDER.xml, from which `conformance` makes its tables.
    """
    # Many tests wait for a tool or a deadline. Those of Azure have deadlines that need a processor.
    workers = (os.cpu_count() or 1) + (provider != "azure")
    # A file's tests on AWS share a deployment, which takes seconds. Elsewhere, idle workers take tests from others.
    options = ("-n", str(workers), f"--dist={'loadfile' if provider == 'aws' else 'worksteal'}")
    session.run("pytest", *options, f"--junitxml={JUNIT / provider}.xml", *(session.posargs or paths), env=env)


@nox.session
def lint(session: nox.Session) -> None:
    """Checks the format, the lint rules and the direction of imports."""
    install(session, "lint", extras=EXTRAS)
    session.run("ruff", "format", "--check", "--diff", *session.posargs)
    session.run("ruff", "check", *session.posargs)
    session.run("lint-imports", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Checks the types, strictly, in all folders."""
    install(session, "types", "test-local", "test-aws", "test-azure", "nox", "bench", extras=EXTRAS)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Tests the core and the local provider: unit, contract, and end to end over HTTP and in a browser."""
    install(session, "test-local", extras=("local",))
    install_chromium(session)
    others = ("aws", "azure", "test_connections.py")
    elsewhere = (f"--ignore=tests/unit/providers/{name}" for name in others)
    contract = ("tests/contract/test_memory.py", "tests/contract/test_local.py")
    paths = ("tests/unit", *elsewhere, *contract, "tests/e2e/local")
    run_tests(session, "local", *paths)


@nox.session
def aws(session: nox.Session) -> None:
    """Tests AWS: the adapter, the manifest, the package, and requests to a deployment by osls on an emulator.

    Real: the SDK, osls, the CloudFormation template, the package with its Linux wheels, the HTTP client and the
    redirects it follows. moto emulates S3 for the adapter's contract. ministack emulates the deployment:
    CloudFormation, IAM, S3 with its policies, API Gateway, Lambda, logs. No emulator has the bucket's website,
    API Gateway's TLS (both in tests/e2e/aws/fronts.py) or CloudFront (tests/e2e/aws/edge.py): the tests imitate
    these from the deployed resources.
    """
    install(session, "test-aws", extras=("aws",))
    npm_install(session, "providers/aws")
    zip_for_lambda(installing(session), python=install_lambda(session))
    unit = ("tests/unit/providers/aws", "tests/unit/providers/test_connections.py")
    run_tests(session, "aws", *unit, "tests/contract/aws", "tests/e2e/aws")


@nox.session
def gcp(session: nox.Session) -> None:
    """Tests Google Cloud without an account: the staged package, with an emulator of Cloud Storage."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    run_tests(session, "gcp", "tests/contract/gcp", "tests/e2e/gcp")


@nox.session
def azure(session: nox.Session) -> None:
    """Tests Azure without an account: Azurite, the manifests, and the staged package in Microsoft's Python worker."""
    install(session, "test-azure", extras=("azure",))
    npm_install(session, "tests/e2e/azure")
    install_azure_cli(session)
    env = {"AZURE_WORKER_PYTHON": str(install_azure_worker(session, stage("azure")))}
    run_tests(session, "azure", "tests/unit/providers/azure", "tests/contract/azure", "tests/e2e/azure", env=env)


@nox.session(default=False, requires=["tests", *CLOUDS])
def conformance(session: nox.Session) -> None:
    """Runs all tests, and writes their results to docs/conformance.md and docs/operations.md."""
    session.run("python", "-m", "tests.support.table", str(JUNIT), "docs/conformance.md")
    session.run("python", "-m", "tests.support.stores", str(JUNIT), "docs/operations.md")


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Prints the branches that unit and contract tests do not reach, without child processes and e2e tests."""
    install(session, "coverage", "test-local", "test-aws", "test-gcp", "test-azure", extras=EXTRAS)
    npm_install(session, "tests/e2e/azure")
    paths = ("tests/unit", "--ignore=tests/unit/test_hostile.py", "tests/contract")
    session.run("pytest", "--cov", f"-n{os.cpu_count() or 1}", *(session.posargs or paths))


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Fuzzes images, answers of child processes, and requests: `-- --seconds 600`, `-- --target images`."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        session.error("the fuzzer, atheris, exists for Linux on x86-64 only")
    install(session, "fuzz", "test")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session(default=False)
def oracle(session: nox.Session) -> None:
    """Compares random valid files with a real browser and sharp: `-- --seconds 600`, `-- --only GIF --seed 1`.

    Each file is rendered at its own size to PNG and to each animated format. Files that differ are kept in
    .nox/differing.
    """
    install(session, "test", "node")
    peers = npm_install(session, "tests/oracle")
    env = {"CHROMIUM": install_chromium(session)}
    session.run("python", "-m", "tests.oracle", f"--peers={peers}", *session.posargs, env=env)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Mutation tests of the core's rules, such as sizes, keys and the ladder: `-- core/size.py` for one module.

    Cosmic Ray changes one operator, comparison, condition, number, exception or decorator at a time, and a test must
    fail. Texts are not changed, so the wording of messages is not tested. `|` is mostly in type annotations, so the
    operator is not changed.
    `tests/unit/mutants.toml` lists what else is left out, and explains each mutant that no test can kill.
    """
    install(session, "mutants", "test")
    # After Ctrl-C, tools.mutants waits for the running tests, and removes its copies.
    session.run("python", "-u", "-m", "tools.mutants", *session.posargs, interrupt_timeout=120)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Serves a folder of images, by default the samples: `-- --root ~/Pictures --port 9000`."""
    install_once(session, extras=("local",))
    become_python(session, "-m", "cli", "serve", f"--default={ROOT / 'samples'}", *session.posargs)


@nox.session(default=False)
def sign(session: nox.Session) -> None:
    """Prints the signed path of an image at any size, with SIGNING_KEYS: `-- 613x409 albums/cat.jpg`."""
    install_once(session, extras=("local",))
    become_python(session, "-m", "cli", "sign", *session.posargs)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Makes the package that is deployed, in build/PROVIDER: `-- aws` (and its zip files), `-- gcp` or `-- azure`."""
    for provider in session.posargs or CLOUDS:
        if provider == "aws":
            zip_for_lambda(installing(session))
        session.log(f"staged {stage(provider)}")


@nox.session(default=False)
def deploy(session: nox.Session) -> None:
    """Deploys to the cloud that a file describes, or updates the deployment: `-- deployments/prod.toml`, `--yes`."""
    manage(session, "deploy", tools=True)


@nox.session(default=False)
def info(session: nox.Session) -> None:
    """Prints a deployment's addresses, version, limits and settings: `-- deployments/prod.toml`."""
    manage(session, "info")


@nox.session(default=False)
def logs(session: nox.Session) -> None:
    """Prints the last lines of a deployment's log, and follows it: `-- deployments/prod.toml`."""
    manage(session, "logs")


@nox.session(default=False)
def remove(session: nox.Session) -> None:
    """Removes a deployment, but not its pictures and keys: `-- deployments/prod.toml`, `--yes`."""
    manage(session, "remove", tools=True)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Runs a benchmark, `render` by default: `-- render`, `-- misses`, then its options.

    The other benchmarks are in tools/benchmarks.py.
    """
    measure(session)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Writes constraints.txt, the providers' requirements.txt and the Azure CLI's pins again."""
    session.install("-c", "constraints.txt", "uv")
    compile_all(session, list(nox.project.load_toml("pyproject.toml")["dependency-groups"]))
