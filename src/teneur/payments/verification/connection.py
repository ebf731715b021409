"""One bounded HTTP exchange: an answer within the time as a whole, or a named cause why there is none.

The exchange runs in a thread of its own, so that the wait ends in time whatever holds it up: looking up the
name, shaking hands, a server that sends a letter a second. Then its socket is shut, and the thread ends by
itself. No redirect is followed, no proxy of the environment is used, nothing is asked twice.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import BoundedSemaphore, Thread
from typing import Final
from urllib.parse import urlsplit

import msgspec

from teneur.payments.verification.wire import JSON, LARGEST_BODY_BYTES

_PORTS: Final = {"https": 443, "http": 80}
OK: Final = 200
REDIRECTS: Final = range(300, 400)


class Cause(StrEnum):
    """Why a verification is not available. Stored with the order: never rename."""

    NOTHING_ASKED = "nothing-asked"  # no name was given
    NO_ENDPOINT = "no-endpoint"  # nobody answers for that bank
    NOT_POSSIBLE = "not-possible"  # the other bank says so
    BUSY = "busy"  # too many questions of ours are under way
    WRONG_SETTINGS = "wrong-settings"  # our certificate or trust file cannot be used
    WRONG_CERTIFICATE = "wrong-certificate"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    REDIRECTED = "redirected"
    WRONG_STATUS = "wrong-status"
    TOO_LONG = "too-long"
    WRONG_ANSWER = "wrong-answer"
    BROKEN = "broken"  # an error of this program


class NoAnswer(Exception):
    """There is no answer, and why. The text holds nothing of what was asked or answered."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause} ({detail})" if detail else str(cause))
        self.cause = cause


class Reply(msgspec.Struct, frozen=True):
    """What came back with status 200."""

    headers: Mapping[str, str]  # names in small letters
    body: bytes


def trusting(ca_file: str, client_certificate: str, client_key: str) -> ssl.SSLContext:
    """TLS that verifies certificate and host name. Raises OSError (ssl.SSLError) for files of no use."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if client_certificate:
        # A passphrase is never asked for at a terminal: an encrypted key is an error of the settings.
        context.load_cert_chain(client_certificate, client_key, password="")
    return context


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    context: ssl.SSLContext | None,
    *,
    wait_seconds: int,
    places: BoundedSemaphore,
) -> Reply:
    """The reply to a POST. Raises NoAnswer for anything but a JSON body with status 200, in time.

    places: how many exchanges may be under way; a thread gives its place back when it ends, not before.
    """
    if not places.acquire(blocking=False):
        raise NoAnswer(Cause.BUSY)
    exchange = _Exchange(url, body, headers, context, wait_seconds, places)
    exchange.start()
    exchange.join(wait_seconds)
    if exchange.is_alive():
        exchange.abandon()
        raise NoAnswer(Cause.TIMED_OUT)
    if exchange.failure is not None:
        raise exchange.failure
    assert exchange.reply is not None, "a thread that ended without failure has a reply"
    return exchange.reply


class _Exchange(Thread):
    """The thread; whoever started it reads `reply` and `failure` once it has ended."""

    def __init__(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        context: ssl.SSLContext | None,
        wait_seconds: int,
        places: BoundedSemaphore,
    ) -> None:
        super().__init__(name="verification of payee", daemon=True)
        self._url, self._body, self._headers = urlsplit(url), body, headers
        self._context, self._wait_seconds, self._places = context, wait_seconds, places
        self._socket: socket.socket | None = None
        self.reply: Reply | None = None
        self.failure: NoAnswer | None = None

    def run(self) -> None:
        """All that may go wrong becomes a cause."""
        try:
            self.reply = self._ask()
        except NoAnswer as failure:
            self.failure = failure
        except ssl.SSLCertVerificationError:
            self.failure = NoAnswer(Cause.WRONG_CERTIFICATE)
        except TimeoutError:
            self.failure = NoAnswer(Cause.TIMED_OUT)
        except HTTPException as error:
            self.failure = NoAnswer(Cause.WRONG_ANSWER, type(error).__name__)
        except OSError as error:
            self.failure = NoAnswer(Cause.UNREACHABLE, type(error).__name__)
        except Exception as error:  # a payment never stops because this check breaks
            self.failure = NoAnswer(Cause.BROKEN, type(error).__name__)
        finally:
            self._places.release()

    def abandon(self) -> None:
        """Shut the socket, from another thread: whoever waits for it wakes."""
        opened = self._socket
        if opened is not None:
            with suppress(OSError):
                socket.socket.shutdown(opened, socket.SHUT_RDWR)  # of the transport, below TLS

    def _ask(self) -> Reply:
        host = self._url.hostname or ""
        port = self._url.port or _PORTS[self._url.scheme]
        connection = HTTPConnection(host, port)
        try:
            connection.sock = self._connect(host, port)
            connection.request("POST", self._url.path, body=self._body, headers=dict(self._headers))
            with connection.getresponse() as response:
                return _read(response)
        finally:
            connection.close()
            if self._socket is not None:
                self._socket.close()

    def _connect(self, host: str, port: int) -> socket.socket:
        opened = socket.create_connection((host, port), self._wait_seconds)
        self._socket = opened
        if self._context is not None:
            self._socket = opened = self._context.wrap_socket(opened, server_hostname=host)
        return opened


def _read(response: HTTPResponse) -> Reply:
    if response.status in REDIRECTS:
        raise NoAnswer(Cause.REDIRECTED, str(response.status))
    if response.status != OK:
        raise NoAnswer(Cause.WRONG_STATUS, str(response.status))
    if response.headers.get_content_type() != JSON:
        raise NoAnswer(Cause.WRONG_ANSWER, "no JSON")
    if response.length is not None and response.length > LARGEST_BODY_BYTES:
        raise NoAnswer(Cause.TOO_LONG)
    body = response.read(LARGEST_BODY_BYTES + 1)
    if len(body) > LARGEST_BODY_BYTES:
        raise NoAnswer(Cause.TOO_LONG)
    return Reply({name.lower(): value for name, value in response.headers.items()}, body)
