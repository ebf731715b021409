"""What waits is rendered, sent and recorded: once where that can be, under the same name where it cannot."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from psycopg import errors

from teneur.agreements.terms.notices import Medium
from teneur.bank import Bank
from teneur.kernel.commands import AccountId
from teneur.kernel.notices import Value
from teneur.kernel.obligations import Discharge
from teneur.obligations.commands import NoticeSent
from teneur.obligations.effects import EFFECTS as DUTY_EFFECTS
from teneur.obligations.notices.adapters import Adapter, Answer, Parcel
from teneur.obligations.notices.attempts import attempts_of, kept_document
from teneur.obligations.notices.commands import ObjectToPaperless
from teneur.obligations.notices.day import deliver
from teneur.obligations.notices.delivery import MOST_ATTEMPTS, PAUSES, Outcome
from teneur.obligations.notices.document import document_hash, document_pdf
from teneur.obligations.notices.messages import messages_of
from teneur.obligations.notices.printing import INDEX, read_index
from tests.obligations.notices.making import (
    EXCESS,
    MailServer,
    again,
    give_email,
    send,
    texts,
    told,
    waiting,
    ways,
)
from tests.support import pdf
from tests.support.asserts import asserts
from tests.support.bank import BNC, BOOK, BRED, CLERK, accepted, move_clock, open_account, refused
from tests.support.transfers import duties

REFUSAL = {"reason": "iban-invalid", "correction": "iban-invalid", "payee": "Jean Payé"}
DISCHARGE = DUTY_EFFECTS[1].write


@pytest.fixture
def account(bank: Bank, tmp_path: Path) -> AccountId:
    """An account with an e-mail address, about which nothing waits any more."""
    made = open_account(bank, BRED)
    give_email(bank, bank.account(made).holders[0], "marie@exemple.fr")
    send(bank, ways(bank, tmp_path / "opening"))
    assert waiting(bank) == []
    return made


def rows(bank: Bank, table: str) -> int:
    with bank.connect() as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
        assert row is not None
        return int(row[0])


def test_a_message_is_made_available_and_its_sending_does_the_duty(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "transfer-refused", REFUSAL, "inform-of-refusal", "BRED-3.1-16")
    report = send(bank, ways(bank, tmp_path))
    assert report.sent == [(notice.name, "secure-message")]
    sent = again(bank, notice)
    assert (sent.medium, sent.sent_at) == ("secure-message", bank.clock.now())
    (duty,) = duties(bank, account, "inform-of-refusal")
    assert duty.discharged_by == f"secure-message: web space: {notice.name}"
    assert duty.discharged_at == bank.clock.now()
    (person,) = bank.account(account).holders
    with bank.read() as connection:
        shown = [m for m in messages_of(connection, person) if m.name == notice.name]
        assert [(m.subject, m.available_at) for m in shown] == [
            ("Votre virement est refusé", bank.clock.now())
        ]
    assert "L’IBAN du bénéficiaire est faux" in shown[0].body
    assert "Article 3.1 (BRED-3.1-16)" in shown[0].body
    assert waiting(bank) == []
    assert send(bank, ways(bank, tmp_path)).sent == []


@asserts("BRED-6-3")
def test_after_an_objection_what_came_electronically_comes_by_letter(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    holder = bank.account(account).holders[0]
    answer = accepted(bank.ask(ObjectToPaperless(), account, actor=holder))
    assert "BRED-6-3" in answer.citations
    notice = told(bank, account, "transfer-refused", REFUSAL)
    assert send(bank, ways(bank, tmp_path)).sent == [(notice.name, "letter")]
    assert again(bank, notice).reference == f"2026-05-04/letters/{notice.name}.pdf"
    accepted(bank.ask(ObjectToPaperless(objects=False), account, actor=holder))
    later = told(bank, account, "transfer-refused", REFUSAL)
    assert send(bank, ways(bank, tmp_path)).sent == [(later.name, "secure-message")]


@asserts("BNC-3.1-2")
def test_objecting_to_e_documents_brings_documents_on_paper_to_the_mailing_address(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BNC)
    holder = bank.account(account).holders[0]
    send(bank, ways(bank, tmp_path))
    values: dict[str, Value] = {"year": 2025, "total_minor": 12_000, "json_sha256": "ab" * 32}
    first = told(bank, account, "fee-summary", values)
    assert send(bank, ways(bank, tmp_path)).sent == [(first.name, "secure-message")]
    assert "BNC-3.1-2" in accepted(bank.ask(ObjectToPaperless(), account, actor=holder)).citations
    second = told(bank, account, "fee-summary", values)
    assert send(bank, ways(bank, tmp_path)).sent == [(second.name, "letter")]
    (line,) = read_index(tmp_path / "2026-05-04" / "letters")
    assert line.address == ("Marie Dupont", "1 rue de la Paix", "75002 Paris", "FR")


def test_a_letter_is_an_accessible_page_that_stands_whole_in_its_folder_with_an_index(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "overdraft-excess", EXCESS, "inform-of-excess", "BRED-8.2-6")
    enclosed = (("annexe.pdf", b"%PDF-enclosed"),)
    report = send(bank, ways(bank, tmp_path), enclosures=lambda _connection, _notice: enclosed)
    assert report.sent == [(notice.name, "letter")]
    folder = tmp_path / "2026-05-04" / "letters"
    page = (folder / f"{notice.name}.pdf").read_bytes()
    pdf.assert_accessible(page, "fr")
    said = pdf.text(page)
    assert "Marie Dupont 1 rue de la Paix 75002 Paris" in said
    assert "20,50 €" in said
    assert "La banque informe le client du dépassement par lettre simple." in said
    (line,) = read_index(folder)
    assert (line.name, line.file, line.acknowledgement) == (notice.name, f"{notice.name}.pdf", False)
    assert line.sha256 == sha256(page).hexdigest()
    assert [(folder / name).read_bytes() for name in line.enclosures] == [b"%PDF-enclosed"]
    assert {p.name for p in folder.iterdir()} == {INDEX, line.file, *line.enclosures}
    assert duties(bank, account, "inform-of-excess")[0].discharged_at is not None


def test_the_document_is_kept_as_issued_with_its_hash_and_nobody_can_change_it(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "overdraft-excess", EXCESS)
    send(bank, ways(bank, tmp_path))
    with bank.connect() as connection:
        kept = kept_document(connection, notice.key)
        (digest,) = connection.execute(
            "select json_sha256 from notice_document where notice = %s", [notice.id]
        ).fetchone() or (b"",)
    assert kept is not None
    document, page = kept
    assert bytes(digest).hex() == document_hash(document)
    assert page == document_pdf(document), "the same bytes each time"
    assert dict(document.values) == EXCESS
    with bank.read() as connection:
        body = connection.execute(
            "select body from record order by book desc, position desc limit 1"
        ).fetchone()
    assert body is not None
    asked = json.loads(bytes(body[0]))["asked"]
    assert asked["document_sha256"] == document_hash(document)
    assert asked["address_sha256"] == sha256("\n".join(document.address).encode()).hexdigest()
    for change in ("update notice_document set json = ''", "delete from notice_document",
                   "update notice_page set pdf = ''", "delete from notice_sent"):  # fmt: skip
        with bank.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(change)


def test_a_registered_letter_is_its_own_medium_marked_so(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    values: dict[str, Value] = {
        "medium": "registered-letter",
        "letter": "R1",
        "amount_minor": 5,
        "balance_minor": -5,
    }
    notice = told(bank, account, "overdraft-demand", values)
    send(bank, ways(bank, tmp_path))
    folder = tmp_path / "2026-05-04" / "registered"
    (line,) = read_index(folder)
    assert line.acknowledgement
    assert "avis de réception" in pdf.text((folder / line.file).read_bytes())
    assert again(bank, notice).medium == "registered-letter"


# what goes wrong


def test_what_was_told_otherwise_before_is_not_told_again(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "transfer-refused", REFUSAL, "inform-of-refusal")
    with bank.connect() as connection:
        done = Discharge(account, "inform-of-refusal", notice.about, "pain.002: M1", bank.clock.now())
        DISCHARGE(connection, [(BOOK, notice.id, done)])
    report = send(bank, ways(bank, tmp_path))
    assert (report.needless, report.sent) == ([notice.name], [])
    with bank.read() as connection:
        (attempt,) = attempts_of(connection, notice.key)
    assert (attempt.outcome, attempt.error) == (Outcome.NEEDLESS, "pain.002: M1")
    assert waiting(bank) == []


def test_a_notice_without_words_is_given_up_and_holds_up_no_other(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    broken = told(bank, account, "no-such-template", {})
    incomplete = told(bank, account, "overdraft-excess", {"medium": "letter"})
    good = told(bank, account, "overdraft-excess", EXCESS)
    report = send(bank, ways(bank, tmp_path))
    assert report.sent == [(good.name, "letter")]
    assert report.given_up == [broken.name, incomplete.name]
    assert "no template 'no-such-template'" in report.problems[0]
    assert "does not say began_on" in report.problems[1]
    assert waiting(bank) == [(broken.id, None), (incomplete.id, None)]


def test_a_notice_waits_for_a_way_of_sending_that_is_not_set_up(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "overdraft-excess", EXCESS)
    without = {Medium.SECURE_MESSAGE: ways(bank, tmp_path)[Medium.SECURE_MESSAGE]}
    report = send(bank, without)
    assert (report.unequipped, report.given_up, report.sent) == ([notice.name], [], [])
    assert waiting(bank) == [(notice.id, bank.clock.now() + timedelta(days=1))]
    move_clock(bank, bank.clock.now() + timedelta(days=1))
    assert send(bank, ways(bank, tmp_path)).sent == [(notice.name, "letter")]


def test_a_server_that_is_away_is_tried_again_with_longer_pauses_then_the_next_medium_has_its_turn(
    bank: Bank, tmp_path: Path, server: MailServer
) -> None:
    account = open_account(bank, BNC)
    give_email(bank, bank.account(account).holders[0], "marie@exemple.nc")
    send(bank, ways(bank, tmp_path))
    server.answers["marie@exemple.nc"] = "451 greylisted"
    notice = told(bank, account, "ceiling-raise-refused", {})
    adapters = ways(bank, tmp_path, server.mail())
    for pause in PAUSES:
        report = send(bank, adapters)
        assert [name for name, _ in report.failed] == [notice.name]
        assert waiting(bank) == [(notice.id, bank.clock.now() + pause)]
        move_clock(bank, bank.clock.now() + pause - timedelta(seconds=1))
        assert send(bank, adapters).failed == []
        move_clock(bank, bank.clock.now() + timedelta(seconds=1))
    assert send(bank, adapters).sent == [(notice.name, "letter")]
    with bank.read() as connection:
        tries = attempts_of(connection, notice.key)
    assert [a.medium for a in tries] == ["e-mail"] * MOST_ATTEMPTS + ["letter"]
    assert {a.outcome for a in tries[:-1]} == {Outcome.FAILED}
    assert "451" in tries[0].error
    assert tries[0].address_sha256 == sha256(b"marie@exemple.nc").hexdigest()


def test_an_address_that_is_refused_for_good_leads_to_the_next_medium_at_once(
    bank: Bank, tmp_path: Path, server: MailServer
) -> None:
    account = open_account(bank, BNC)
    give_email(bank, bank.account(account).holders[0], "gone@exemple.nc")
    send(bank, ways(bank, tmp_path))
    server.answers["gone@exemple.nc"] = "550 no such user"
    notice = told(bank, account, "ceiling-raise-refused", {})
    report = send(bank, ways(bank, tmp_path, server.mail()))
    assert report.sent == [(notice.name, "letter")]
    with bank.read() as connection:
        assert [a.outcome for a in attempts_of(connection, notice.key)] == [Outcome.REFUSED, Outcome.SENT]


class DiesAfterSending:
    """The program ends between sending and noting it: the message is out, the outcome is not stored."""

    needs_page = False

    def __init__(self, real: Adapter) -> None:
        self.real = real

    def address(self, _document: object, email: str) -> str:
        return email

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answer]:
        for answer in self.real.send(parcels):
            yield self.die(answer)

    def die(self, answer: Answer) -> Answer:
        assert answer.sent
        raise KeyboardInterrupt


def test_killed_between_sending_and_noting_the_same_message_goes_out_again_under_the_same_name(
    bank: Bank, tmp_path: Path, server: MailServer
) -> None:
    account = open_account(bank, BNC)
    give_email(bank, bank.account(account).holders[0], "marie@exemple.nc")
    send(bank, ways(bank, tmp_path))
    notice = told(bank, account, "ceiling-raise-refused", {})
    with pytest.raises(KeyboardInterrupt):
        send(bank, ways(bank, tmp_path, DiesAfterSending(server.mail())))
    with bank.read() as connection:
        assert [a.outcome for a in attempts_of(connection, notice.key)] == [None]
    move_clock(bank, bank.clock.now() + timedelta(hours=1))
    assert send(bank, ways(bank, tmp_path, server.mail())).sent == [(notice.name, "e-mail")]
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes(), "the document was issued once"
    assert again(bank, notice).reference == first["Message-ID"]


def test_killed_between_noting_and_recording_it_is_only_recorded(
    bank: Bank, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_account(bank, BNC)
    give_email(bank, bank.account(account).holders[0], "marie@exemple.nc")
    send(bank, ways(bank, tmp_path))
    notice = told(bank, account, "ceiling-raise-refused", {})

    def killed(_commands: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bank, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            send(bank, ways(bank, tmp_path, server.mail()))
    assert send(bank, ways(bank, tmp_path, server.mail())).sent == [(notice.name, "e-mail")]
    assert len(server.messages) == 1
    assert rows(bank, "notice_sent") > 0
    assert len(texts(server.messages)) == 1


def test_only_one_process_delivers_the_notices_of_a_book(
    bank: Bank, account: AccountId, tmp_path: Path
) -> None:
    notice = told(bank, account, "overdraft-excess", EXCESS)
    inner = []

    def meanwhile(_connection: object, _notice: object) -> tuple[tuple[str, bytes], ...]:
        inner.append(deliver(bank, BOOK, ways(bank, tmp_path)))
        return ()

    report = send(bank, ways(bank, tmp_path), enclosures=meanwhile)
    assert [(r.busy, r.sent) for r in inner] == [(True, [])]
    assert (report.busy, report.sent) == (False, [(notice.name, "letter")])


# recording


def test_a_sending_is_recorded_once_of_a_notice_that_exists(bank: Bank, account: AccountId) -> None:
    notice = told(bank, account, "overdraft-excess", EXCESS, "inform-of-excess")
    ask = NoticeSent(
        kind="inform-of-excess", about=notice.about, medium="letter", reference="by hand", notice=notice.id
    )
    refused(bank.ask(ask, account, actor=bank.account(account).holders[0]), "not-authorised")
    unknown = NoticeSent(
        kind="inform-of-excess", about=notice.about, medium="letter", reference="x", notice=notice.id + 7
    )
    refused(bank.ask(unknown, account, actor=CLERK), "unknown-notice")
    another = NoticeSent(kind="", about=notice.about, medium="letter", reference="x", notice=notice.id)
    refused(bank.ask(another, account, actor=CLERK), "unknown-notice")
    accepted(bank.ask(ask, account, actor=CLERK))
    refused(bank.ask(ask, account, actor=CLERK), "sent-already")
    assert duties(bank, account, "inform-of-excess")[0].discharged_by == "letter: by hand"
    assert waiting(bank) == []
