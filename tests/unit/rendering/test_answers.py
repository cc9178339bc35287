"""A child whose answers can't be trusted: its parent accepts an answer to its own job and nothing else."""

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing, suppress
from io import BytesIO
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BrokenOriginal, Interrupted, SizewiseError
from core.imaging.results import Framing, Rendering
from core.rendering import child
from core.rendering.limits import Limits
from core.rendering.messages import Kind, Message, received
from core.rendering.renderer import Renderer, _error, _framing, _rendering
from core.size import parse
from tests.support import babbling
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT
from tests.support.settings import settings
from tests.support.threads import PATIENCE

SIZE = parse("60x")
READ = {_rendering: "rendering", _framing: "framing"}


def reader(data: bytes, step: int = 1 << 20) -> Callable[[int], bytes]:
    """Reads the data in pieces of up to `step` bytes."""
    stream = BytesIO(data)
    return lambda most: stream.read(min(step, most))


@given(st.binary(min_size=8, max_size=8), st.text(), st.binary(max_size=1000), st.booleans(), st.integers(1, 50))
def test_a_message_arrives_as_it_was_sent(number: bytes, text: str, data: bytes, last: bool, step: int) -> None:
    sent = Message(number, "rendering", text.encode(errors="replace").decode(), data, last)
    assert received(reader(b"".join(sent.pieces()), step), len(data)) == sent


def test_a_text_that_utf_8_can_not_encode_is_sent() -> None:
    sent = Message(bytes(8), "failed", "a\ud800b" + "c" * 100_000)
    assert received(reader(b"".join(sent.pieces())), 0).text.endswith("ccc")


WORDS = (
    "TooLarge",
    "BrokenOriginal",
    "SizewiseError",
    "image/png",
    "text/html",
    "1",
    "0",
    "-1",
    "nan",
    "inf",
    "9" * 5000,
    "jpg",
)


@given(st.sampled_from(get_args(Kind)), st.lists(st.sampled_from(WORDS) | st.text(max_size=9), max_size=8), st.binary())
def test_any_message_of_a_child_is_an_answer_or_refused(kind: Kind, words: list[str], data: bytes) -> None:
    answer = Message(bytes(8), kind, " ".join(words), data)
    try:
        error = _error(answer)
        found = [error] if error else [read(answer) for read in (_rendering, _framing) if kind == READ.get(read)]
    except ValueError:
        return
    assert all(isinstance(one, Rendering | Framing | SizewiseError | RuntimeError) for one in found)
    assert type(error) is not SizewiseError


@given(st.binary(max_size=200))
def test_random_bytes_are_a_message_or_refused(data: bytes) -> None:
    with suppress(EOFError, ValueError):
        assert len(received(reader(data), 100).data) <= 100


def test_a_stated_length_uses_no_memory_before_its_bytes_arrive() -> None:
    head, _ = Message(bytes(8), "rendering", "", b"").pieces()
    tracemalloc.start()
    with pytest.raises(EOFError):
        received(reader(head[:-8] + (2**29).to_bytes(8)), 2**30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**25


@pytest.mark.parametrize("said", babbling.ANSWERS)
def test_an_invented_answer_is_not_accepted_for_this_request_or_the_next(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PROGRAM", babbling.__name__)
    with closing(Renderer(settings().imaging, Limits(512 * 2**20, deadline=5))) as renderer:
        for _ in range(2):
            with pytest.raises(SizewiseError) as caught:
                renderer.render(said.encode(), SIZE)
            assert isinstance(caught.value, BrokenOriginal)
            assert renderer.render(CAT, SIZE) == Rendering(b"right", "image/png")


def test_an_answer_that_arrives_before_its_job_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two answers to one job would be the next job's, but it does not have that job's number."""
    monkeypatch.setattr(child, "PROGRAM", babbling.__name__)
    with closing(Renderer(settings().imaging, Limits(512 * 2**20, deadline=5))) as renderer:
        assert renderer.render(b"twice", SIZE).data == b"right"
        with pytest.raises(BrokenOriginal):
            renderer.render(CAT, SIZE)
        assert renderer.render(CAT, SIZE).data == b"right"


def test_the_process_that_answers_requests_imports_no_decoder() -> None:
    code = "import sys, core.resizer; print({name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'core'" in done.stdout
    assert not [name for name in ("PIL", "pi_heif", "cykooz_resizer") if f"'{name}'" in done.stdout]


def test_a_process_that_a_child_started_does_not_block_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROGRAM", babbling.__name__)
    with closing(Renderer(settings().imaging, Limits(512 * 2**20, deadline=2))) as renderer:
        started = time.monotonic()
        with pytest.raises(Interrupted):
            renderer.render(b"leave another", SIZE)
        assert time.monotonic() - started < 2 + PATIENCE
        assert renderer.render(CAT, SIZE).data == b"right"


def test_a_reason_from_a_child_is_cut_to_500_characters() -> None:
    told = _error(Message(bytes(8), "refused", "TooLarge " + "x" * 10_000))
    assert len(str(told)) == 500
