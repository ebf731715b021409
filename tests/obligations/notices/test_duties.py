"""Whatever the bank must inform of is told by a notice, and its sending does the duty."""

import ast
from datetime import date
from pathlib import Path

import pytest

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import Channel
from teneur.obligations.notices.adapters import Adapter
from teneur.obligations.notices.attempts import kept_document
from teneur.obligations.notices.document import document_text
from teneur.payments.transfers.commands import (
    AskCeiling,
    ConfirmInstant,
    DecideCeiling,
    ReceiveReturn,
    ReviewScreening,
)
from teneur.payments.transfers.rules.directory import COLUMNS, read_directory
from teneur.payments.transfers.rules.screening import ListedName, ScreeningList
from tests.obligations.notices.making import MailServer, give_email, send, texts, ways
from tests.obligations.test_texts import opened
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    OTHER_ADVISER,
    accepted,
    move_clock,
    open_account,
)
from tests.support.transfers import ELSEWHERE, NOUMEA_MORNING, PARIS_MORNING, ask_at, duties, pay
from tests.sweep.sources import python

LATER = instant("2026-05-08T12:00:00Z")
WRONG = "FR7630006000011234567890188"


def tell(bank: Bank, folder: Path, mail: Adapter | None = None) -> list[tuple[str, str]]:
    """Send what waits some days later; what went out, by which medium."""
    move_clock(bank, max(bank.clock.now(), LATER))
    return send(bank, ways(bank, folder, mail)).sent


def said(bank: Bank, account: int, position: int, line: int = 0) -> str:
    """The words of a notice that was issued."""
    with bank.read() as connection:
        kept = kept_document(connection, (account, position, line))
    assert kept is not None
    return document_text(kept[0])


def constants(value: str) -> set[str]:
    """Under which names the program knows a text."""
    return {
        ast.unparse(node.targets[0])
        for source in python("src/teneur/")
        for node in source.nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == value
    }


def test_every_duty_to_inform_has_a_notice_that_discharges_it() -> None:
    owed = {kind for kind in opened() if kind.startswith("inform-")}
    assert {"inform-of-refusal", "inform-of-return", "inform-of-excess"} <= owed
    for kind in owed:
        names = constants(kind)
        emitted = [
            source.path
            for source in python("src/teneur/")
            for node in source.nodes
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).rpartition(".")[2] not in {"Owe", "Discharge", "NoticeSent"}
            and names & {ast.unparse(argument) for argument in node.args}
        ]
        assert emitted, f"{kind} is owed, and no notice says that it does it"


@asserts("BRED-3.1-16", "BNC-6.2.1-3")
@pytest.mark.parametrize(("series", "at"), [(BRED, PARIS_MORNING), (BNC, NOUMEA_MORNING)])
def test_a_refused_order_is_told_with_reason_and_correction_and_then_the_duty_is_done(
    bank: Bank, tmp_path: Path, series: str, at: str
) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    order = pay(bank, payer, WRONG, 4_000, at, currency="EUR")
    assert order.reason == "iban-invalid"
    tell(bank, tmp_path)
    text = said(bank, payer, order.position)
    assert "L’IBAN du bénéficiaire est faux" in text
    assert "recopiez l’IBAN" in text
    assert "Jean Payé" in text
    (duty,) = duties(bank, payer, "inform-of-refusal")
    assert duty.discharged_by is not None
    assert duty.discharged_by.startswith("secure-message: ")


def test_a_refusal_that_is_no_material_error_gives_the_reason_and_nothing_to_correct(
    bank: Bank, tmp_path: Path
) -> None:
    payer = open_account(bank, BRED)
    order = pay(bank, payer, ELSEWHERE, 4_000)
    assert order.reason == "insufficient-funds"
    tell(bank, tmp_path)
    text = said(bank, payer, order.position)
    assert "Le solde disponible du compte ne suffit pas." in text
    assert "40,00\u00a0€" in text
    assert "Que faire" not in text


