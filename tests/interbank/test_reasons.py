"""Reason codes: closed lists a message, words in two languages, and what data protection hides."""

from enum import StrEnum

import pytest

from teneur.interbank import faults
from teneur.interbank.reasons import (
    ASKED_BY_PAYER,
    WORDS,
    RecallReason,
    RecallRefusal,
    RejectReason,
    ReturnReason,
    protected,
    words_of,
)


@pytest.mark.parametrize("codes", [RejectReason, ReturnReason, RecallReason, RecallRefusal])
def test_every_code_that_we_send_has_words_in_french_and_english(codes: type[StrEnum]) -> None:
    for code in codes:
        assert code.value in WORDS
        words = words_of(code.value)
        assert words.french
        assert words.english
        assert len(code.value) == 4


def test_an_unknown_code_of_another_bank_says_itself() -> None:
    assert words_of("ZZ99").french == "code ZZ99"


@pytest.mark.parametrize(
    ("reason", "law", "sent"),
    [
        ("AC04", True, "MS03"),
        ("AM04", True, "MS03"),
        ("AC06", True, "AC06"),
        ("AC04", False, "AC04"),
        ("AM04", False, "AM04"),
    ],
)
def test_data_protection_hides_a_closed_account_and_a_lack_of_funds(
    reason: str, law: bool, sent: str
) -> None:
    assert protected(reason, data_protection=law) == sent


def test_a_recall_is_the_banks_own_or_asked_by_the_payer() -> None:
    assert set(RecallReason) - ASKED_BY_PAYER == {
        RecallReason.DUPLICATE,
        RecallReason.TECHNICAL,
        RecallReason.FRAUD,
    }


def test_a_return_after_a_recall_says_so() -> None:
    assert ReturnReason("FOCR") is ReturnReason.FOLLOWING_RECALL
    assert "FOCR" not in list(RejectReason)


def test_every_fault_has_a_reason_of_the_standard_and_words_that_fit_one_line_of_an_answer() -> None:
    for code, kind in faults._KINDS.items():
        assert kind.french, code
        assert kind.english, code
        assert len(kind.iso) == 4 or kind.iso == "address", code
        assert kind.french.count("{") == kind.english.count("{"), code
