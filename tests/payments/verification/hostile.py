"""Servers on the loopback that answer as they are told: well, badly, or never."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
Answer = Callable[[socket.socket, bytes], None]


class OtherBank:
    """A server that was started; what it was asked, connection by connection."""

    def __init__(self, port: int, scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{port}/vop"
        self.asked: list[bytes] = []


def certificate(name: str) -> str:
    """The path of a file of the folder of certificates."""
    return str(CERTIFICATES / name)


def server_context(name: str = "server", *, asks_for_client: bool = False) -> ssl.SSLContext:
    """TLS of a server with one of the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(f"{name}.pem"), certificate(f"{name}.key"))
    if asks_for_client:
        context.load_verify_locations(certificate("roots.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@contextmanager
def listening(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[OtherBank]:
    """A server that gives every connection to `answer`, with the request that came in."""
    listener = socket.create_server(("127.0.0.1", 0))
    bank = OtherBank(listener.getsockname()[1], "https" if tls else "http")
    opened: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        with suppress(OSError):
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
                opened.append(connection)
            request = _request(connection)
            bank.asked.append(request)
            answer(connection, request)
        connection.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                opened.append(connection)
                threading.Thread(target=talk, args=[connection], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in opened:
            connection.close()
        thread.join(5)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionError
    return received


def request_id(request: bytes) -> bytes:
    """The id that a request carries."""
    return re.search(rb"(?i)x-request-id: (\S+)", request)[1]  # type: ignore[index]


def replying(
    body: bytes, *, status: str = "200 OK", kind: str = "application/json", headers: bytes = b""
) -> Answer:
    """An HTTP reply to whatever is asked, with the id of the question."""

    def answer(connection: socket.socket, request: bytes) -> None:
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"X-Request-ID: {request_id(request).decode()}\r\n"
        )
        connection.sendall(head.encode() + headers + b"\r\n" + body)

    return answer


def sending(*parts: bytes, pause_seconds: float = 0, forever: bool = False) -> Answer:
    """These bytes, one after the other, the last again and again if it never ends."""

    def answer(connection: socket.socket, _request: bytes) -> None:
        wait = threading.Event()
        for part in parts:
            connection.sendall(part)
            wait.wait(pause_seconds)
        while forever:
            connection.sendall(parts[-1])
            wait.wait(pause_seconds)

    return answer


def silent(connection: socket.socket, _request: bytes) -> None:
    """Nothing, until the other side has had enough."""
    connection.recv(1)
