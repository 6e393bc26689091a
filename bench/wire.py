"""The thinnest HTTP client there is: the machine that is measured also has to run the one who measures."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60
TOKEN = "t" * 32


@dataclass(frozen=True)
class Answered:
    """What the server answered; the body as it came, which may be compressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def told(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


class Connection:
    """One signed-in person's connection. `keep`: for all their requests; otherwise a new one for each."""

    def __init__(self, port: int, cookies: str, *, keep: bool) -> None:
        self._port = port
        self._keep = keep
        self._socket: socket.socket | None = None
        how = "keep-alive" if keep else "close"
        self._headers = (
            f"Host: {HOST}:{port}\r\nConnection: {how}\r\nCookie: {cookies}\r\nX-CSRFToken: {TOKEN}\r\n"
            "Accept-Encoding: gzip\r\n"
        )

    def get(self, path: str, accept: str = "text/html") -> Answered:
        """Ask for a page. Raises OSError when the server does not answer it to the end.

        A kept connection that the server closed while nobody asked is opened again, as a browser does.
        """
        asked = f"GET {path} HTTP/1.1\r\n{self._headers}Accept: {accept}\r\n\r\n".encode()
        kept = self._socket is not None
        try:
            return self._ask(asked)
        except (ConnectionResetError, BrokenPipeError):
            if not kept:
                raise
            return self._ask(asked)

    def post(self, path: str, fields: Mapping[str, str], accept: str = "application/json") -> Answered:
        """Send a form. Raises OSError when the server does not answer it to the end."""
        body = urlencode(fields)
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return self._ask(
            f"POST {path} HTTP/1.1\r\n{self._headers}Accept: {accept}\r\n{form}\r\n{body}".encode()
        )

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answered:
        try:
            if self._socket is None:
                self._socket = socket.create_connection((HOST, self._port), SECONDS_TO_ANSWER)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            answered = _read(self._socket)
        except OSError:
            self.close()
            raise
        if not self._keep or answered.headers.get("connection") == "close":
            self.close()
        return answered


def _read(there: socket.socket) -> Answered:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(there)
    head, body = received.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    parts, missing = [body], int(headers["content-length"]) - len(body)
    while missing > 0:
        parts.append(_more(there))
        missing -= len(parts[-1])
    return Answered(int(first.split(" ", 2)[1]), headers, b"".join(parts))


def _more(there: socket.socket) -> bytes:
    received = there.recv(1 << 16)
    if not received:
        raise ConnectionResetError("the server closed the connection before its answer was complete")
    return received
