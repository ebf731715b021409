"""Likely duplicates, screening, verification of payee, identity checks of other banks."""

from datetime import date, timedelta

import pytest

from teneur.payments.transfers.rules.duplicates import OrderTrace, likely_duplicate
from teneur.payments.transfers.rules.identity_check import Identity, IdentityAnswer, identity_answer
from teneur.payments.transfers.rules.payee import (
    PayeeCheck,
    Verification,
    verify_here,
)
from teneur.payments.transfers.rules.screening import (
    ListedName,
    ScreeningList,
    ScreeningStep,
    screening_step,
)
from tests.payments.rules.support import THURSDAY, bred, paris, terms
from tests.support.asserts import asserts

AT = paris(THURSDAY, "10:00")


def trace(**changes: object) -> OrderTrace:
    content: dict[str, object] = {
        "payee_account": "FR7610107000010000000123464",
        "amount_minor": 50_00,
        "currency": "EUR",
        "text": "Loyer avril",
        "received_at": AT,
    }
    return OrderTrace(**{**content, **changes})  # type: ignore[arg-type]


def test_the_same_payee_amount_and_text_within_a_day_is_a_likely_duplicate() -> None:
    safeguards = terms(bred()).safeguards
    earlier = trace(received_at=AT - timedelta(hours=24), text="loyer  AVRIL", operation="1-17")
    found = likely_duplicate(trace(), [earlier], safeguards)
    assert found is not None
    assert found.operation == "1-17"
    too_old = trace(received_at=AT - timedelta(hours=24, microseconds=1))
    assert likely_duplicate(trace(), [too_old], safeguards) is None


@pytest.mark.parametrize(
    "changes", [{"amount_minor": 50_01}, {"payee_account": "FR76"}, {"text": "mai"}, {"currency": "XPF"}]
)
def test_another_amount_payee_text_or_currency_is_no_duplicate(changes: dict[str, object]) -> None:
    assert likely_duplicate(trace(), [trace(**changes)], terms(bred()).safeguards) is None


def screening() -> ScreeningList:
    entries = [
        ListedName("L-1", "Viktor Anatolievitch BOUT"),
        ListedName("L-2", "Al-Qaïda"),
        ListedName("L-3", "DAESH"),
    ]
    return ScreeningList(entries, terms(bred()).safeguards.screening_matches.value)


@pytest.mark.parametrize(
    ("name", "references"),
    [
        ("Viktor Bout", ["L-1"]),
        ("BOUT Victor", []),  # another first name: one word is not enough
        ("bout viktor", ["L-1"]),
        ("Anne Martin", []),
        ("Association DAESH", ["L-3"]),
        ("AL QAIDA", ["L-2"]),
        ("", []),
    ],
)
def test_a_name_with_two_words_of_a_listed_one_is_a_hit(name: str, references: list[str]) -> None:
    assert [hit.reference for hit in screening().hits(name)] == references


def test_a_hit_holds_the_funds_until_a_person_has_looked() -> None:
    hits = screening().hits("Viktor Bout")
    assert screening_step(hits, cleared=None) is ScreeningStep.HOLD
    assert screening_step(hits, cleared=True) is ScreeningStep.GO_ON
    assert screening_step(hits, cleared=False) is ScreeningStep.REFUSE
    assert screening_step((), cleared=None) is ScreeningStep.GO_ON


HOLDERS = [("Jeanne DUPONT-MOREAU", "DUPONT-MOREAU")]


@asserts("BNC-6.1.3.1-9")
def test_the_payees_name_is_compared_and_a_near_one_is_shown() -> None:
    assert verify_here("dupont moreau jeanne", HOLDERS) == Verification(
        PayeeCheck.MATCH, "dupont moreau jeanne"
    )
    near = verify_here("J. Dupont-Moreau", HOLDERS)
    assert (near.outcome, near.shown_name) == (PayeeCheck.CLOSE_MATCH, "Jeanne DUPONT-MOREAU")
    other = verify_here("Paul Martin", HOLDERS)
    assert (other.outcome, other.shown_name) == (PayeeCheck.NO_MATCH, "")  # never tells who holds it
    assert verify_here("Paul Martin", []).outcome is PayeeCheck.NOT_AVAILABLE


HELD = Identity("Lefèvre", "Marie Claire", date(1984, 2, 29))


@asserts("BRED-5.1-3")
@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Identity("LEFEVRE", "marie-claire", date(1984, 2, 29)), IdentityAnswer.MATCH),
        (Identity("LEFEVRE", "marie-claire", date(1984, 2, 28)), IdentityAnswer.NO_MATCH),
        (Identity("LEFEBVRE", "Marie Claire", date(1984, 2, 29)), IdentityAnswer.NO_MATCH),
        (Identity("LEFEVRE", "Marie", date(1984, 2, 29)), IdentityAnswer.NO_MATCH),
        (Identity("LEFEVRE", "Marie Claire", None), IdentityAnswer.INCOMPLETE),
        (Identity("LEFEVRE", " ", date(1984, 2, 29)), IdentityAnswer.INCOMPLETE),
    ],
)
def test_another_bank_learns_only_whether_all_three_data_fit(asked: Identity, answer: IdentityAnswer) -> None:
    assert identity_answer(asked, HELD, objected=False) is answer


@asserts("BRED-5.1-3")
def test_a_legitimate_objection_is_honoured() -> None:
    assert identity_answer(HELD, HELD, objected=True) is IdentityAnswer.OBJECTION
