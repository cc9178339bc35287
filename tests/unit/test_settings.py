"""The settings: the value that each variable is read into."""

from dataclasses import fields

import pytest

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


def field(variable: str) -> str:
    """The field of the settings for a variable."""
    return variable.lower()


def test_only_the_bucket_must_be_set() -> None:
    assert load({"BUCKET": "photos"}) == Settings(**DEFAULTS)  # type: ignore[arg-type]


def test_every_field_has_a_value_here() -> None:
    known = {name.name for name in fields(Settings)}
    assert known == set(DEFAULTS)
    assert known == {field(variable) for variable, _, _ in GOOD}


@pytest.mark.parametrize(("variable", "text", "value"), GOOD)
def test_a_good_value_is_read(variable: str, text: str, value: object) -> None:
    loaded = load({"BUCKET": "photos", variable: text})
    expected = {**DEFAULTS, field(variable): value}
    if variable == "BUCKET":
        expected["originals_bucket"] = value
    assert loaded == Settings(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_an_empty_variable_counts_as_unset(empty: str) -> None:
    nothing = {name.upper(): empty for name in DEFAULTS}
    assert load({**nothing, "BUCKET": "photos"}) == load({"BUCKET": "photos"})


def test_other_variables_are_ignored() -> None:
    others = {"PATH": "/bin", "QUALITIES": "x", "quality": "x", "MAXSIDE": "x", "AWS_REGION": "x"}
    assert load({"BUCKET": "photos", **others}) == load({"BUCKET": "photos"})
