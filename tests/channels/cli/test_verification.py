"""Two banks, each with its own books: one pays, the other answers in a process of its own over a socket."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from teneur.bank import Bank
from teneur.channels.cli.main import run
from teneur.channels.settings import CLOCK, SIMULATED, keep_setting, other_banks
from teneur.channels.verification.answering import Answerer
from teneur.channels.verification.serving import Server
from teneur.kernel.clock import SimulatedClock, instant
from teneur.payments.verification.wire import PATH, request_of, write
from teneur.storage.database import Dsn, connect
from tests.support.bank import BNC, BRED, add_person, open_account, open_bank

START = "2026-05-04T12:00:00+02:00"
NAME = "Zoé Müller"


def bank_on(dsn: Dsn) -> Bank:
    """A bank with staff, of which every process knows the time."""
    with connect(dsn) as connection:
        keep_setting(connection, CLOCK, SIMULATED + START)
    return open_bank(dsn, START)


@contextmanager
def serving(dsn: Dsn, *words: str) -> Iterator[str]:
    """`teneur verification serve` on a free port; its address, without the path."""
    environment = {**os.environ, "TENEUR_DATABASE_URL": dsn.app, "TENEUR_OWNER_URL": dsn.owner}
    command = [
        sys.executable,
        "-m",
        "teneur.channels.cli.main",
        "verification",
        "serve",
        "--port",
        "0",
        "--json",
    ]
    process = subprocess.Popen([*command, *words], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = "".join(iter(process.stdout.readline, "}\n")) + "}"
        parts = urlsplit(json.loads(said)["url"])
        yield f"http://{parts.netloc}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()  # type: ignore[union-attr]


class Paying:
    """`teneur` at the paying bank, whose customer has 1,000 €."""

    def __init__(self, dsn: Dsn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TENEUR_DATABASE_URL", dsn.app)
        monkeypatch.setenv("TENEUR_OWNER_URL", dsn.owner)
        monkeypatch.setenv("COLUMNS", "160")
        self._capsys = capsys
        self.dsn = dsn
        self.err = ""
        with bank_on(dsn) as bank:
            open_account(bank, BRED, funds_minor=100_000)

    def __call__(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        found = run(words)
        out, self.err = self._capsys.readouterr()
        assert found == code, out + self.err
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def knows(self, tmp_path: Path, iban: str, url: str) -> None:
        """The file of endpoints, as `init` takes it."""
        file = tmp_path / "endpoints.toml"
        code = iban[:2] + iban[4:9]
        file.write_text(
            f'answer_within_seconds = 3\n[[bank]]\nbic = "CEPANCNM"\ncodes = ["{code}"]\nurl = "{url}/vop"\n'
        )
        self("init", "--payee-verification", str(file))

    def pays(self, iban: str, name: str) -> Any:
        return self.json("pay", "1/1000000", "10", "--to", iban, "--name", name, "--yes")


@pytest.fixture
def paying(
    new_database: Callable[[], Dsn], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Paying:
    return Paying(new_database(), capsys, monkeypatch)


@pytest.fixture
def answering(new_database: Callable[[], Dsn]) -> tuple[Dsn, str]:
    """The other bank, and the IBAN of Zoé Müller there."""
    dsn = new_database()
    with bank_on(dsn) as bank:
        account = open_account(bank, BNC, add_person(bank, "Müller", "Zoé"))
        return dsn, bank.account(account).iban


def test_the_payer_sees_the_other_bank_s_answer_and_it_is_kept_with_the_order(
    paying: Paying, answering: tuple[Dsn, str], tmp_path: Path
) -> None:
    other, iban = answering
    with serving(other, "--unchecked") as url:
        paying.knows(tmp_path, iban, url)
        done = paying.pays(iban, "Zoe Muler")
        assert paying.pays(iban, "Mueller Zoé")["preview"]["payee_check"] == "match"
        assert paying.pays(iban, "Jean Dupont")["preview"]["payee_check"] == "no-match"
    assert (done["outcome"], done["preview"]["payee_check"]) == ("accepted", "close-match")
    assert NAME in done["preview"]["shown"]
    book, position = map(int, done["operation"].split("/"))
    with connect(paying.dsn) as connection:
        row = connection.execute(
            "select body from record where book = %s and position = %s", [book, position]
        ).fetchone()
    assert row is not None
    kept = json.loads(row[0])["asked"]["check"]
    assert (kept["outcome"], kept["answered_by"]) == ("close-match", "CEPANCNM")
    assert NAME in kept["shown"]
    with connect(other) as connection:
        bodies = connection.execute(
            "select body from record join journal using (book, position) where kind = 130 order by position"
        ).fetchall()
    assert [json.loads(body)["decided"]["code"] for (body,) in bodies] == ["CMTC", "MTCH", "NMTC"]
    assert json.loads(bodies[0][0])["asked"]["request_id"] == kept["request_id"]


def test_an_order_is_given_when_the_other_bank_does_not_answer(
    paying: Paying, answering: tuple[Dsn, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    paying.knows(tmp_path, answering[1], url)
    done = paying.pays(answering[1], NAME)
    assert (done["outcome"], done["preview"]["payee_check"]) == ("accepted", "not-available")
    assert done["preview"]["not_available_because"] == "unreachable"


def test_settings_of_no_use_stop_no_payment(paying: Paying, answering: tuple[Dsn, str]) -> None:
    with connect(paying.dsn) as connection:
        keep_setting(connection, "payee-verification", "no TOML")
    done = paying.pays(answering[1], NAME)
    assert done["preview"]["not_available_because"] == "wrong-settings"
    assert done["outcome"] == "accepted"


def test_a_file_of_endpoints_of_no_use_is_refused_by_init(paying: Paying, tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_text('[[bank]]\nbic = "BREDFRPP"\nurl = "http://bank.example/vop"\n')
    paying("init", "--payee-verification", str(file), code=2)
    assert "https://" in paying.err


def test_a_bank_may_be_asked_by_hand_about_a_name_or_an_lei(
    paying: Paying, answering: tuple[Dsn, str], tmp_path: Path
) -> None:
    other, iban = answering
    with serving(other, "--unchecked") as url:
        paying.knows(tmp_path, iban, url)
        asked = ("verification", "ask", iban, "--from", "LENTFRPP")
        assert paying.json(*asked, "--name", NAME)["outcome"] == "match"
        found = paying.json(*asked, "--lei", "969500T3MBS4SQAMHJ45")
        assert (found["outcome"], found["cause"]) == ("not-available", "not-possible")
        assert "CEPANCNM" in paying(*asked, "--name", NAME)
        paying(*asked, code=2)
        paying(*asked, "--name", NAME, "--lei", "969500T3MBS4SQAMHJ45", code=2)


def test_unless_told_otherwise_the_front_must_say_which_bank_asks(
    paying: Paying, answering: tuple[Dsn, str], tmp_path: Path
) -> None:
    other, iban = answering
    with serving(other) as url:
        paying.knows(tmp_path, iban, url)
        assert paying.pays(iban, NAME)["preview"]["not_available_because"] == "wrong-status"


def exchange(url: str, data: bytes) -> bytes:
    """What the server says to these bytes, until it hangs up."""
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), 20) as connection:
        connection.sendall(data)
        received = b""
        while more := connection.recv(65_536):
            received += more
    return received


def test_the_server_bounds_what_it_reads_and_for_how_long(new_database: Callable[[], Dsn]) -> None:
    post = b"POST /v1/payee-verifications HTTP/1.1\r\nHost: x\r\n"
    with (
        bank_on(new_database()) as bank,
        Server(Answerer(bank), 0, "X-Requester-BIC", patience_seconds=1) as server,
    ):
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert exchange(url, post + b"Content-Length: 16385\r\n\r\n").startswith(b"HTTP/1.0 413 ")
        assert exchange(url, post + b"Content-Length: -1\r\n\r\n").startswith(b"HTTP/1.0 411 ")
        assert exchange(url, post + b"Content-Length: 9999999999999\r\n\r\n").startswith(b"HTTP/1.0 413 ")
        chunked = b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}"
        assert exchange(url, post + chunked).startswith(b"HTTP/1.0 411 ")
        assert exchange(url, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.0 404 ")
        assert exchange(url, b"POST") == b""  # cut when its time is up
        server.shutdown()


@pytest.mark.parametrize(("said", "status"), [(1, 200), (2, 403), (0, 403)])
def test_the_front_says_once_which_bank_asks(answering: tuple[Dsn, str], said: int, status: int) -> None:
    dsn, iban = answering
    asked = request_of(iban=iban, responding_bic="CEPANCNM", requesting_bic="AGRIFRPP", name=NAME)
    head = (
        f"POST {PATH} HTTP/1.1\r\nContent-Type: application/json\r\nX-Request-ID: {uuid4()}\r\n"
        f"X-Request-Timestamp: 2026-05-04T10:00:00Z\r\nContent-Length: {len(write(asked))}\r\n"
    )
    data = (head + "X-Requester-BIC: AGRIFRPP\r\n" * said + "\r\n").encode() + write(asked)
    with (
        Bank.open(dsn, SimulatedClock(instant(START))) as bank,
        Server(Answerer(bank), 0, "X-Requester-BIC") as server,
    ):
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        reply = exchange(f"http://127.0.0.1:{server.server_port}", data)
        server.shutdown()
    assert reply.startswith(f"HTTP/1.0 {status} ".encode())


def test_other_banks_are_nobody_without_a_file(new_database: Callable[[], Dsn]) -> None:
    with bank_on(new_database()) as bank:
        assert type(other_banks(bank)).__name__ == "NobodyAnswers"
