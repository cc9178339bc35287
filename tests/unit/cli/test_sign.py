"""`sizewise sign`: the path that it prints, and its errors."""

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.sign import sign
from core.errors import BadKey
from core.http import Request
from core.keys import from_path, split
from core.settings import load
from core.size import Size
from core.variants import requested
from tests.support.sizes import sizes
from tests.support.vectors import KEY, SIGNED, VECTORS, Vector

CAT = SIGNED[KEY, "613x409", "albums/cat.jpg"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.size}/{vector.image[:40]}")
def test_the_command_signs_as_openssl_does(vector: Vector) -> None:
    environ = {"SIGNING_KEYS": f"{vector.key},another key of enough bytes", "MAX_SIDE": "16383"}
    done = CliRunner().invoke(sign, [vector.size, vector.image], env=environ)
    assert (done.exit_code, done.output) == (0, f"{vector.path}\n")


@given(sizes(4096), st.text(min_size=1, max_size=20))
def test_a_path_from_the_command_is_accepted_without_a_redirect(size: Size, name: str) -> None:
    image = f"albums/{name}"
    environ = {"BUCKET": "photos", "SIGNING_KEYS": KEY, "WIDTHS": "250,600"}
    done = CliRunner().invoke(sign, [str(size), image], env=environ)
    try:
        split(f"{size}/{image}")
        image.encode()
    except (BadKey, UnicodeError):
        assert done.exit_code == 1
        return
    path = done.output.rstrip("\n")
    found = [variant.key for variant in requested(Request("GET", path), load(environ))]
    if size.format != "auto":
        assert found == [from_path(path).removeprefix("/")]
    else:
        box = str(size).removesuffix(".auto")
        assert re.fullmatch(rf"{box}(-s[a-z2-7]{{16}})?/{re.escape(image)}", found[-1])


REFUSED = {
    "no keys": ({}, ["613x409", "cat.jpg"], "SIGNING_KEYS is not set"),
    "a short key": (
        {"SIGNING_KEYS": "fifteen bytes.."},
        ["613x409", "cat.jpg"],
        "SIGNING_KEYS is not a list of keys",
    ),
    "no size": ({"SIGNING_KEYS": KEY}, ["albums", "cat.jpg"], "'albums' is not a size"),
    "a side over the limit": ({"SIGNING_KEYS": KEY}, ["5000x", "cat.jpg"], "up to 4096 pixels"),
    "a slash in front": ({"SIGNING_KEYS": KEY}, ["613x409", "/cat.jpg"], "begins with a slash"),
    "a variant": ({"SIGNING_KEYS": KEY}, ["613x409", "600x/cat.jpg"], "A variant has no variants"),
    "a key that is too long": ({"SIGNING_KEYS": KEY}, ["613x409", "a" * 1000], "too long"),
    "half a surrogate pair": ({"SIGNING_KEYS": KEY}, ["613x409", "\udcff.jpg"], "not UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_command_refuses_an_invalid_request_in_one_line(case: str) -> None:
    environ, arguments, words = REFUSED[case]
    done = CliRunner().invoke(sign, arguments, env={"SIGNING_KEYS": "", **environ})
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert words in line
    assert KEY not in line


def test_the_command_signs_the_canonical_size_of_the_deployment() -> None:
    environ = {"SIGNING_KEYS": KEY, "QUALITY": "70", "WIDTHS": "250,600"}
    given = {"613x409-q70": CAT, "0613X409-s" + "a" * 16: CAT, "600x-q70": "/600x/albums/cat.jpg"}
    for size, path in given.items():
        done = CliRunner().invoke(sign, [size, "albums/cat.jpg"], env=environ)
        assert done.output == f"{path}\n"
