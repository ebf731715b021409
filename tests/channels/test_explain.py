"""What happened to an operation, told in French and in English, each step with its clause."""

from datetime import date

import pytest

from teneur.agreements.loader import load_agreements
from teneur.bank import Bank
from teneur.channels import explain_texts
from teneur.channels.day.job import advance
from teneur.channels.explain import Explanation, clause_note, explain, topic_of
from teneur.channels.explain_texts import Topic
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.kernel.money import Language
from teneur.ledger.reading import heads
from teneur.payments.transfers.commands import (
    PayeeAccount,
    PlaceTransfer,
    ReceiveTransfer,
    RevokeTransfer,
)
from teneur.payments.transfers.rules.refusal import Reason
from teneur.storage.database import Dsn
from tests.support.bank import BNC, BOOK, BRED, add_person, open_account, open_bank

FAR_IBAN = "FR7630006000011234567890189"


def order(bank: Bank, payer: AccountId, iban: str, amount_minor: int, **more: object) -> Answer:
    account = bank.account(payer)
    payee = PayeeAccount(name="Paul Payé", iban=iban)
    ask = PlaceTransfer(amount_minor=amount_minor, currency=account.currency, payee=payee, **more)  # type: ignore[arg-type]
    return bank.ask(ask, payer, actor=account.holders[0], channel=Channel.REMOTE)


def told(bank: Bank, answer: Answer, language: Language = Language.FRENCH) -> Explanation:
    found = explain(bank, answer.book, answer.position, language)
    assert found is not None
    return found


def test_a_transfer_between_customers_says_what_moved_and_when(database: Dsn) -> None:
    with open_bank(database) as bank:
        anne = add_person(bank, "Zola", "Anne")
        payer = open_account(bank, BRED, anne, funds_minor=100_000)
        payee = open_account(bank, BRED)
        story = told(bank, order(bank, payer, bank.account(payee).iban, 12_345))
        assert story.title == "Virement"
        assert story.sentence == "123,45\u00a0€ virés le 4\u00a0mai\u00a02026."
        assert story.actor == f"Anne Zola ({anne})"
        assert story.channel == "espace à distance"
        assert story.agreement == "bred-2022-06"
        [entry] = story.entries
        assert (entry.amount_minor, entry.currency, entry.booked_on) == (12_345, "EUR", date(2026, 5, 4))
        assert "Anne Zola" in entry.debit
        assert "Marie Dupont" in entry.credit


def test_a_transfer_to_another_bank_says_until_when_it_must_be_there(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, BRED, funds_minor=100_000)
        story = told(bank, order(bank, payer, FAR_IBAN, 5_000))
        assert "au plus tard le 5\u00a0mai\u00a02026" in story.sentence
        assert story.order_status == "envoyé, pas encore réglé"
        assert [duty.kind for duty in story.duties] == ["execute-transfer"]
        assert story.duties[0].due_at == instant("2026-05-05T23:59:59.999999+02:00")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.FRENCH, "Refusé : le solde disponible du compte ne suffit pas."),
        (Language.ENGLISH, "Refused: the available balance of the account is not sufficient."),
    ],
)
def test_a_refusal_says_why_and_what_the_bank_owes(database: Dsn, language: Language, sentence: str) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, BRED)
        story = told(bank, order(bank, payer, FAR_IBAN, 5_000), language)
        assert (story.outcome, story.reason) == ("refused", "insufficient-funds")
        assert story.sentence == sentence
        assert story.entries == ()
        [duty] = story.duties
        assert (duty.kind, duty.discharged_at) == ("inform-of-refusal", None)
        assert duty.due_at == instant("2026-05-05T23:59:59.999999+02:00")


def test_a_wrong_iban_comes_with_its_correction(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, BRED, funds_minor=10_000)
        story = told(bank, order(bank, payer, FAR_IBAN[:-2] + "00", 5_000))
        assert story.correction.startswith("Demandez au bénéficiaire")


@pytest.mark.parametrize("series", [BRED, BNC])
def test_every_clause_of_the_decision_stands_in_exactly_one_step(database: Dsn, series: str) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, series, funds_minor=100_000)
        payee = open_account(bank, series)
        for answer in (
            order(bank, payer, bank.account(payee).iban, 500),
            order(bank, payer, bank.account(payee).iban, 9_000_000),
        ):
            story = told(bank, answer)
            stepped = [clause for step in story.steps for clause in step.clauses]
            assert sorted(stepped) == sorted(answer.citations)
            assert len(story.clauses) == len(answer.citations)
            assert all(clause.rule for clause in story.clauses)
            assert "other" not in [step.topic for step in story.steps]


def test_an_order_after_the_cut_off_says_when_it_counts_as_received(database: Dsn) -> None:
    with open_bank(database, at="2026-04-30T15:00:00+02:00") as bank:
        payer = open_account(bank, BRED, funds_minor=10_000)
        story = told(bank, order(bank, payer, FAR_IBAN, 5_000))
        assert story.sentence.startswith("Arrivé après l’heure limite")
        assert "4\u00a0mai\u00a02026" in story.sentence
        assert story.order_status == "prévu le 4\u00a0mai\u00a02026"


