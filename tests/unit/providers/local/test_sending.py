"""A stored file as an answer's body."""

from pathlib import Path

import pytest
from werkzeug.datastructures import Headers

from core.errors import SizewiseError
from core.storage import Description
from providers.local.sending import send
from providers.local.storage import OpenFile

DATA = bytes(range(256)) * 1000


@pytest.fixture
def opened(tmp_path: Path) -> OpenFile:
    path = tmp_path / "cat.jpg"
    path.write_bytes(DATA)
    return OpenFile(path.open("rb"), len(DATA), 0, Description('"1"', "image/jpeg", "", {}))


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("HEAD", {}, 200),
        ("GET", {"Range": "bytes=0-9"}, 206),
        ("GET", {"If-None-Match": '"1"'}, 304),
        ("GET", {"If-Match": '"2"'}, 412),
        ("GET", {"Range": "bytes=-0"}, 416),
    ],
)
def test_the_file_is_closed_with_the_answer_even_if_the_body_is_not_read(
    opened: OpenFile, method: str, headers: dict[str, str], status: int
) -> None:
    try:
        answer = send(opened, method, Headers(headers))
        assert answer.status_code == status
        answer.close()
    except SizewiseError as error:
        assert error.status == status  # noqa: PT017 -- two of the rows are errors
    assert opened.file.closed


def test_a_file_that_shrinks_while_it_is_sent_ends_the_connection(opened: OpenFile) -> None:
    """Its length has been sent by then. The server closes the connection if the body's iterator fails."""
    answer = send(opened, "GET", Headers())
    with Path(opened.file.name).open("r+b") as file:
        file.truncate(100_000)
    with pytest.raises(EOFError):
        list(answer.response)
    answer.close()
