"""Lines on loopback between a client and a server: one that breaks, and a web proxy."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

ENDLESS = 1 << 40


@contextmanager
def proxy(target: int) -> Iterator[tuple[int, list[str]]]:
    """A web proxy that leads every CONNECT to one port of loopback; its port, what it was asked."""
    relay = _Proxy(target, [ENDLESS])
    with relay.listening() as port:
        yield port, relay.asked


@contextmanager
def frail_line(
    target: int, allowance: Sequence[int], carried: list[int] | None = None
) -> Iterator[int]:
    """A line to a port of loopback that is cut once so many bytes went there; its port.

    `allowance` has the bytes for each connection in turn; the last counts for all further ones.
    `carried` is told how many bytes each carried there, once it has ended.
    """
    relay = _Relay(target, allowance, carried)
    with relay.listening() as port:
        yield port


@contextmanager
def slow_line(target: int, delay: float) -> Iterator[int]:
    """A line to a port of loopback on which every 64 KiB takes so many seconds; its port."""
    with _Relay(target, [ENDLESS], delay=delay).listening() as port:
        yield port


class _Relay:
    """Carries bytes both ways, each connection in threads of its own."""

    def __init__(
        self,
        target: int,
        allowance: Sequence[int],
        carried: list[int] | None = None,
        delay: float = 0,
    ) -> None:
        self._target = target
        self._delay = delay
        self._allowance = list(allowance)
        self._carried = carried if carried is not None else []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._live: list[socket.socket] = []

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Accept connections until the end; the port."""
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield int(self._listener.getsockname()[1])
        finally:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join(5)
            for one in self._live:
                one.close()

    def is_greeted(self, _client: socket.socket) -> bool:
        """Whether the client may go on, after what is to be said first."""
        return True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._live.append(client)
            left = self._allowance.pop(0) if len(self._allowance) > 1 else self._allowance[0]
            with suppress(OSError):
                self._begin(client, left)

    def _begin(self, client: socket.socket, left: int) -> None:
        if not self.is_greeted(client):
            return
        server = socket.create_connection(("127.0.0.1", self._target))
        self._live.append(server)
        for way in ((client, server, left, self._carried), (server, client, ENDLESS, [])):
            threading.Thread(target=_carry, args=(*way, self._delay), daemon=True).start()


def _carry(
    source: socket.socket, sink: socket.socket, most: int, carried: list[int], delay: float
) -> None:
    left = most
    with suppress(OSError):
        while left > 0 and (chunk := source.recv(min(65536, left))):
            time.sleep(delay)
            sink.sendall(chunk)
            left -= len(chunk)
    carried.append(most - left)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class _Proxy(_Relay):
    """What a client asks for with CONNECT is written down; it gets the same host all the time."""

    def __init__(self, target: int, allowance: Sequence[int]) -> None:
        super().__init__(target, allowance)
        self.asked: list[str] = []

    def is_greeted(self, client: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = client.recv(4096)
            if not chunk:
                return False
            head += chunk
        self.asked.append(head.split(b"\r\n", 1)[0].decode())
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return True
