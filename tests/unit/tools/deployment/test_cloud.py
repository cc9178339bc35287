"""Which of a deployed function's variables are shown."""

import pytest

from core.settings import Settings
from tools.deployment.cloud import own_settings


def test_only_sizewises_settings_that_have_a_value_are_shown() -> None:
    variables = {"WIDTHS": "250,600", "QUALITY": "", "THREADS": "8", "BUCKET": "pictures"}
    assert list(own_settings(variables, {}).items()) == [("BUCKET", "pictures"), ("WIDTHS", "250,600")]


@pytest.mark.parametrize("name", [name for name in vars(Settings(bucket="x")) if "key" in name])
def test_a_secret_is_shown_by_the_place_that_stores_it_and_never_itself(name: str) -> None:
    variables = {name.upper(): "an-example-key-of-nobody"}
    assert own_settings(variables, {}) == {name.upper(): "set by hand, and not shown"}
    assert own_settings(variables, {name.upper(): "signing-keys:1"}) == {name.upper(): "signing-keys:1"}
