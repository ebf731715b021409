"""E-mail over real connections: what arrives, what is refused, and that nobody else can be the server."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from teneur.agreements.terms.notices import Medium
from teneur.documents.identity import BankIdentity
from teneur.kernel.commands import account_id
from teneur.kernel.money import Language
from teneur.obligations.notices.adapters import Answer, Parcel
from teneur.obligations.notices.document import NoticeDocument, document_hash, document_text
from teneur.obligations.notices.mail import (
    Mail,
    MailSettings,
    Security,
    WrongMailSettings,
    read_mail_settings,
)
from tests.obligations.notices.making import MailServer, free_port, mail_server, texts

AT = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


def parcel(
    number: int = 1, email: str = "marie@exemple.fr", subject: str = "Votre virement est refusé"
) -> Parcel:
    document = NoticeDocument(
        name=f"1-1000000-{number}-0",
        template="transfer-refused",
        about="7",
        bank=BankIdentity(name="Banque d’Essai", bic="BREDFRPPXXX"),
        account=account_id(1, 1_000_000),
        iban="FR7610107001010100000000057",
        holders=("Marie Dupont",),
        person=1,
        recipient='Marie "M" Dupont\r\nBcc: all@exemple.fr',
        address=("Marie Dupont", "75002 Paris"),
        language=Language.FRENCH,
        subject=subject,
        paragraphs=("Nous n’avons pas exécuté le virement.",),
        rows=(("Montant", "12,50 €"),),
        items=("Un – deux",),
        clauses=(),
        agreement="bred-2022-06",
        values={},
        made_at=AT,
        issued_at=AT,
        zone="Europe/Paris",
    )
    return Parcel(
        key=(document.account, number, 0),
        medium=Medium.EMAIL,
        document=document,
        text=document_text(document),
        sha256=document_hash(document),
        email=email,
        enclosures=(("annexe.pdf", b"%PDF-1.7"),),
    )


def send(mail: Mail, *parcels: Parcel) -> list[Answer]:
    return list(mail.send(parcels))


def test_one_message_for_each_notice_says_who_when_what_and_which(server: MailServer) -> None:
    answers = send(server.mail(), parcel(1), parcel(2, "paul@exemple.fr"))
    assert [a.sent for a in answers] == [True, True]
    assert server.recipients == ["marie@exemple.fr", "paul@exemple.fr"]
    first, second = server.messages
    assert answers[0].reference == first["Message-ID"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"].startswith("<notice.1-1000000-1-0.")
    assert first["Message-ID"].endswith("@banque.example>")
    assert first["Subject"] == "Votre virement est refusé"
    assert first["From"].addresses[0].display_name == "Banque d’Essai"
    assert first["From"].addresses[0].addr_spec == "avis@banque.example"
    assert parsedate_to_datetime(str(first["Date"])) == AT
    assert (first["Content-Language"], first["Auto-Submitted"]) == ("fr", "auto-generated")
    (enclosed,) = first.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content()) == ("annexe.pdf", b"%PDF-1.7")
    text = texts(server.messages)[0].replace("\r\n", "\n")
    assert "Nous n’avons pas exécuté le virement." in text
    assert "Montant\u00a0: 12,50 €" in text


def test_nobody_is_added_by_a_name_or_a_subject_with_line_breaks(server: MailServer) -> None:
    assert send(server.mail(), parcel(subject="Avis\r\nBcc: all@exemple.fr"))[0].sent
    (message,) = server.messages
    assert message["Bcc"] is None
    assert server.recipients == ["marie@exemple.fr"]


@pytest.mark.parametrize("address", ["marie", "a@b@c", "a b@exemple.fr", "a@exemple.fr\r\nX: y", ""])
def test_an_address_that_is_none_is_refused_for_good_and_holds_up_no_other(
    server: MailServer, address: str
) -> None:
    broken, good = send(server.mail(), parcel(1, address), parcel(2))
    assert (broken.sent, broken.permanent) == (False, True)
    assert good.sent
    assert len(server.messages) == 1


@pytest.mark.parametrize(("code", "permanent"), [("550 unknown", True), ("451 later", False)])
def test_what_the_server_refuses_for_good_is_permanent_and_the_next_message_goes(
    server: MailServer, code: str, permanent: bool
) -> None:
    server.answers["gone@exemple.fr"] = code
    gone, good = send(server.mail(), parcel(1, "gone@exemple.fr"), parcel(2))
    assert (gone.sent, gone.permanent) == (False, permanent)
    assert code[:3] in gone.error
    assert good.sent


def test_a_server_that_is_away_or_says_nothing_is_a_failure_in_time() -> None:
    away = MailSettings(host="127.0.0.1", port=free_port(), sender="a@b.example", security=Security.NONE)
    (answer,) = send(Mail(away), parcel())
    assert (answer.sent, answer.permanent) == (False, False)
    assert "ConnectionRefusedError" in answer.error


# encryption


def make_certificate(folder: Path, *, host: str = "localhost") -> tuple[Path, SSLContext]:
    """A certificate that signs itself: its file, and the context of a server that has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(IPv4Address("127.0.0.9"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{host}.pem", folder / f"{host}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return certificate, context


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_message_goes_out_encrypted_to_a_server_whose_certificate_is_trusted(
    tmp_path: Path, security: Security
) -> None:
    certificate, context = make_certificate(tmp_path)
    with mail_server(context, at_once=security is Security.TLS) as server:
        trusted = server.settings(security, ca_file=str(certificate))
        assert send(Mail(trusted), parcel())[0].sent
        strange = server.settings(security)
        (answer,) = send(Mail(strange), parcel())
        assert (answer.sent, answer.permanent) == (False, False)
        assert "CERTIFICATE_VERIFY_FAILED" in answer.error
        assert len(server.messages) == 1


def test_a_certificate_of_another_host_is_not_taken(tmp_path: Path) -> None:
    certificate, context = make_certificate(tmp_path, host="mail.example")
    with mail_server(context) as server:
        (answer,) = send(Mail(server.settings(Security.STARTTLS, ca_file=str(certificate))), parcel())
        assert "CERTIFICATE_VERIFY_FAILED" in answer.error
        assert server.messages == []


def test_a_server_without_starttls_gets_no_message_and_no_word_of_access(server: MailServer) -> None:
    settings = server.settings(Security.STARTTLS, user="teneur")
    (answer,) = send(Mail(settings, "open sesame"), parcel())
    assert not answer.sent
    assert server.messages == []
    assert server.logins == []


def test_whoever_must_log_in_does_and_a_wrong_word_of_access_is_no_reason_to_give_up(tmp_path: Path) -> None:
    certificate, context = make_certificate(tmp_path)
    with mail_server(context, login=True) as server:
        settings = server.settings(Security.STARTTLS, ca_file=str(certificate), user="teneur")
        assert send(Mail(settings, "open sesame"), parcel())[0].sent
        assert server.logins == [(b"teneur", b"open sesame")]
        (answer,) = send(Mail(settings, "guess"), parcel())
        assert (answer.sent, answer.permanent) == (False, False)
        assert "guess" not in answer.error
        assert "535" in answer.error


# settings


def test_settings_are_read_from_toml_and_say_what_is_wrong() -> None:
    read = read_mail_settings('host = "smtp.example"\nsender = "avis@banque.example"\n')
    assert (read.port, read.security, read.timeout_seconds) == (587, Security.STARTTLS, 30)
    for text, problem in (
        ('host = "smtp.example"', "sender"),
        ('host = "smtp.example"\nsender = "x"', "e-mail address"),
        ('host = ""\nsender = "a@b"', "host"),
        ('host = "h"\nsender = "a@b"\nport = 0', "port"),
        ('host = "h"\nsender = "a@b"\ntimeout_seconds = 0', "timeout_seconds"),
        ('host = "h"\nsender = "a@b"\npassword = "x"', "password"),
        ('host = "smtp.example"\nsender = "a@b.example"\nsecurity = "none"', "only this machine"),
        ("host =", "mail server"),
    ):
        with pytest.raises(WrongMailSettings, match=problem):
            read_mail_settings(text)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_only_this_machine_may_be_written_to_without_encryption(host: str) -> None:
    text = f'host = "{host}"\nsender = "a@b.example"\nsecurity = "none"'
    assert read_mail_settings(text).security is Security.NONE
