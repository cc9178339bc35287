"""Defaults: a canonical size does not name what the deployment does without it."""

from typing import Any

import pytest

from core.ladder import canonical
from core.size import parse
from tests.support.settings import settings

DEFAULTS_DROPPED: list[tuple[str, dict[str, Any], str]] = [
    ("300x-q80", {}, "300x"),
    ("300x-q81", {}, "300x-q81"),
    ("300x-q70", {"quality": 70}, "300x"),
    ("300x-q80", {"quality": 70}, "300x-q80"),
    ("300x.webp", {}, "300x.webp"),
    ("300x.webp", {"format": "webp"}, "300x"),
    ("300x.jpg", {"format": "webp"}, "300x.jpg"),
    ("300x.auto", {"format": "webp"}, "300x.auto"),
    ("300x-q80.webp", {"format": "webp"}, "300x"),
    # PNG and GIF have no quality.
    ("300x-q70.png", {}, "300x.png"),
    ("300x-q70.gif", {}, "300x.gif"),
    ("300x-q70.png", {"format": "png"}, "300x"),
    ("300x-q70", {"format": "png"}, "300x"),
    ("300x-q70.jpg", {"format": "png"}, "300x-q70.jpg"),
    ("300x-q70.auto", {"format": "png"}, "300x-q70.auto"),
    # White is the default background of JPEG alone.
    ("300x-bgffffff.jpg", {}, "300x.jpg"),
    ("300x-bgffffff", {"format": "jpg"}, "300x"),
    ("300x-bgfffffe.jpg", {}, "300x-bgfffffe.jpg"),
    ("300x-bgffffff", {}, "300x-bgffffff"),
    ("300x-bgffffff.webp", {}, "300x-bgffffff.webp"),
    ("300x-bgffffff.png", {"format": "jpg"}, "300x-bgffffff.png"),
    ("300x-bgffffff.auto", {"format": "jpg"}, "300x-bgffffff.auto"),
    # The true centre is not a default: an original can have a focal point.
    ("300x200-f50x50", {}, "300x200-f50x50"),
]


@pytest.mark.parametrize(("requested", "changed", "expected"), DEFAULTS_DROPPED)
def test_a_default_of_the_deployment_is_dropped(requested: str, changed: dict[str, Any], expected: str) -> None:
    assert str(canonical(parse(requested), settings(**changed))) == expected
