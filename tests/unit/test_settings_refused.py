"""Settings that are refused: the error names the variable and the values that it accepts, and shows no signing key."""

import traceback
from dataclasses import fields

import pytest

from core.errors import SettingsError
from core.settings import Settings, load

NO_NUMBERS = ["x", "-1", "+5", "1_0", "5.0", "1e3", "0x10", "1 0", "٣", "５", "²", "nan", "9" * 5000]
"""Texts that are no whole number, or a number outside every range."""
NUMBERS = {
    "MAX_SIDE": (["0", "16384"], "a whole number from 1 to 16383"),
    "QUALITY": (["0", "101"], "a whole number from 1 to 100"),
    "REDIRECT_MAX_AGE": (["31536001"], "a whole number from 0 to 31536000"),
    "MAX_ORIGINAL_BYTES": (["0", "2147483649"], "a whole number from 1 to 2147483648"),
    "MAX_ORIGINAL_PIXELS": (["0", "2147483649"], "a whole number from 1 to 2147483648"),
    "REDIRECT_STATUS": (["300", "303", "304", "309", "200", "3_01"], "301, 302, 307 or 308"),
    "WIDTHS": (["0", "4097", "250,,600", "250,", ",", "250;600", "250x"], "a list of widths from 1 to 4096 (MAX_SIDE)"),
}
BAD: dict[str, tuple[list[str], str]] = {
    "BUCKET": (["line\nbreak", "nul\0"], "a bucket's name"),
    "ORIGINALS_BUCKET": (["tab\tbed"], "a bucket's name"),
    "REGION": (["eu\ncentral"], "a region's name"),
    "PUBLIC_URL": (
        [
            *(
                "images.example.com",
                "//images.example.com",
                *("/", "//", "///images", "/a//b", "/.", "/a/../b", "/%2e%2E/a", "/%ff", "https://example.com/%ff"),
                *("https://example.com/a//b", "https://example.com/.."),
                "/images?v=1",
                "/im ages",
                "/im\\ages",
                "images",
                "ftp://images.example.com",
                "https://",
            ),
            *("https://user@example.com", "https://user:secret@example.com", "https://:secret@example.com"),
            *("https://@example.com", "https://example.com?a=b", "https://example.com?", "https://example.com/#a"),
            *("https://example.com/#", "https://exa mple.com", "https://example.com/a b", "https://exam\nple.com"),
            *("https://exämple.com", "https://example.com:99999", "https://example.com:port", "https://[::1"),
        ],
        "a path, or an http or https URL without user, query or fragment",
    ),
    "RATIOS": (
        [
            *(
                "1",
                "1:",
                ":1",
                "1:0",
                "0:1",
                "4/3",
                "4x3",
                "16:9:4",
                "1:1,",
                "1:1;4:3",
                "1.91:1",
                "-1:1",
                "1:16384",
                "none,1:1",
            ),
            *("any", "٣:٢", "1: 1", "1:1 4:3"),
        ],
        "a list of ratios such as 1:1,4:3,16:9, or none",
    ),
    "SIZES": (
        [
            "banana",
            "300x200,",
            "300x200;600x",
            "x",
            "300x200-blur",
            "4097x",
            "x1025-4x",
            "9" * 71 + "x1-f0x100",
            "613x409-s" + "a" * 16,
        ],
        "a list of sizes with sides up to 4096 (MAX_SIDE)",
    ),
    "FORMAT": (["bmp", "jpeg", "PNG", ".png", "auto"], "one of jpg, png, webp, avif, gif"),
    "ENLARGE": (["1", "yes", "on", "truefalse"], "true or false"),
    "SIGNING_KEYS": (
        ["0123456789abcde", "0123456789abcdef,", "0123456789abcdef,short", ",", "0123456789\0abcdef", "\udcff" * 16],
        "a list of keys of 16 bytes or more, separated by commas",
    ),
    "VARIANT_CACHE_CONTROL": (["public\r\nSet-Cookie: a=b", "öffentlich"], "a Cache-Control header's value"),
    **{name: (bad + NO_NUMBERS, takes) for name, (bad, takes) in NUMBERS.items()},
}


@pytest.mark.parametrize("environ", [{}, {"BUCKET": ""}, {"BUCKET": "  "}, {"ORIGINALS_BUCKET": "originals"}])
def test_without_a_bucket_the_start_fails(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="BUCKET is not set: set it to the bucket"):
        load(environ)


def test_every_field_has_a_refused_value_here() -> None:
    assert {name.name for name in fields(Settings)} == {variable.lower() for variable in BAD}


@pytest.mark.parametrize(
    ("variable", "text"), [(variable, text) for variable, (texts, _) in BAD.items() for text in texts]
)
def test_the_error_names_the_bad_value_and_what_its_variable_accepts(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({"BUCKET": "photos", variable: text})
    message = str(raised.value)
    shown = "" if variable == "SIGNING_KEYS" else f"={text!r}"
    assert message.startswith(f"{variable}{shown} is not {BAD[variable][1]}")
    assert message.isprintable()


@pytest.mark.parametrize("text", [text for text in BAD["SIGNING_KEYS"][0] if len(text) > 1])
def test_no_traceback_and_no_representation_shows_a_signing_key(text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({"BUCKET": "photos", "SIGNING_KEYS": text})
    assert text not in "".join(traceback.format_exception(raised.value))
    assert "0123456789" not in "".join(traceback.format_exception(raised.value))
    assert "0123456789" not in repr(load({"BUCKET": "photos", "SIGNING_KEYS": "0123456789abcdef"}))


def test_a_rung_or_a_listed_size_above_max_side_is_an_error_at_start() -> None:
    small = {"BUCKET": "photos", "MAX_SIDE": "1000"}
    assert load({**small, "WIDTHS": "250,1000", "SIZES": "1000x,x500-2x"}).widths == (250, 1000)
    with pytest.raises(SettingsError, match=r"WIDTHS='250,1001' is not a list of widths from 1 to 1000 \(MAX_SIDE\)"):
        load({**small, "WIDTHS": "250,1001"})
    with pytest.raises(
        SettingsError, match=r"SIZES='300x200,x501-2x' is not a list of sizes with sides up to 1000 \(MAX_SIDE\)"
    ):
        load({**small, "SIZES": "300x200,x501-2x"})