def test_where_the_law_forbids_to_tell_neither_reason_nor_correction_is_told(
    bank: Bank, tmp_path: Path
) -> None:
    bank.transfers.screening = ScreeningList([ListedName("1", "Igor Krasny")], 2)
    payer = open_account(bank, BRED, funds_minor=10_000)
    held = pay(bank, payer, ELSEWHERE, 4_000, name="Igor Krasny")
    review = ReviewScreening(transfer=held.position, cleared=False)
    answer = ask_at(bank, review, payer, "2026-05-05T11:00:00+02:00", actor=BACK_OFFICE)
    tell(bank, tmp_path)
    text = said(bank, payer, accepted(answer).position)
    assert "La loi ne nous permet pas d’en dire plus." in text
    assert "Pourquoi" not in text
    assert duties(bank, payer, "inform-of-refusal")[0].discharged_at is not None


def test_an_instant_transfer_that_failed_is_told_with_what_the_other_bank_said(
    bank: Bank, tmp_path: Path
) -> None:
    directory = read_directory([",".join(COLUMNS), "FR,30006,AGRIFRPPXXX,FR,no,yes"])
    payer = open_account(bank, BRED, funds_minor=10_000)
    with Bank.open(bank.dsn, bank.clock, directory=directory) as knowing:
        order = pay(knowing, payer, ELSEWHERE, 4_000, channel=Channel.MOBILE, service=Service.INSTANT)
        failed = ConfirmInstant(transfer=order.position, available=False, reason="AC04")
        at = "2026-05-05T10:00:04+02:00"
        answer = accepted(ask_at(knowing, failed, payer, at, channel=Channel.INTERBANK))
    tell(bank, tmp_path)
    assert "Ce qu’elle nous a dit : compte clôturé." in said(bank, payer, answer.position)
    assert duties(bank, payer, "inform-of-refusal")[0].discharged_at is not None


def test_a_returned_transfer_is_told_with_what_was_credited(bank: Bank, tmp_path: Path) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = accepted(pay(bank, payer, ELSEWHERE, 4_000))
    ask = ReceiveReturn(transfer=order.position, amount_minor=4_000, currency="EUR", reason="XX99")
    answer = ask_at(bank, ask, payer, "2026-05-06T10:00:00+02:00", channel=Channel.INTERBANK)
    tell(bank, tmp_path)
    text = said(bank, payer, accepted(answer).position)
    assert "Nous avons crédité 40,00\u00a0€" in text
    assert "Ce qu’elle nous a dit : XX99." in text
    assert duties(bank, payer, "inform-of-return")[0].discharged_at is not None


@asserts("BNC-6.1.3.1-16")
def test_a_refused_raise_of_the_ceiling_is_told_by_e_mail(
    bank: Bank, tmp_path: Path, server: MailServer
) -> None:
    account = open_account(bank, BNC, funds_minor=10_000)
    (holder,) = bank.account(account).holders
    give_email(bank, holder, "marie@exemple.nc")
    tell(bank, tmp_path)
    asked = ask_at(bank, AskCeiling(per_operation_minor=900_000), account, NOUMEA_MORNING, actor=holder)
    decision = DecideCeiling(request=asked.position, granted=False, approved_by=OTHER_ADVISER)
    answer = accepted(ask_at(bank, decision, account, NOUMEA_MORNING, actor=ADVISER))
    assert "BNC-6.1.3.1-16" in answer.citations
    assert [m for _, m in tell(bank, tmp_path, server.mail())] == ["e-mail"]
    assert server.recipients == ["marie@exemple.nc"]
    (text,) = texts(server.messages)
    assert "Vos plafonds restent les mêmes." in text.replace("\r\n", "\n")
    assert "900\u202f000\u00a0F\u00a0CFP" in text


def test_a_raise_that_is_granted_is_no_such_notice(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BNC)
    (holder,) = bank.account(account).holders
    tell(bank, tmp_path)
    asked = ask_at(bank, AskCeiling(per_operation_minor=900_000), account, NOUMEA_MORNING, actor=holder)
    decision = DecideCeiling(
        request=asked.position, granted=True, approved_by=OTHER_ADVISER, until_on=date(2026, 6, 1)
    )
    accepted(ask_at(bank, decision, account, NOUMEA_MORNING, actor=ADVISER))
    assert tell(bank, tmp_path) == []
