"""Each test of the PNG writer runs with both ways of compressing."""

import pytest

from core.imaging import packing


@pytest.fixture(params=["libdeflate", "zlib"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of compressing; a machine has one or both."""
    if request.param == "zlib":
        monkeypatch.setattr(packing, "deflate", None)
    elif getattr(packing, "deflate", None) is None:
        pytest.skip("there is no wheel of deflate for this machine")
