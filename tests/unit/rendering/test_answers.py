"""A child whose answers can't be trusted: whatever it sends, its parent takes an answer to its own job or none."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BrokenOriginal, SizewiseError
from core.imaging.results import Rendering
from core.rendering import child
from core.rendering.limits import Limits
from core.rendering.messages import Message, received
from core.rendering.renderer import Renderer, _error, _framing, _rendering
from core.size import parse
from tests.support import babbling
from tests.support.pictures.samples import CAT
from tests.support.settings import settings

SIZE = parse("60x")


def reader(data: bytes, step: int = 1 << 20) -> Callable[[memoryview], int]:
    """Gives the data in steps of so many bytes."""
    left = bytearray(data)

    def fill(view: memoryview) -> int:
        piece = left[: min(step, len(view))]
        view[: len(piece)] = piece
        del left[: len(piece)]
        return len(piece)

    return fill


@given(st.binary(min_size=8, max_size=8), st.text(), st.binary(max_size=1000), st.booleans(), st.integers(1, 50))
def test_a_message_arrives_as_it_was_sent(number: bytes, text: str, data: bytes, last: bool, step: int) -> None:
    sent = Message(number, "rendering", text.encode(errors="replace").decode(), data, last)
    assert received(reader(b"".join(sent.pieces()), step), len(data)) == sent


def test_a_text_that_no_encoding_has_is_sent_all_the_same() -> None:
    sent = Message(bytes(8), "failed", "a\ud800b" + "c" * 100_000)
    assert received(reader(b"".join(sent.pieces())), 0).text.endswith("ccc")


@given(st.binary(max_size=200))
def test_random_bytes_are_an_answer_or_an_error_that_says_so(data: bytes) -> None:
    try:
        answer = received(reader(data), 100)
    except (EOFError, ValueError):
        return
    for read in (_error, _rendering, _framing):
        try:
            read(answer)
        except ValueError:
            continue


@pytest.mark.parametrize("said", babbling.ANSWERS)
def test_what_a_child_makes_up_is_no_answer_to_this_request_or_the_next(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PROGRAM", babbling.__name__)
    with closing(Renderer(settings().imaging, Limits(512 * 2**20, deadline=5))) as renderer:
        for _ in range(2):
            with pytest.raises(SizewiseError) as caught:
                renderer.render(said.encode(), SIZE)
            assert isinstance(caught.value, BrokenOriginal)
            assert renderer.render(CAT, SIZE) == Rendering(b"right", "image/png")


def test_an_answer_that_comes_before_the_question_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two answers to one job the second would be another's, if it were not for the number that it does not know."""
    monkeypatch.setattr(child, "PROGRAM", babbling.__name__)
    with closing(Renderer(settings().imaging, Limits(512 * 2**20, deadline=5))) as renderer:
        assert renderer.render(b"twice", SIZE).data == b"right"
        with pytest.raises(BrokenOriginal):
            renderer.render(CAT, SIZE)
        assert renderer.render(CAT, SIZE).data == b"right"


def test_a_child_has_no_credential_and_no_file_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with closing(Renderer(settings().imaging)) as renderer, Path(__file__).open() as file:
        os.set_inheritable(file.fileno(), True)
        renderer.render(CAT, SIZE)
        process = Path("/proc") / str(renderer._idle[0]._process.pid)
        if not process.exists():
            pytest.skip("only Linux shows what another process has")
        assert b"secret" not in (process / "environ").read_bytes()
        assert {int(descriptor.name) for descriptor in (process / "fd").iterdir()} <= {0, 1, 2}


def test_what_answers_requests_imports_no_decoder() -> None:
    code = "import sys, core.resizer; print([name for name in sys.modules if name.startswith(('PIL', 'core.imaging'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "PIL" not in done.stdout
