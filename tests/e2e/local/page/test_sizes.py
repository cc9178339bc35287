"""The page makes the same canonical addresses as the core, so none of them is redirected to another spelling."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from core.errors import BadSize, SizeRefused
from core.imaging.fit import plan
from core.keys import to_path
from core.ladder import canonical
from core.settings import Settings
from core.size import parse
from providers.local.facts import settings_facts
from tests.e2e.local.conftest import LocalSite
from tests.e2e.local.page.conftest import opened
from tests.support.keys import AWKWARD
from tests.support.settings import settings
from tests.support.sizes import deployments, sizes, spellings, thrown

at_length = settings_of_hypothesis(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NO_SIZES = (
    *("", "x", "600", "0x", "600x400-", "600x400-blur", "5x5-q0", "5x5-q101", "5x5-5x", "5x5-f1x101", "5x.bmp", "5x5."),
    *("\u212a00x", "5x5-contain-fill", "5x" + "0" * 70),
)
CANONICAL = """async ([deployment, texts]) => {
    const { parse, canonical, spelled } = await import("/.sizewise/sizes.js");
    return texts.map((text) => {
        const size = parse(text);
        const rendered = size && canonical(size, deployment);
        return [size && spelled(size), rendered && spelled(rendered)];
    });
}"""
ADDRESS = """async ([deployment, text, key]) => {
    const { parse, address } = await import("/.sizewise/sizes.js");
    return address(parse(text), key, deployment);
}"""
SIDES = """async ([deployment, text, original]) => {
    const { parse } = await import("/.sizewise/sizes.js");
    const { sidesOf } = await import("/.sizewise/variants.js");
    return sidesOf(parse(text), original, deployment);
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser, site: LocalSite) -> Iterator[Page]:
    """A page of the site on which JavaScript can import the site's modules."""
    with opened(browser, site.address) as page:
        yield page


def by_core(text: str, deployment: Settings) -> list[str | None]:
    """The plain and the canonical spelling of a size, each None if it does not exist."""
    try:
        size = parse(text)
    except BadSize:
        return [None, None]
    try:
        return [str(size), str(canonical(size, deployment))]
    except SizeRefused:
        return [str(size), None]


@at_length
@given(st.integers().map(Random), deployments())
def test_a_size_becomes_the_spelling_that_the_server_stores(
    modules: Page, random: Random, deployment: Settings
) -> None:
    texts = [thrown(random, deployment) for _ in range(100)]
    told = modules.evaluate(CANONICAL, [settings_facts(deployment), texts])
    for text, found in zip(texts, told, strict=True):
        assert found == by_core(text, deployment), text


@at_length
@given(st.lists(spellings(), min_size=20, max_size=20), st.lists(st.text("0123x-.fbgq af", max_size=12), max_size=20))
def test_every_spelling_is_parsed_and_anything_else_refused(
    modules: Page, spelled: list[tuple[str, list[str], str]], other: list[str]
) -> None:
    texts = ["-".join([box, *options]) + suffix for box, options, suffix in spelled] + other
    told = modules.evaluate(CANONICAL, [settings_facts(settings()), [*texts, *NO_SIZES]])
    for text, found in zip([*texts, *NO_SIZES], told, strict=True):
        assert found == by_core(text, settings()), text


@pytest.mark.parametrize("key", AWKWARD)
def test_an_awkward_key_is_encoded_as_in_the_servers_redirects(modules: Page, key: str) -> None:
    assert modules.evaluate(ADDRESS, [settings_facts(settings()), "600x", key]) == f"/600x/{AWKWARD[key]}"


@at_length
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_key_is_encoded_as_in_the_servers_redirects(modules: Page, key: str) -> None:
    assert modules.evaluate(ADDRESS, [settings_facts(settings()), "600x", key]) == f"/600x/{to_path(key)}"


@at_length
@given(sizes(5000), st.integers(1, 5000), st.integers(1, 5000), st.booleans(), st.integers(1, 5000))
def test_the_sides_of_a_variant_are_known_before_it_is_rendered(
    modules: Page, size: Any, width: int, height: int, enlarge: bool, max_side: int
) -> None:
    deployment = settings(enlarge=enlarge, max_side=max_side)
    told = modules.evaluate(SIDES, [settings_facts(deployment), str(size), {"width": width, "height": height}])
    assert tuple(told) == plan((width, height), size, enlarge, max_side).canvas
