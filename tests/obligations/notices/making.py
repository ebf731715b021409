"""Notices of tests: written as decisions write them, and sent by real ways to real places."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from teneur.agreements.terms.notices import Medium
from teneur.bank import Bank
from teneur.customers.commands import UpdatePerson
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import AccountId, Channel, book_of
from teneur.kernel.notices import Notify, Value
from teneur.kernel.obligations import Owe
from teneur.obligations.commands import NoticeSent
from teneur.obligations.effects import EFFECTS as DUTY_EFFECTS
from teneur.obligations.notices.adapters import Adapter
from teneur.obligations.notices.day import Report, deliver
from teneur.obligations.notices.effects import EFFECTS
from teneur.obligations.notices.facts import Notice, load_notices
from teneur.obligations.notices.mail import Mail, MailSettings, Security
from teneur.obligations.notices.messages import WebSpace
from teneur.obligations.notices.printing import PrintFolder
from tests.support.bank import BOOK, CLERK, accepted

WRITE, OWE = EFFECTS[0].write, DUTY_EFFECTS[0].write
EXCESS: dict[str, Value] = {
    "medium": "letter",
    "began_on": "2026-05-04",
    "balance_minor": -12_050,
    "limit_minor": 10_000,
    "excess_minor": 2_050,
}


def told(
    bank: Bank,
    account: AccountId,
    template: str,
    values: Mapping[str, Value],
    duty: str = "",
    clause: str = "",
) -> Notice:
    """Something the holders must be told, with the duty to do so; as it waits."""
    nothing = NoticeSent(kind="nothing", about="nothing", medium="none", reference="none")
    position, at = bank.ask(nothing, account).position, bank.clock.now()
    with bank.connect() as connection:
        book = book_of(account)
        notify = Notify(account, template, "", tuple(values.items()), at, duty)
        WRITE(connection, [(book, position, notify)])
        if duty:
            OWE(connection, [(book, position, Owe(account, duty, "", clause, at, None))])
    return notice_of(bank, account, position)


def notice_of(bank: Bank, account: AccountId, position: int, line: int = 0) -> Notice:
    """A notice as it stands."""
    with bank.read() as connection:
        return load_notices(connection, [(account, position, line)])[account, position, line]


def again(bank: Bank, notice: Notice) -> Notice:
    """The notice as it stands now."""
    return notice_of(bank, notice.account, notice.id, notice.line)


def waiting(bank: Bank) -> list[tuple[int, datetime | None]]:
    """What is not sent: notice and next attempt."""
    with bank.connect() as connection:
        query = "select notice, next_at from notice_waiting order by notice"
        return [(notice, at) for notice, at in connection.execute(query)]


def give_email(bank: Bank, person: int, email: str) -> None:
    """Staff enters the e-mail address of a person."""
    ask = UpdatePerson(person=person, reason="form of today", email=email)
    accepted(bank.ask(ask, REGISTER, actor=CLERK, channel=Channel.BRANCH))


def ways(bank: Bank, folder: Path, mail: Adapter | None = None) -> dict[Medium, Adapter]:
    """The web space and the print folder, and e-mail if it is given."""
    printer = PrintFolder(folder)
    found: dict[Medium, Adapter] = {
        Medium.SECURE_MESSAGE: WebSpace(bank.connect),
        Medium.LETTER: printer,
        Medium.REGISTERED_LETTER: printer,
    }
    if mail is not None:
        found[Medium.EMAIL] = mail
    return found


def send(bank: Bank, adapters: dict[Medium, Adapter], **more: Any) -> Report:
    """Deliver what waits in the book."""
    return deliver(bank, BOOK, adapters, **more)


class MailServer:
    """A mail server on this machine. answers: what it says to a recipient instead of taking the message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 taken"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    def settings(self, security: Security = Security.NONE, **more: Any) -> MailSettings:
        """How to reach it."""
        return MailSettings(
            host="localhost", port=self.port, sender="avis@banque.example", security=security, **more
        )

    def mail(self) -> Mail:
        """The adapter that writes to it."""
        return Mail(self.settings())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def mail_server(
    context: ssl.SSLContext | None = None, *, at_once: bool = False, login: bool = False
) -> Iterator[MailServer]:
    """A mail server as long as the block runs. context: its TLS, from the first byte or by STARTTLS."""
    server = MailServer()
    server.port = free_port()
    more: dict[str, Any] = {}
    if context is not None and at_once:
        more["ssl_context"] = context
    elif context is not None:
        more |= {"tls_context": context, "require_starttls": True}
    if login:
        more |= {"authenticator": server.authenticate, "auth_required": True}
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **more)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def texts(messages: Sequence[EmailMessage]) -> list[str]:
    """The words of messages."""
    found = []
    for message in messages:
        body = message.get_body(("plain",))
        assert body is not None
        found.append(body.get_content())
    return found
