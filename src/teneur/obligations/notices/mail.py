"""Notices by e-mail over SMTP (RFC 5321): one message a notice, encrypted on the way, certificates verified.

The Message-ID is derived from the notice, so that a message that goes out twice (the program died between
sending and noting it) is recognised as one by those who receive it. What the server does not take for good
(5xx) is permanent; whatever else fails is tried again.
"""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from ipaddress import ip_address
from zoneinfo import ZoneInfo

import msgspec

from teneur.documents.typesetting import displayable
from teneur.obligations.notices.adapters import Answer, Parcel
from teneur.obligations.notices.document import NoticeDocument

LOOPBACK_NAMES = frozenset({"localhost"})
_LEAST_PERMANENT, _MOST_PERMANENT = 500, 599


class WrongMailSettings(ValueError):
    """Settings that cannot be used; the message says which and what is expected."""


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"  # from the first byte (port 465, RFC 8314)
    STARTTLS = "starttls"  # demanded, never left out
    NONE = "none"  # to this machine only


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mail server that takes our messages.

    sender: address of the bank; its domain stands in the Message-ID. ca_file: certificates to trust instead
    of those of the system. timeout_seconds: of each step of the connection. The word of access is none of
    the settings: it is given apart.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    ca_file: str = ""
    timeout_seconds: int = 30

    def __post_init__(self) -> None:
        """What is unsafe or impossible is no setting."""
        if not self.host.strip() or not 0 < self.port <= 65_535:
            raise WrongMailSettings("host and port (1 to 65535) of the mail server are needed")
        if not 0 < self.timeout_seconds <= 300:
            raise WrongMailSettings("timeout_seconds must be between 1 and 300")
        if "@" not in self.sender[1:-1] or not self.sender.isprintable() or " " in self.sender:
            raise WrongMailSettings(f"sender is {self.sender!r}: an e-mail address is needed")
        if self.security is Security.NONE and not is_this_machine(self.host):
            raise WrongMailSettings("without encryption only this machine can be the mail server")


def is_this_machine(host: str) -> bool:
    """Whether a name or address of a server can only be this machine."""
    try:
        return host.lower() in LOOPBACK_NAMES or ip_address(host).is_loopback
    except ValueError:
        return False


def read_mail_settings(text: str) -> MailSettings:
    """Settings from TOML. Raises WrongMailSettings."""
    try:
        return msgspec.toml.decode(text, type=MailSettings)
    except msgspec.DecodeError as error:
        raise WrongMailSettings(f"the settings of the mail server: {error}") from error


def message_id(parcel: Parcel, sender: str) -> str:
    """The same for the same notice, however often it goes out (RFC 5322, 3.6.4)."""
    return f"<notice.{parcel.document.name}.{parcel.sha256[:16]}@{sender.rpartition('@')[2]}>"


def message_of(parcel: Parcel, sender: str) -> EmailMessage:
    """The message of a parcel. Raises ValueError or MessageError for an address that is none."""
    document = parcel.document
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(displayable(document.bank.name), addr_spec=sender)
    message["To"] = Address(displayable(document.recipient), addr_spec=parcel.email)
    message["Subject"] = displayable(document.subject)
    message["Date"] = format_datetime(document.issued_at.astimezone(ZoneInfo(document.zone)))
    message["Message-ID"] = message_id(parcel, sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers
    message.set_content(parcel.text, charset="utf-8")
    for name, page in parcel.enclosures:
        message.add_attachment(page, maintype="application", subtype="pdf", filename=name)
    message["Content-Language"] = document.language.value  # of the whole, so after its parts are made
    return message


class Mail:
    """The adapter of e-mail. password: of `settings.user`, never shown."""

    needs_page = False

    def __init__(self, settings: MailSettings, password: str = "") -> None:
        self.settings = settings
        self._password = password

    def address(self, _document: NoticeDocument, email: str) -> str:
        """The e-mail address, if the person has given one."""
        return email

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answer]:
        """One message each, over one connection as long as it holds."""
        connection: smtplib.SMTP | None = None
        try:
            for parcel in parcels:
                try:
                    connection = connection or self._connect()
                    yield self._sent(connection, parcel)
                except (OSError, smtplib.SMTPException) as error:
                    _close(connection)
                    connection = None
                    yield failure(error)
        finally:
            _close(connection)

    def _sent(self, connection: smtplib.SMTP, parcel: Parcel) -> Answer:
        try:
            message = message_of(parcel, self.settings.sender)
        except (ValueError, MessageError, IndexError) as error:
            return Answer(error=f"address: {type(error).__name__}", permanent=True)
        try:
            connection.send_message(message)
        except (
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPSenderRefused,
            smtplib.SMTPDataError,
            smtplib.SMTPNotSupportedError,
        ) as error:
            with suppress(smtplib.SMTPException, OSError):
                connection.rset()
            return failure(error)
        return Answer(reference=str(message["Message-ID"]))

    def _connect(self) -> smtplib.SMTP:
        of = self.settings
        context = None
        if of.security is not Security.NONE:
            context = ssl.create_default_context(cafile=of.ca_file or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
        connection: smtplib.SMTP
        if of.security is Security.TLS:
            connection = smtplib.SMTP_SSL(of.host, of.port, timeout=of.timeout_seconds, context=context)
        else:
            connection = smtplib.SMTP(of.host, of.port, timeout=of.timeout_seconds)
        try:
            if of.security is Security.STARTTLS:
                connection.starttls(context=context)
            if of.user:
                connection.login(of.user, self._password)
        except BaseException:
            _close(connection)
            raise
        return connection


def failure(error: Exception) -> Answer:
    """What went wrong, for people; refused for good where the server said so (5xx) of address or message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return Answer(error=f"recipient refused: {codes}", permanent=all(map(_is_permanent, codes)))
    if isinstance(error, smtplib.SMTPDataError):
        return Answer(error=f"message refused: {error.smtp_code}", permanent=_is_permanent(error.smtp_code))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Answer(error="the server cannot write to this address", permanent=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return Answer(error=f"{type(error).__name__}: {error.smtp_code}")
    return Answer(error=f"{type(error).__name__}: {error}"[:200])


def _is_permanent(code: int) -> bool:
    return _LEAST_PERMANENT <= code <= _MOST_PERMANENT


def _close(connection: smtplib.SMTP | None) -> None:
    if connection is None:
        return
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()
