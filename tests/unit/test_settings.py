"""The settings: what each variable comes to, and what it is told that it takes."""

import traceback
from dataclasses import fields

import pytest

from core.errors import SettingsError
from core.settings import Settings, load

DEFAULTS: dict[str, object] = {
    "bucket": "photos",
    "originals_bucket": "photos",
    "region": "",
    "public_url": None,
    "widths": (),
    "ratios": ("1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"),
    "sizes": (),
    "max_side": 4096,
    "format": None,
    "quality": 80,
    "enlarge": False,
    "redirect_status": 301,
    "redirect_max_age": 0,
    "variant_cache_control": "public, max-age=31536000",
    "max_original_bytes": 67_108_864,
    "max_original_pixels": 64_000_000,
    "signing_keys": (),
}

GOOD: list[tuple[str, str, object]] = [
    ("BUCKET", "/srv/my pictures", "/srv/my pictures"),
    ("BUCKET", "  padded ", "padded"),
    ("ORIGINALS_BUCKET", "originals", "originals"),
    ("REGION", "eu-central-1", "eu-central-1"),
    ("PUBLIC_URL", "https://images.example.com", "https://images.example.com"),
    ("PUBLIC_URL", "https://cdn.example.com:8443/a/@b//", "https://cdn.example.com:8443/a/@b"),
    ("PUBLIC_URL", "http://[::1]:8080/", "http://[::1]:8080"),
    ("PUBLIC_URL", "/images", "/images"),
    ("PUBLIC_URL", "/a/b/", "/a/b"),
    ("PUBLIC_URL", "HTTPS://Images.example.com", "https://Images.example.com"),
    ("WIDTHS", "600", (600,)),
    ("WIDTHS", "1200, 250,600 ,250", (250, 600, 1200)),
    ("WIDTHS", "1,4096", (1, 4096)),
    ("RATIOS", "1:1", ("1:1",)),
    ("RATIOS", "16:9, 191:100 ,04:03,8:6,2:1", ("16:9", "191:100", "4:3", "2:1")),
    ("RATIOS", "1:16383", ("1:16383",)),
    ("RATIOS", "none", ()),
    ("RATIOS", "None", ()),
    ("SIZES", "300x200", ("300x200",)),
    ("SIZES", "0300X0200, 600x400-q70-contain.jpeg", ("300x200", "600x400-contain-q70.jpg")),
    ("SIZES", "4096x,x1024-4x", ("4096x", "x4096")),
    ("MAX_SIDE", "1", 1),
    ("MAX_SIDE", "16383", 16_383),
    ("MAX_SIDE", "0600", 600),
    ("FORMAT", "png", "png"),
    ("FORMAT", "avif", "avif"),
    ("QUALITY", "1", 1),
    ("QUALITY", "100", 100),
    ("ENLARGE", "true", True),
    ("ENLARGE", "TRUE", True),
    ("ENLARGE", "False", False),
    ("REDIRECT_STATUS", "301", 301),
    ("REDIRECT_STATUS", "302", 302),
    ("REDIRECT_STATUS", "307", 307),
    ("REDIRECT_STATUS", "308", 308),
    ("REDIRECT_MAX_AGE", "0", 0),
    ("REDIRECT_MAX_AGE", "31536000", 31_536_000),
    ("VARIANT_CACHE_CONTROL", "private, max-age=60", "private, max-age=60"),
    ("MAX_ORIGINAL_BYTES", "1", 1),
    ("MAX_ORIGINAL_BYTES", "2147483648", 2**31),
    ("MAX_ORIGINAL_PIXELS", "1", 1),
    ("MAX_ORIGINAL_PIXELS", "2147483648", 2**31),
    ("SIGNING_KEYS", "0123456789abcdef", (b"0123456789abcdef",)),
    (
        "SIGNING_KEYS",
        " 0123456789abcdef,\tanother key/of+24 bytes=\n",
        (b"0123456789abcdef", b"another key/of+24 bytes="),
    ),
    ("SIGNING_KEYS", "éééééééé", ("éééééééé".encode(),)),
]

NO_NUMBERS = ["x", "-1", "+5", "1_0", "5.0", "1e3", "0x10", "1 0", "٣", "５", "²", "nan", "9" * 5000]
"""What is no whole number, or one out of every range."""

