"""The sizes that a deployment with a ladder renders, and signed sizes beyond the ladder."""

from io import BytesIO

import pytest
from PIL import Image

from tests.e2e.answers import assert_problem
from tests.e2e.deployment import SIGNING_KEYS, Deployment, logged
from tests.support.pictures.samples import CAT, SUNSET

ON_LADDER = {
    "/1x/cat.jpg": "250x/cat.jpg",
    "/x100.webp/cat.jpg": "x250.webp/cat.jpg",
    "/999x/cat.jpg": "600x/cat.jpg",
    "/120x80-smart/cat.jpg": "250x167-smart/cat.jpg",
    "/100x100-3x/cat.jpg": "600x600/cat.jpg",
    "/320x200-f30x70/cat.jpg": "320x200-f30x70/cat.jpg",
}
OFF_LADDER = ("600x3", "600x450", "250x-q1", "x250-bg000000", "250x250-f50x50", "250x250-smart-q2-3x", "320x200")

SIGNED = {
    "with the first key": ("/613x409-skymmdmfm4df54acf/albums/cat.jpg", "613x409-skymmdmfm4df54acf"),
    "with another key": ("/613x409-sn5mvmxzxxsx7cdyj/albums/cat.jpg", "613x409-sn5mvmxzxxsx7cdyj"),
    "with a format": ("/613x409-scezqecx6v3i6l4lw.webp/albums/cat.jpg", "613x409-scezqecx6v3i6l4lw.webp"),
    "with a focal point": ("/613x409-f30x70-s4iakv5gfjcihax25/albums/cat.jpg", "613x409-f30x70-s4iakv5gfjcihax25"),
    "in another spelling": ("/0613X409-SKYMMDMFM4DF54ACF-q80/albums/cat.jpg", "613x409-skymmdmfm4df54acf"),
    "auto, as Accept decides": ("/613x409-saguagsldxw25wmte.auto/albums/cat.jpg", "613x409-scezqecx6v3i6l4lw.webp"),
}
"""The path and the size in the key of each case; the signatures are those of docs/signing-vectors.json."""

WRONGLY_SIGNED = {
    "an invented signature": "/613x409-saaaaaaaaaaaaaaaa/albums/cat.jpg",
    "the signature of another size": "/614x409-skymmdmfm4df54acf/albums/cat.jpg",
    "the signature of another image": "/613x409-skymmdmfm4df54acf/cat.jpg",
    "one wrong character": "/613x409-skymmdmfm4df54aca/albums/cat.jpg",
    "auto with the signature of one format": "/613x409-scezqecx6v3i6l4lw.auto/albums/cat.jpg",
}


class Ladder:
    """The sizes that are rendered under `deployment.LADDER`."""

    def test_a_ladder_limits_the_variants_that_strangers_can_request(self, laddered: Deployment) -> None:
        laddered.put("cat.jpg", CAT)
        for target, key in ON_LADDER.items():
            assert laddered.ask(target).headers["location"] == laddered.location(key)
            assert laddered.stored(key)
        before = laddered.keys()
        for size in OFF_LADDER:
            assert_problem(laddered.ask(f"/{size}/cat.jpg"), 403, "250, 600 pixels, or a box of one of these widths")
        assert laddered.keys() == before
        # Two widths, two ratios, 13 fits, 6 formats, and the one size of SIZES.
        assert logged(laddered, f'"variants_per_original": {(2 * 2 + 2 * 2 * 13) * 6 + 1}')

    @pytest.mark.parametrize("case", SIGNED)
    def test_a_signed_size_beyond_the_ladder_is_rendered_once_and_then_a_hit(
        self, laddered: Deployment, case: str
    ) -> None:
        target, size = SIGNED[case]
        laddered.put("albums/cat.jpg", SUNSET)
        answer, again = (laddered.ask(target, headers={"Accept": "image/webp"}) for _ in range(2))
        assert answer.headers["location"] == laddered.location(f"{size}/albums/cat.jpg")
        assert Image.open(BytesIO(laddered.follow(answer).content)).size == (613, 409)
        assert (again.status_code in (200, 301), again.headers["x-sizewise"]) == (True, "hit")

    def test_a_size_that_needs_no_signature_loses_it(self, laddered: Deployment) -> None:
        laddered.put("cat.jpg", CAT)
        answer = laddered.ask("/600x-saaaaaaaaaaaaaaaa/cat.jpg")
        assert answer.headers["location"] == laddered.location("600x/cat.jpg")

    @pytest.mark.parametrize("case", WRONGLY_SIGNED)
    def test_a_wrong_signature_is_refused_and_stores_nothing(self, laddered: Deployment, case: str) -> None:
        laddered.put("albums/cat.jpg", CAT)
        before = laddered.keys()
        assert_problem(laddered.ask(WRONGLY_SIGNED[case]), 403, "The signature is not valid")
        assert laddered.keys() == before

    def test_no_signing_key_is_in_the_log(self, laddered: Deployment) -> None:
        laddered.put("albums/cat.jpg", CAT)
        laddered.ask("/613x409-skymmdmfm4df54acf/albums/cat.jpg")
        assert logged(laddered, '"signing_keys": 2')
        assert not [key for key in SIGNING_KEYS.split(",") if key in laddered.log()]