def test_an_order_tells_what_came_of_it_later(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, BRED, funds_minor=10_000)
        payee = open_account(bank, BRED)
        placed = order(bank, payer, bank.account(payee).iban, 5_000, agreed_on=date(2026, 5, 6))
        assert told(bank, placed).follow_ups == ()
        other = order(bank, payer, bank.account(payee).iban, 700, agreed_on=date(2026, 5, 7))
        bank.ask(RevokeTransfer(transfer=other.position), payer, actor=bank.account(payer).holders[0],
                 channel=Channel.REMOTE)  # fmt: skip
        advance(bank, date(2026, 5, 7))
        [done] = told(bank, placed).follow_ups
        assert (done.title, done.sentence) == (
            "Échéance d’un virement",
            "50,00\u00a0€ virés le 6\u00a0mai\u00a02026.",
        )
        [revoked] = told(bank, other).follow_ups
        assert revoked.sentence == "Virement annulé à la demande du client."
        assert told(bank, other).order_status == "annulé"


def test_an_execution_tells_the_story_of_its_order(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, BRED, funds_minor=10_000)
        order(bank, payer, FAR_IBAN, 5_000, agreed_on=date(2026, 5, 6))
        [operation] = advance(bank, date(2026, 5, 6)).executed
        story = explain(bank, *operation)
        assert story is not None
        assert story.sentence.startswith("Compte débité de 50,00\u00a0€ le 6\u00a0mai\u00a02026")
        assert story.actor == "la banque (sa journée)"


def test_times_are_those_of_the_agreement(database: Dsn) -> None:
    with open_bank(database) as bank:
        assert isinstance(bank.clock, SimulatedClock)
        payer = open_account(bank, BNC, funds_minor=10_000)
        story = told(bank, order(bank, payer, bank.account(open_account(bank, BNC)).iban, 500))
        assert story.zone == "Pacific/Noumea"
        reception = next(step for step in story.steps if step.topic == Topic.RECEPTION)
        assert "17 h 00" in reception.text or "4\u00a0mai\u00a02026" in reception.text


def test_an_operation_that_never_was_has_no_story(database: Dsn) -> None:
    with open_bank(database) as bank:
        assert explain(bank, BOOK, 10_000) is None


def test_opening_an_account_and_cash_are_told_too(database: Dsn) -> None:
    with open_bank(database) as bank:
        open_account(bank, BRED, funds_minor=500)
        opening, cash = explain(bank, BOOK, 2), explain(bank, BOOK, 3)
        assert opening is not None
        assert (opening.title, opening.sentence) == ("Ouverture de compte", "Compte ouvert.")
        assert [duty.kind for duty in opening.duties] == ["deliver-rib", "deliver-tariff"]
        assert cash is not None
        assert cash.sentence == "5,00\u00a0€ crédités le 4\u00a0mai\u00a02026."
        assert "Caisse" in cash.entries[0].debit


@pytest.mark.parametrize("language", list(Language))
def test_every_reason_of_transfers_has_its_sentence(language: Language) -> None:
    for reason in Reason:
        text = explain_texts.reason_text(reason, {}, language)
        assert text
        assert text != f"{reason}."
        assert "{" not in text


def test_a_clause_is_about_what_its_function_is_about() -> None:
    agreement = load_agreements()["bred-2022-06"]
    assert topic_of("BRED-A5-T-1", agreement) is Topic.RECEPTION
    assert topic_of("BRED-A3-1.4-2", agreement) is Topic.CHARGES
    assert topic_of("BRED-8-1", agreement) is Topic.FUNDS
    assert topic_of("BRED-A3-2.3-7", agreement) is Topic.REVOCATION
    assert topic_of("NOT-A-CLAUSE", agreement) is Topic.OTHER


def test_a_clause_unknown_to_the_register_keeps_its_id() -> None:
    assert clause_note("NOT-A-CLAUSE").rule == ""
    assert clause_note("BRED-3.1-15").article


def test_the_half_of_a_transfer_in_another_book_is_told_of_its_payee(database: Dsn) -> None:
    with open_bank(database, books=(1, 2)) as bank:
        payer = open_account(bank, BRED, funds_minor=10_000)
        payee = open_account(bank, BRED, book=2)
        order(bank, payer, bank.account(payee).iban, 4_000, remittance="Loyer")
        with bank.read() as connection:
            half = explain(bank, 2, heads(connection)[2])
        assert half is not None
        assert half.account.startswith("Marie Dupont")
        assert [entry.amount_minor for entry in half.entries] == [4_000]
        assert half.agreement == "bred-2022-06"


def test_money_from_another_bank_is_told_of_its_payee(database: Dsn) -> None:
    with open_bank(database) as bank:
        payee = open_account(bank, BRED)
        ask = ReceiveTransfer(
            payee_iban=bank.account(payee).iban,
            payee_name="Marie Dupont",
            amount_minor=180_000,
            currency="EUR",
            payer_name="Studio Lumière",
            payer_bic="LUMIFRPPXXX",
        )
        story = told(bank, bank.ask(ask, payee, channel=Channel.INTERBANK))
        assert story.sentence == "1\u202f800,00\u00a0€ crédités le 4\u00a0mai\u00a02026."
        assert story.account.startswith("Marie Dupont")
