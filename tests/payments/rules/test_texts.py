"""What people are told."""

import re

import pytest

from teneur.agreements.terms.transfers import Field
from teneur.kernel.money import Language
from teneur.payments.transfers.rules.payee import PayeeCheck
from teneur.payments.transfers.rules.refusal import Ground, Reason, ground_of
from teneur.payments.transfers.rules.texts import (
    CORRECTIONS,
    PAYEE_CHECKS,
    REASONS,
    STEPS,
    Step,
    field_name,
    sentence,
)

PAIRS = [*REASONS.values(), *CORRECTIONS.values(), *STEPS.values(), *PAYEE_CHECKS.values()]


def test_every_reason_step_and_answer_has_a_sentence() -> None:
    assert set(REASONS) == set(Reason)
    assert set(STEPS) == set(Step)
    assert set(PAYEE_CHECKS) == set(PayeeCheck)


def test_every_material_error_says_how_to_mend_it_and_nothing_else_does() -> None:
    assert set(CORRECTIONS) == {r for r in Reason if ground_of(r) is Ground.MATERIAL_ERROR}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[1][:30])
def test_both_languages_take_the_same_values_and_end_as_sentences(pair: tuple[str, str]) -> None:
    french, english = pair
    assert set(re.findall(r"{(\w+)}", french)) == set(re.findall(r"{(\w+)}", english))
    assert french[-1] in ".?"
    assert english[-1] in ".?"


def test_a_sentence_is_filled_in_the_language_asked_for() -> None:
    pair = REASONS[Reason.MISSING_FIELD]
    name = field_name(Field.PAYEE_IBAN)
    assert sentence(pair, field=name) == "Il manque une information obligatoire : l’IBAN du bénéficiaire."
    english = sentence(pair, Language.ENGLISH, field=field_name(Field.PAYEE_IBAN, Language.ENGLISH))
    assert english == "A mandatory piece of information is missing: the payee’s IBAN."


@pytest.mark.parametrize("field", list(Field))
def test_every_field_has_a_name_for_people(field: Field) -> None:
    assert field_name(field) != field_name(field, Language.ENGLISH)
