"""Which edition and which version govern, whom the agreement is for, and how long it runs."""

from datetime import date

import pytest

from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.rules import (
    ContractVersion,
    Edition,
    agreement_of_new_account,
    edition_in_force,
    ends_on,
    is_eligible,
    version_of_operation,
)
from teneur.agreements.terms.agreement import AgreementKind, PartyKind, Purpose
from tests.support.asserts import asserts

OLD = Edition("bnc-2023-01", "bnc-account", date(2023, 1, 1))
NEW = Edition("bnc-2026-04", "bnc-account", date(2026, 4, 1))
OTHER = Edition("bred-2022-06", "bred-account", date(2022, 6, 1))
EDITIONS = (NEW, OTHER, OLD)


@asserts("BNC-HEAD-1")
@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2022, 12, 31), None),
        (date(2023, 1, 1), OLD),
        (date(2026, 3, 31), OLD),
        (date(2026, 4, 1), NEW),
        (date(2030, 1, 1), NEW),
    ],
)
def test_the_edition_of_1_april_2026_is_in_force_from_that_day(day: date, wanted: Edition | None) -> None:
    assert edition_in_force(EDITIONS, "bnc-account", day) == wanted


def test_an_edition_that_ended_is_no_longer_in_force() -> None:
    ended = Edition("bnc-2026-04", "bnc-account", date(2026, 4, 1), until=date(2027, 1, 1))
    assert edition_in_force([ended], "bnc-account", date(2026, 12, 31)) == ended
    assert edition_in_force([ended], "bnc-account", date(2027, 1, 1)) is None


@asserts("BNC-HEAD-1")
def test_the_shipped_edition_is_offered_from_its_first_day_on(agreements: Agreements) -> None:
    assert agreements.in_force("bnc-account", date(2026, 3, 31)) is None
    found = agreements.in_force("bnc-account", date(2026, 4, 1))
    assert found is agreements["bnc-2026-04"]
    assert agreements.in_force("bred-account", date(2026, 4, 1)) is agreements["bred-2022-06"]


@asserts("BNC-SCOPE-5")
def test_a_new_account_is_under_the_edition_in_force_unless_a_specific_provision_names_another() -> None:
    edition = edition_in_force(EDITIONS, "bnc-account", date(2026, 5, 4))
    assert agreement_of_new_account(edition, None) == "bnc-2026-04"
    assert agreement_of_new_account(edition, "bnc-2023-01") == "bnc-2023-01"
    assert agreement_of_new_account(None, None) is None


@asserts("BNC-SCOPE-6")
def test_operations_before_the_new_version_stay_under_the_earlier_one() -> None:
    earlier = ContractVersion("bnc-2023-01", date(2024, 2, 29))
    later = ContractVersion("bnc-2026-04", date(2026, 6, 15))
    for versions in ([earlier, later], [later, earlier]):
        assert version_of_operation(versions, date(2026, 6, 14), retroactive=False) == earlier
        assert version_of_operation(versions, date(2026, 6, 15), retroactive=False) == later
        assert version_of_operation(versions, date(2024, 2, 28), retroactive=False) is None
        assert version_of_operation(versions, date(2024, 3, 1), retroactive=True) == later


@asserts("BNC-SCOPE-6")
def test_an_account_moves_to_another_agreement_on_a_date(agreements: Agreements) -> None:
    contract = [
        ContractVersion("bred-2022-06", date(2026, 4, 1)),
        ContractVersion("bnc-2026-04", date(2026, 6, 15)),
    ]
    assert agreements.version_for(contract, date(2026, 3, 31)) is None
    assert agreements.version_for(contract, date(2026, 6, 14)) == contract[0]
    assert agreements.version_for(contract, date(2026, 6, 15)) == contract[1]


def test_a_contract_without_an_authentication_agreement_has_none(agreements: Agreements) -> None:
    contract = [ContractVersion("bred-2022-06", date(2026, 4, 1))]
    day = date(2026, 5, 1)
    assert agreements.version_for(contract, day, AgreementKind.AUTHENTICATION) is None
    assert agreements.version_for(contract, day, AgreementKind.ACCOUNT) == contract[0]


@asserts("BRED-PREAMB-1")
def test_bred_takes_natural_persons_for_private_purposes_only(bred: Agreement) -> None:
    _only_private_natural_persons(bred)


@asserts("BNC-SCOPE-1")
def test_bnc_takes_natural_persons_for_private_purposes_only(bnc: Agreement) -> None:
    _only_private_natural_persons(bnc)


def _only_private_natural_persons(agreement: Agreement) -> None:
    answers = {
        (party, purpose): is_eligible(party, purpose, agreement.about)
        for party in PartyKind
        for purpose in Purpose
    }
    assert answers == {
        (PartyKind.NATURAL_PERSON, Purpose.PRIVATE): True,
        (PartyKind.NATURAL_PERSON, Purpose.PROFESSIONAL): False,
        (PartyKind.LEGAL_PERSON, Purpose.PRIVATE): False,
        (PartyKind.LEGAL_PERSON, Purpose.PROFESSIONAL): False,
    }


@asserts("BRED-11.1-1")
def test_bred_is_for_an_indefinite_term(bred: Agreement) -> None:
    assert ends_on(date(2024, 2, 29), bred.about) is None


@asserts("BNC-12.1-1")
def test_bnc_is_for_an_indefinite_term(bnc: Agreement) -> None:
    assert ends_on(date(2026, 4, 1), bnc.about) is None
