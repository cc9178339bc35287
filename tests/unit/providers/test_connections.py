"""Connections that keep to a deadline, through urllib3 as in the SDKs. tests/contract/faults.py tests whole stores."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from providers.connections import PlainConnection, TlsConnection, calling
from tests.support.servers.certificates import certified

SECONDS = 0.6
"""The deadline of a call."""

GRACE = 0.5
PATIENCE = urllib3.Timeout(connect=0.3, read=0.3)
MIB = 1024 * 1024

Answer = Callable[[socket.socket], None]


class Pool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port on loopback, where `answer` serves each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    plain, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(plain,), daemon=True).start()

        def talk(plain: socket.socket) -> None:
            try:
                with tls.wrap_socket(plain, server_side=True) if tls else plain as connected:
                    answer(connected)
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def trickle(connected: socket.socket) -> None:
    connected.recv(65536)
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        time.sleep(0.1)
        connected.sendall(b"x")


def keep(connected: socket.socket) -> None:
    while connected.recv(65536):
        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def ask(pool: HTTPConnectionPool, body: bytes = b"") -> bytes:
    """The body of a request's answer."""
    return pool.urlopen("PUT", "/", body=body, retries=False, timeout=PATIENCE).data


@contextmanager
def in_time(most_bytes: int = MIB) -> Iterator[None]:
    """A call that has to fail within its deadline."""
    start = time.monotonic()
    with pytest.raises(urllib3.exceptions.HTTPError), calling(SECONDS, most_bytes):
        yield
    assert time.monotonic() - start < SECONDS + GRACE


def test_a_trickling_answer_ends_at_the_deadline() -> None:
    with serving(trickle) as port, Pool("127.0.0.1", port) as pool, in_time():
        ask(pool)


def test_a_trickling_answer_over_tls_ends_at_the_deadline(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path, ["localhost"])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with serving(trickle, tls) as port, TlsPool("localhost", port, ca_certs=str(certificate)) as pool, in_time():
        ask(pool)


def test_many_addresses_that_do_not_answer_are_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3's name has eight. Connections to a full queue wait, as with a firewall that drops them."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        host, port = deaf.getsockname()
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found * 8)
        with Pool("store.example", port) as pool, in_time():
            ask(pool)
        for each in waiting:
            each.close()


def test_an_upload_that_the_server_does_not_read_ends_at_the_deadline() -> None:
    with serving(lambda _: time.sleep(5)) as port, Pool("127.0.0.1", port) as pool, in_time():
        ask(pool, bytes(64 * MIB))


def test_an_upload_can_take_longer_than_the_timeout_of_one_piece() -> None:
    def slow(connected: socket.socket) -> None:
        left = 16 * MIB
        while left > 0:
            left -= len(connected.recv(64 * 1024))
            # The last bytes can still be on their way when all is sent, and then the client waits for the answer.
            time.sleep(0.004 if left > 8 * MIB else 0)
        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    start = time.monotonic()
    with serving(slow) as port, Pool("127.0.0.1", port) as pool, calling(20, MIB):
        assert ask(pool, bytes(16 * MIB)) == b"ok"
    assert time.monotonic() - start > 0.3, "the test needs an upload that is slower than the timeout"


def test_more_bytes_than_a_call_may_read_are_not_read() -> None:
    sent: list[int] = []

    def endless(connected: socket.socket) -> None:
        connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connected.sendall(bytes(MIB))
            sent.append(MIB)

    with serving(endless) as port, Pool("127.0.0.1", port) as pool, in_time(most_bytes=3 * MIB):
        ask(pool)
    assert 0 < sum(sent) < 20 * MIB, "this includes the bytes in the system's buffers"


def test_a_connection_is_used_again_by_the_next_call() -> None:
    with serving(keep) as port, Pool("127.0.0.1", port) as pool:
        for _ in range(3):
            with calling(SECONDS, MIB):
                assert ask(pool) == b"ok"
        assert pool.num_connections == 1


def test_a_connection_works_without_a_deadline() -> None:
    with serving(keep) as port, Pool("127.0.0.1", port) as pool:
        assert ask(pool) == ask(pool) == b"ok"
        assert pool.num_connections == 1


def test_nothing_is_sent_after_the_deadline() -> None:
    with serving(keep) as port, Pool("127.0.0.1", port) as pool, in_time():
        time.sleep(SECONDS)
        ask(pool)
