"""Signed sizes: what a signature allows and what it does not. The code in docs/signing.md makes the same signatures."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from core.errors import SizeRefused
from core.http import Request
from core.settings import Settings
from core.size import Size, parse
from core.variants import requested
from tests.support.servers.processes import ROOT
from tests.support.settings import settings
from tests.support.sizes import SIGNATURES, sizes
from tests.support.vectors import KEY, OLD, OTHER, SIGNED, VECTORS, Vector

LADDER = settings(widths=(250, 600), sizes=("320x200-f30x70",), signing_keys=(KEY.encode(), OLD.encode()))
PAGE = (ROOT / "docs" / "signing.md").read_text()

CAT = SIGNED[KEY, "613x409", "albums/cat.jpg"]
BY_OLD_KEY = SIGNED[OLD, "613x409", "albums/cat.jpg"]


def keys(path: str, deployment: Settings = LADDER, accept: str = "") -> list[str]:
    """The keys of the variants for a path, the best first."""
    return [variant.key for variant in requested(Request("GET", path, accept), deployment)]


def signed_by(path: str) -> str:
    """The signature in a path."""
    match = re.search(r"-(s[a-z2-7]{16})", path)
    assert match
    return match[1]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.size}/{vector.image[:40]}")
def test_a_signature_of_openssl_is_accepted(vector: Vector) -> None:
    deployment = settings(sizes=("1x1",), max_side=16_383, signing_keys=(vector.key.encode(),))
    (variant,) = requested(Request("GET", vector.path), deployment)
    signature = "" if vector.size.endswith(".auto") else f"-{signed_by(vector.path)}"
    box, dot, suffix = vector.size.removesuffix(".auto").partition(".")
    if signature:
        assert variant.key == f"{box}{signature}{dot}{suffix}/{vector.image}"
    assert variant.original == vector.image


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_the_code_in_the_docs_makes_the_same_signatures_as_openssl(language: str, tmp_path: Path) -> None:
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(code.splitlines()) <= 12
    inputs = [[vector.size, vector.image, vector.key] for vector in VECTORS]
    if language == "python":
        space: dict[str, object] = {}
        exec(code, space)  # noqa: S102 -- it is the page's own code
        function = space["signed_path"]
        assert callable(function)
        paths = [function(*given) for given in inputs]
    else:
        script = tmp_path / "sign.mjs"
        script.write_text(
            f"{code}\nconsole.log(JSON.stringify({json.dumps(inputs)}.map((given) => signedPath(...given))))"
        )
        done = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
        paths = json.loads(done.stdout)
    assert paths == [vector.path for vector in VECTORS]


def test_a_size_beyond_the_ladder_is_refused_without_a_signature_and_rendered_with_one() -> None:
    path = SIGNED[KEY, "613x409-f30x70", "albums/cat.jpg"]
    with pytest.raises(SizeRefused, match="any size signed with `sizewise sign`"):
        keys("/613x409-f30x70/albums/cat.jpg")
    assert keys(path) == [path.removeprefix("/")]


def test_the_ladder_does_not_round_a_signed_size() -> None:
    assert keys("/613x409/albums/cat.jpg") == ["600x400/albums/cat.jpg"]
    assert keys(CAT) == [CAT.removeprefix("/")]
    side = SIGNED[KEY, "613x", "albums/cat.jpg"]
    assert keys(side) == [side.removeprefix("/")]


def test_every_configured_key_verifies_and_the_signature_is_kept() -> None:
    assert keys(BY_OLD_KEY) == [BY_OLD_KEY.removeprefix("/")]
    alone = settings(widths=(250, 600), signing_keys=(KEY.encode(),))
    with pytest.raises(SizeRefused):
        keys(BY_OLD_KEY, alone)


@pytest.mark.parametrize(
    "spelling", ["0613X0409-{}", "613x409-q80-{}", "613x409-cover-{}-1x", "613x409-{}-q80", "613x409-{}-1X"]
)
def test_any_spelling_of_a_signed_size_leads_to_its_one_key(spelling: str) -> None:
    spelled = spelling.format(signed_by(CAT)).upper()
    assert keys(f"/{spelled}/albums/cat.jpg") == [CAT.removeprefix("/")]


def test_signed_addresses_stay_valid_when_a_default_changes() -> None:
    """The size was signed under another QUALITY: the function signs it again, without its quality."""
    path = SIGNED[KEY, "613x409-contain-bg1e90ff-q70.avif", "albums/2026/cat.jpg"]
    (key,) = keys(path, settings(widths=(250,), quality=70, signing_keys=(KEY.encode(),)))
    assert re.fullmatch(r"613x409-contain-bg1e90ff-s[a-z2-7]{16}\.avif/albums/2026/cat\.jpg", key)
    assert keys(f"/{key}", settings(widths=(250,), quality=70, signing_keys=(KEY.encode(),))) == [key]


def test_a_size_is_signed_again_with_the_key_of_its_signature() -> None:
    """Anyone who has a key that will be removed gets no signature that is valid after its removal."""
    path = SIGNED[KEY, "613x409-contain-bg1e90ff-q70.avif", "albums/2026/cat.jpg"]
    both = settings(widths=(250,), quality=70, signing_keys=(OLD.encode(), KEY.encode()))
    (key,) = keys(path, both)
    with pytest.raises(SizeRefused, match="not valid"):
        keys(f"/{key}", settings(widths=(250,), quality=70, signing_keys=(OLD.encode(),)))


WRONG = {
    "another image": CAT.replace("cat.jpg", "dog.jpg"),
    "another size": CAT.replace("613x409", "613x410"),
    "another format": CAT.replace("/albums", ".webp/albums"),
    "an added fit": CAT.replace("613x409", "613x409-contain"),
    "one character": CAT.replace(signed_by(CAT), signed_by(CAT)[:-1] + "g"),
    "the first characters": CAT.replace(signed_by(CAT), signed_by(CAT)[:9] + "a" * 8),
    "nothing in common": f"/613x409-s{'a' * 16}/albums/cat.jpg",
    "one side, which the ladder would round to a rung": f"/613x-{signed_by(CAT)}/albums/cat.jpg",
    "a key that is no longer set": SIGNED[OTHER, "613x409", "albums/cat.jpg"],
}


@pytest.mark.parametrize("path", WRONG.values(), ids=WRONG)
def test_the_answer_to_a_wrong_signature_does_not_show_how_close_it_was(path: str) -> None:
    with pytest.raises(SizeRefused) as raised:
        keys(path)
    _, segment, image = path.split("/", 2)
    unsigned = re.sub(r"-s[a-z2-7]{16}", "", segment)
    assert str(raised.value) == (
        f"The signature is not valid: sign '{unsigned}/{image}' with a key of this deployment."
    )


def test_without_keys_no_signature_is_valid() -> None:
    with pytest.raises(SizeRefused, match="no SIGNING_KEYS"):
        keys(CAT, settings(widths=(250, 600)))


@pytest.mark.parametrize("size", ["600x", "x250", "600x600-smart", "320x200-f30x70", "250x.webp", "600x-q80"])
@pytest.mark.parametrize("signature", ["s" + "a" * 16, "s" + "7" * 16])
def test_the_signature_of_a_size_that_needs_none_is_dropped(size: str, signature: str) -> None:
    box, dot, suffix = size.partition(".")
    plain = size.removesuffix("-q80")
    assert keys(f"/{box}-{signature}{dot}{suffix}/albums/cat.jpg") == [f"{plain}/albums/cat.jpg"]


@given(sizes(4096), SIGNATURES)
def test_a_signature_is_dropped_if_any_size_is_rendered(size: Size, signature: str) -> None:
    box, dot, suffix = str(size).partition(".")
    unsigned = keys(f"/{size}/cat.jpg", settings(), "image/avif,image/webp")
    assert keys(f"/{box}-s{signature}{dot}{suffix}/cat.jpg", settings(), "image/avif,image/webp") == unsigned


def test_a_signature_does_not_allow_more_than_max_side() -> None:
    with pytest.raises(SizeRefused, match="The size 613x409 is too large: sides up to 600 pixels"):
        keys(CAT, settings(widths=(250, 600), max_side=600, signing_keys=(KEY.encode(),)))
    with pytest.raises(SizeRefused, match="too large"):
        keys("/5000x-saaaaaaaaaaaaaaaa/albums/cat.jpg", settings())


@pytest.mark.parametrize("first", [KEY, OLD])
def test_a_signature_of_auto_allows_each_of_its_formats_signed_with_the_first_key(first: str) -> None:
    both = tuple(key.encode() for key in (first, *({KEY, OLD} - {first})))
    deployment = settings(widths=(250, 600), signing_keys=both)
    path = SIGNED[KEY, "613x409.auto", "albums/cat.jpg"]
    found = keys(path, deployment, "image/avif,image/webp,*/*")
    assert [re.sub(r"-s[a-z2-7]{16}", "", key) for key in found] == [
        f"613x409{suffix}/albums/cat.jpg" for suffix in (".avif", ".webp", "")
    ]
    assert found[2] == SIGNED[first, "613x409", "albums/cat.jpg"].removeprefix("/")
    # Each is valid by itself.
    assert [keys(f"/{key}", deployment) for key in found] == [[key] for key in found]


def test_a_signature_of_one_format_does_not_allow_auto() -> None:
    box = SIGNED[KEY, "613x409.webp", "albums/cat.jpg"]
    with pytest.raises(SizeRefused):
        keys(box.replace(".webp/", ".auto/"))


def test_a_format_of_auto_is_not_signed_if_it_needs_no_signature() -> None:
    listed = settings(sizes=("613x409",), signing_keys=(KEY.encode(),))
    found = keys(SIGNED[KEY, "613x409.auto", "albums/cat.jpg"], listed, "image/webp")
    assert found == [SIGNED[KEY, "613x409.webp", "albums/cat.jpg"].removeprefix("/"), "613x409/albums/cat.jpg"]


def test_a_signed_size_parses_as_a_size() -> None:
    """So a variant of it has no variants."""
    assert parse("613x409-s" + "a" * 16).signature == "a" * 16
