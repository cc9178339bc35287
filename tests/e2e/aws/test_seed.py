"""The exact behaviour of the seed system, in two regions, and with a second bucket for originals."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.answers import chain
from tests.e2e.aws.emulator import Aws, deployed
from tests.e2e.aws.forms import FORMS, WEBSITE
from tests.e2e.aws.site import AwsSite
from tests.e2e.deployment import RecordProperty
from tests.support.browser import Browser
from tests.support.pictures.samples import CAT, FIG


@pytest.fixture(scope="module", params=["us-east-1", "eu-central-1"])
def seed(request: pytest.FixtureRequest, aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> AwsSite:
    """A stack with FORMAT=png and a bucket named by the user, as in the seed's article."""
    region = request.param
    given = {**WEBSITE, "format": "png", "bucket": f"pictures-of-{region}"}
    return AwsSite(aws, deployed(aws, tmp_path_factory.mktemp("seed"), given, region))


@pytest.mark.parametrize(("image", "data"), [("albums/cat.jpg", CAT), ("fig.png", FIG)])
def test_a_variant_is_a_png_under_its_size_and_name(
    seed: AwsSite, image: str, data: bytes, record_property: RecordProperty
) -> None:
    url = f"{seed.website}/300x200/{image}"
    assert url.startswith(f"http://pictures-of-{seed.stack.region}.s3-website")
    seed.put(image, data)
    missed, made, shown = Browser(seed.aws.web).get(url)
    assert missed.status_code == 307
    assert made.status_code == 301
    assert made.headers["location"] == url
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    stored = seed.stored(f"300x200/{image}")
    assert stored
    assert shown.content == stored.data
    picture = Image.open(BytesIO(stored.data))
    assert (picture.format, picture.size) == ("PNG", (300, 200))
    record_property("chain", chain(url, missed, made, shown))


@pytest.mark.parametrize(
    ("form", "region", "hops"),
    [("website", "us-east-1", [307, 301, 200]), ("https", "eu-central-1", [301, 200])],
)
def test_originals_may_have_their_own_private_bucket(
    aws: Aws, tmp_path: Path, form: str, region: str, hops: list[int]
) -> None:
    given = {**FORMS[form], "originalsBucket": f"originals-apart-{form}"}
    site = AwsSite(aws, deployed(aws, tmp_path, given, region))
    assert site.originals == f"originals-apart-{form}" != site.bucket
    site.put("cat.jpg", CAT)
    answers = Browser(aws.web).get(f"{site.website}/300x200/cat.jpg")
    assert [answer.status_code for answer in answers] == hops
    assert site.ask("/300x200/nobody.jpg").status_code == 404
    blocked = aws.s3.get_public_access_block(Bucket=site.originals)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert site.keys() == {"cat.jpg", "300x200/cat.jpg"}
