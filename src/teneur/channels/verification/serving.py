"""A small server on the loopback for verifications of payee, behind whatever ends TLS on this machine.

It speaks plain HTTP to 127.0.0.1 only. The front must end TLS, check the other bank's certificate and say in
a header which bank it is; a header of that name that came from outside must not get through it.
"""

import logging
import socket
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Timer
from typing import Any, Final

from teneur.channels.verification.answering import Answerer, Request
from teneur.payments.verification.wire import LARGEST_BODY_BYTES

LOG = logging.getLogger(__name__)
HOST: Final = "127.0.0.1"
MOST_AT_ONCE: Final = 32
PATIENCE_SECONDS: Final = 5


class Server(ThreadingHTTPServer):
    """One answerer, a thread for each connection, no more than MOST_AT_ONCE of them."""

    daemon_threads = True

    def __init__(
        self,
        answerer: Answerer,
        port: int,
        requester_header: str = "",
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """port: 0 takes a free one. requester_header: in which the front says who asks; "": nobody checks.

        patience_seconds: for a request as a whole.
        """
        super().__init__((HOST, port), _Handler)
        self.answerer = answerer
        self.requester_header = requester_header.lower()
        self._patience_seconds = patience_seconds
        self._places = BoundedSemaphore(MOST_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        """A connection beyond the limit is closed at once."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection, cut when its time is up."""
        clock = Timer(self._patience_seconds, _cut, [request])
        clock.daemon = True
        clock.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            clock.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that was cut is no news; anything else is a broken program."""
        error = sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1]
        if not isinstance(error, OSError):
            LOG.error("verification of payee: %s", type(error).__name__)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "Teneur"
    sys_version = ""

    def do_POST(self) -> None:
        """A question; its length must be said, and be within bounds, before it is read."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self.send_error(411)
        elif int(length[:9]) > LARGEST_BODY_BYTES:
            self.send_error(413)
        else:
            self._answer(self.rfile.read(int(length)))

    def do_GET(self) -> None:
        """Nothing is to be had so."""
        self._answer(b"")

    def log_message(self, *_: object) -> None:
        """What is worth keeping is in the evidence."""

    def _answer(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        name = self.server.requester_header
        said = self.headers.get_all(name) or [] if name else []
        requester = (said[0].strip() if len(said) == 1 else "") if name else None
        request = Request(self.command, self.path.partition("?")[0], headers, body, requester)
        response = self.server.answerer.handle(request)
        self.send_response(response.status)
        for key, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(response.body)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
