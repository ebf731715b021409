"""A new payment service needs an edition that has it, or a separate agreement."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from teneur.accounts.amendments.commands import ActivateService
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.parameters import Parameter
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.storage.database import Dsn
from tests.accounts.amendments.making import (
    NEW,
    NEW_FROM,
    NOW,
    OLD,
    PLANNED,
    open_day,
    planned,
    told,
)
from tests.accounts.editions import edition
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BRED, accepted, add_person, open_account, open_bank, refused

SERVICE = "instant-transfer"


def activate(bank: Bank, account: AccountId, service: str, **changes: Any) -> Answer:
    holder = bank.account(account).holders[0]
    fields: dict[str, Any] = {"requested_by": holder} | changes
    actor = fields.pop("actor", holder)
    ask = ActivateService(service=service, **fields)
    return bank.ask(ask, account, actor=actor, channel=Channel.REMOTE)


def launched(series: str) -> Agreements:
    """The series without the service as it stands, and with it in its next edition, on request."""
    old = shipped_agreements()[OLD[series]]
    instant = replace(old.transfers.instant, offered=Parameter(False, note="not yet"))
    off: Any = replace(old.transfers, instant=instant)
    model = shipped_agreements()[OLD[BRED]].amendments.services[SERVICE]
    others = {code: s for code, s in old.amendments.services.items() if code != SERVICE}
    without: Any = replace(old.amendments, services=others)
    having: Any = replace(old.amendments, services={**others, SERVICE: model})
    terms = {**old.terms, "transfers": off}
    prefix = old.clause_prefixes[0]
    before = Agreement(old.id, prefix, {**terms, "amendments": without})
    after = Agreement(old.id, prefix, {**terms, "amendments": having})
    return Agreements([before, edition(after, NEW[series], effective_from=NEW_FROM)])


def only_after_an_amendment(database: Dsn, series: str, clause: str) -> None:
    with open_bank(database, at=NOW, agreements=launched(series)) as bank:
        amendment = planned(bank, series)
        account, by_contract = open_account(bank, series), open_account(bank, series)
        told(bank, account, amendment)
        refused(activate(bank, account, SERVICE), "service-not-covered", clause)
        signed = {"document": "Contrat VI-12", "actor": ADVISER}
        accepted(activate(bank, by_contract, SERVICE, **signed))
        today = bank.account(by_contract).opened_on
        assert bank.agreement_for(bank.account(by_contract), today).transfers.instant.offered.value is True
        open_day(bank, date(2027, 1, 14), series)
        refused(activate(bank, account, SERVICE), "service-not-covered", clause)
        open_day(bank, PLANNED, series)
        answer = accepted(activate(bank, account, SERVICE))
        assert clause in answer.citations
        assert bank.decided(answer)["covered_by"] == NEW[series]
        found = bank.account(account)
        assert bank.agreement_for(found, date(2027, 1, 14)).transfers.instant.offered.value is False
        assert bank.agreement_for(found, PLANNED).transfers.instant.offered.value is True
        refused(activate(bank, account, SERVICE), "nothing-to-change", clause)


@asserts("BRED-3.1-3")
def test_at_bred_a_new_service_is_switched_on_only_after_an_amendment_or_by_contract(database: Dsn) -> None:
    only_after_an_amendment(database, BRED, "BRED-3.1-3")


@asserts("BNC-2.1-6")
def test_at_bnc_a_new_service_is_switched_on_only_after_an_amendment_or_by_contract(database: Dsn) -> None:
    only_after_an_amendment(database, BNC, "BNC-2.1-6")


@asserts("BRED-3.1-3", "BNC-2.1-6")
@pytest.mark.parametrize(
    ("series", "clause"), [(BRED, "BRED-3.1-3"), (BNC, "BNC-2.1-6")], ids=["BRED", "BNC"]
)
def test_a_channel_for_business_needs_a_separate_agreement(bank: Bank, series: str, clause: str) -> None:
    account = open_account(bank, series)
    refused(activate(bank, account, "file-transmission"), "service-not-covered", clause)
    blank = {"document": " ", "actor": ADVISER}
    refused(activate(bank, account, "file-transmission", **blank), "service-not-covered", clause)
    signed = {"document": "TT-8", "actor": ADVISER}
    accepted(activate(bank, account, "file-transmission", **signed))
    contract = bank.account(account).contract
    assert contract is not None
    version = contract.in_force(bank.account(account).opened_on)
    assert version is not None
    assert version.switched_on == (int(Channel.FILE),)


def test_a_holder_asks_himself_or_through_staff_and_does_not_declare_what_he_signed(bank: Bank) -> None:
    account, stranger = open_account(bank), add_person(bank)
    service = "file-transmission"
    refused(activate(bank, account, service, document="TT-8"), "not-authorised")
    refused(activate(bank, account, service, requested_by=stranger), "not-a-holder")
    refused(activate(bank, account, service, actor=stranger), "not-authorised")
    refused(activate(bank, account, "tea"), "unknown-service", "BRED-3.1-3")
    refused(activate(bank, account, SERVICE), "nothing-to-change")  # everybody has it there
