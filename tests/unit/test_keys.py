"""Keys: percent-decoded exactly once, percent-encoded exactly once, and which keys are refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadKey
from core.keys import _MAX_BYTES, check, from_path, split, to_path
from core.size import is_size
from tests.support.keys import AWKWARD

DECODED = {
    "/300x/cat.jpg": "/300x/cat.jpg",
    "/300x/a%20b.jpg": "/300x/a b.jpg",
    "/300x/a+b.jpg": "/300x/a+b.jpg",
    "/300x/a%2Bb.jpg": "/300x/a+b.jpg",
    "/300x/a%2bb.jpg": "/300x/a+b.jpg",
    "/300x/a%2520b.jpg": "/300x/a%20b.jpg",
    "/300x/a%252520b.jpg": "/300x/a%2520b.jpg",
    "/300x/a%2Fb.jpg": "/300x/a/b.jpg",
    "/300x/%E3%81%AD%E3%81%93.jpg": "/300x/ねこ.jpg",
    "/300x/ねこ.jpg": "/300x/ねこ.jpg",
    # A percent sign that starts no escape stays.
    "/300x/100%.jpg": "/300x/100%.jpg",
    "/300x/100%2": "/300x/100%2",
    "/300x/%zz%u0041.jpg": "/300x/%zz%u0041.jpg",
    "/300x/%%20.jpg": "/300x/% .jpg",
    # Composed and decomposed letters make different names.
    "/300x/caf%C3%A9.jpg": "/300x/caf\u00e9.jpg",
    "/300x/cafe%CC%81.jpg": "/300x/cafe\u0301.jpg",
    "/300x/cat.jpg%00": "/300x/cat.jpg\0",
    "": "",
}

NOT_UTF8 = [
    *("/300x/caf%E9.jpg", "/300x/%FF", "/300x/%C3", "/300x/%C3%28", "/300x/%80"),
    *("/300x/%C0%AF", "/300x/%C0%AE%C0%AE/cat.jpg", "/300x/%ED%A0%80", "/300x/%F5%80%80%80", "/300x/\ud800"),
]
"""In the last row: an overlong slash and dots, a surrogate, a code point after the last, and an unencoded surrogate."""

SPLIT = {
    "/300x200/cat.jpg": ("300x200", "cat.jpg"),
    "300x200/cat.jpg": ("300x200", "cat.jpg"),
    "/300x200/albums/2026/cat.jpg": ("300x200", "albums/2026/cat.jpg"),
    "/banana/cat.jpg": ("banana", "cat.jpg"),
    "//albums/cat.jpg": ("", "albums/cat.jpg"),
    "/300x200/2026/300x200-1.jpg.bak": ("300x200", "2026/300x200-1.jpg.bak"),
    # Only the first segment of a key can be a variant's folder.
    "/300x200/albums/300x200/cat.jpg": ("300x200", "albums/300x200/cat.jpg"),
    "/300x200/albums/300x200.jpg": ("300x200", "albums/300x200.jpg"),
    "/300x200/shot-320x213.jpg": ("300x200", "shot-320x213.jpg"),
    "/300x200/320x213.jpg": ("300x200", "320x213.jpg"),
    "/300x200/600x": ("300x200", "600x"),
    "/300x200/300×200/cat.jpg": ("300x200", "300×200/cat.jpg"),
    "/300x200/0x0/cat.jpg": ("300x200", "0x0/cat.jpg"),
    "/300x200/x/cat.jpg": ("300x200", "x/cat.jpg"),
    "/300x200/cat..jpg.": ("300x200", "cat..jpg."),
    "/300x200/a.b/c.": ("300x200", "a.b/c."),
    "/300x200/ / ": ("300x200", " / "),
    "/300x200/a~b\xa0.jpg": ("300x200", "a~b\xa0.jpg"),
    "/300x200/a\u2028b\u200b\ufeff.jpg": ("300x200", "a\u2028b\u200b\ufeff.jpg"),
}

REFUSED = {
    "": "/600x400/albums/cat.jpg",
    "/": "/600x400/albums/cat.jpg",
    "/300x200": "/600x400/albums/cat.jpg",
    "/300x200/": "/600x400/albums/cat.jpg",
    # The only segment is the size.
    "cat.jpg": "/600x400/albums/cat.jpg",
    "//": "/600x400/albums/cat.jpg",
    "/300x200//": "segment",
    "/300x200//cat.jpg": "segment",
    "/300x200/albums//cat.jpg": "segment",
    "/300x200/albums/": "segment",
    "/300x200/.": "segment",
    "/300x200/..": "segment",
    "/300x200/./cat.jpg": "segment",
    "/300x200/../cat.jpg": "segment",
    "/300x200/albums/../cat.jpg": "segment",
    "/300x200/albums/..": "segment",
    "/300x200//etc/passwd": "segment",
    "/300x200/.env": "begins with a dot",
    "/300x200/.git/config": "begins with a dot",
    "/300x200/albums/.thumbnails/cat.jpg": "begins with a dot",
    "/300x200/albums/.cat.jpg": "begins with a dot",
    "/300x200/...": "begins with a dot",
    "/300x200/..cat.jpg": "begins with a dot",
    "/300x200/a..\\cat.jpg": "backslash",
    "/300x200/a\\cat.jpg": "backslash",
    "/300x200/\0": "control",
    "/300x200/cat.jpg\0.png": "control",
    "/300x200/cat\r\n.jpg": "control",
    "/300x200/\tcat.jpg": "control",
    "/300x200/cat\x1b[31m.jpg": "control",
    "/300x200/cat\x1f.jpg": "control",
    "/300x200/cat\x7f.jpg": "control",
    "/300x200/cat\x85.jpg": "control",
    "/300x200/cat\x9f.jpg": "control",
    "/300x200/600x/cat.jpg": "no variants",
    "/300x200/600X-Q70/cat.jpg": "no variants",
    "/300x200/" + "a" * 1025: "too long",
    "/300x200/" + "é" * 513: "too long",
}


@pytest.mark.parametrize("path", DECODED)
def test_a_path_is_decoded_exactly_once(path: str) -> None:
    assert from_path(path) == DECODED[path]


@pytest.mark.parametrize("path", NOT_UTF8)
def test_a_path_that_is_not_utf8_is_a_bad_key(path: str) -> None:
    with pytest.raises(BadKey, match="UTF-8"):
        from_path(path)


@pytest.mark.parametrize("key", AWKWARD)
def test_a_key_is_encoded_exactly_once(key: str) -> None:
    assert to_path(key) == AWKWARD[key]
    assert from_path(AWKWARD[key]) == key


@given(st.text())
def test_an_encoded_key_decodes_to_the_same_key(key: str) -> None:
    path = to_path(key)
    assert from_path(path) == key
    assert re.fullmatch(r"([A-Za-z0-9_.~/-]|%[0-9A-F]{2})*", path)
    assert path.count("/") == key.count("/")


@given(st.text(alphabet=st.characters(exclude_categories=[])) | st.text(alphabet="%0123456789abcdefABCDEF/.+ x"))
def test_any_path_is_split_or_refused(path: str) -> None:
    try:
        segment, key = split(from_path(path))
    except BadKey:
        return
    assert f"/{segment}/{key}".endswith("/" + from_path(path).removeprefix("/"))
    assert all(segment and not segment.startswith(".") for segment in key.split("/"))
    assert not re.search(r"[\\\x00-\x1f\x7f-\x9f]", key)
    folder, below, _ = key.partition("/")
    assert not (below and is_size(folder))
    assert 0 < len(key.encode()) <= _MAX_BYTES


@pytest.mark.parametrize("path", SPLIT)
def test_a_path_is_split_into_its_first_segment_and_a_key(path: str) -> None:
    assert split(path) == SPLIT[path]


@pytest.mark.parametrize("path", REFUSED)
def test_any_other_key_is_refused_with_what_would_be_right(path: str) -> None:
    with pytest.raises(BadKey, match=REFUSED[path]):
        split(path)


@pytest.mark.parametrize("letter", ["a", "é", "日", "🐈"])
def test_a_keys_length_is_counted_in_bytes(letter: str) -> None:
    width = len(letter.encode())
    key = letter * (_MAX_BYTES // width) + "a" * (_MAX_BYTES % width)
    assert len(key.encode()) == 1024
    check(key)
    with pytest.raises(BadKey, match="1024 bytes of UTF-8"):
        check(key + "a")