NUMBERS = {
    "MAX_SIDE": (["0", "16384"], "a whole number from 1 to 16383"),
    "QUALITY": (["0", "101"], "a whole number from 1 to 100"),
    "REDIRECT_MAX_AGE": (["31536001"], "a whole number from 0 to 31536000"),
    "MAX_ORIGINAL_BYTES": (["0", "2147483649"], "a whole number from 1 to 2147483648"),
    "MAX_ORIGINAL_PIXELS": (["0", "2147483649"], "a whole number from 1 to 2147483648"),
    "REDIRECT_STATUS": (["300", "303", "304", "309", "200", "3_01"], "301, 302, 307 or 308"),
    "WIDTHS": (["0", "4097", "250,,600", "250,", ",", "250;600", "250x"], "widths from 1 to 4096 (MAX_SIDE)"),
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
        "ratios such as 1:1,4:3,16:9, or none",
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
        "sizes of sides up to 4096 (MAX_SIDE)",
    ),
    "FORMAT": (["bmp", "jpeg", "PNG", ".png", "auto"], "one of jpg, png, webp, avif, gif"),
    "ENLARGE": (["1", "yes", "on", "truefalse"], "true or false"),
    "SIGNING_KEYS": (
        ["0123456789abcde", "0123456789abcdef,", "0123456789abcdef,short", ",", "0123456789\0abcdef", "\udcff" * 16],
        "one or more keys of 16 bytes or more, separated by commas",
    ),
    "VARIANT_CACHE_CONTROL": (["public\r\nSet-Cookie: a=b", "öffentlich"], "a Cache-Control header's value"),
    **{name: (bad + NO_NUMBERS, takes) for name, (bad, takes) in NUMBERS.items()},
}


def field(variable: str) -> str:
    """The field of the settings that a variable is read into."""
    return variable.lower()


def test_a_bucket_is_all_that_must_be_set() -> None:
    assert load({"BUCKET": "photos"}) == Settings(**DEFAULTS)  # type: ignore[arg-type]


@pytest.mark.parametrize("environ", [{}, {"BUCKET": ""}, {"BUCKET": "  "}, {"ORIGINALS_BUCKET": "originals"}])
def test_without_a_bucket_the_start_fails(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="BUCKET is not set: set it to the bucket"):
        load(environ)


def test_every_field_is_read_from_a_variable_that_is_tested_here() -> None:
    known = {name.name for name in fields(Settings)}
    assert known == set(DEFAULTS)
    assert known == {field(variable) for variable, _, _ in GOOD}
    assert known == {field(variable) for variable in BAD}


@pytest.mark.parametrize(("variable", "text", "value"), GOOD)
def test_a_good_value_is_read(variable: str, text: str, value: object) -> None:
    loaded = load({"BUCKET": "photos", variable: text})
    expected = {**DEFAULTS, field(variable): value}
    if variable == "BUCKET":
        expected["originals_bucket"] = value
    assert loaded == Settings(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("variable", "text"), [(variable, text) for variable, (texts, _) in BAD.items() for text in texts]
)
def test_a_bad_value_is_named_with_what_its_variable_takes(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({"BUCKET": "photos", variable: text})
    message = str(raised.value)
    shown = "" if variable == "SIGNING_KEYS" else f"={text!r}"
    assert message.startswith(f"{variable}{shown} is not {BAD[variable][1]}")
    assert message.isprintable()


@pytest.mark.parametrize("text", [text for text in BAD["SIGNING_KEYS"][0] if len(text) > 1])
def test_no_traceback_and_no_representation_shows_a_key(text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({"BUCKET": "photos", "SIGNING_KEYS": text})
    assert text not in "".join(traceback.format_exception(raised.value))
    assert "0123456789" not in "".join(traceback.format_exception(raised.value))
    assert "0123456789" not in repr(load({"BUCKET": "photos", "SIGNING_KEYS": "0123456789abcdef"}))


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_an_empty_variable_is_an_unset_one(empty: str) -> None:
    nothing = {name.upper(): empty for name in DEFAULTS}
    assert load({**nothing, "BUCKET": "photos"}) == load({"BUCKET": "photos"})


def test_other_variables_are_nobodys_business() -> None:
    others = {"PATH": "/bin", "QUALITIES": "x", "quality": "x", "MAXSIDE": "x", "AWS_REGION": "x"}
    assert load({"BUCKET": "photos", **others}) == load({"BUCKET": "photos"})


def test_a_rung_or_a_listed_size_that_max_side_rules_out_is_an_error_at_start() -> None:
    small = {"BUCKET": "photos", "MAX_SIDE": "1000"}
    assert load({**small, "WIDTHS": "250,1000", "SIZES": "1000x,x500-2x"}).widths == (250, 1000)
    with pytest.raises(SettingsError, match=r"WIDTHS='250,1001' is not widths from 1 to 1000 \(MAX_SIDE\)"):
        load({**small, "WIDTHS": "250,1001"})
    with pytest.raises(SettingsError, match=r"SIZES='300x200,x501-2x' is not sizes of sides up to 1000 \(MAX_SIDE\)"):
        load({**small, "SIZES": "300x200,x501-2x"})
