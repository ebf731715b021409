"""Researches, copies, and what an operation would cost: asked, owed, told."""

from datetime import date, datetime
from typing import Any

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Outcome
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.pricing.fees.commands import (
    DeliverRequest,
    GivePriorInformation,
    RequestCopy,
    RequestResearch,
)
from tests.pricing.fees.making import collect, fees
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, CLERK, accepted, open_account, refused
from tests.support.transfers import ELSEWHERE, balance, duties, iban_of

MAY: dict[str, Any] = {"first_day": date(2026, 5, 1), "last_day": date(2026, 5, 31)}


def asked(
    bank: Bank, account: AccountId, ask: Ask, at: str | None = None, actor: int | None = None
) -> Answer:
    """What a holder asks for, by himself unless told otherwise."""
    who = bank.account(account).holders[0] if actor is None else actor
    channel = Channel.BRANCH if who < 0 else Channel.REMOTE
    return bank.ask(ask, account, actor=who, channel=channel, at=datetime.fromisoformat(at) if at else None)


def delivered(bank: Bank, account: AccountId, request: Answer, quantity: int = 1) -> Answer:
    """A member of staff gives it."""
    ask = DeliverRequest(request=request.position, how="by letter", quantity=quantity)
    return asked(bank, account, ask, actor=CLERK)


@asserts("BRED-5.8-2", "BNC-9-2")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_a_research_is_owed_told_its_price_and_charged_by_the_hour_when_it_is_given(
    bank: Bank, series: str
) -> None:
    account = open_account(bank, series)
    request = accepted(asked(bank, account, RequestResearch(about="transfers to X", **MAY)))
    assert bank.decided(request) == {"event": "research", "price_minor": 3_000}
    assert ("BRED-5.8-2" if series == BRED else "BNC-9-2") in request.citations
    (duty,) = duties(bank, account, "deliver-research")
    assert duty.due_at is not None
    assert fees(bank, account) == []
    accepted(delivered(bank, account, request, quantity=2))
    (duty,) = duties(bank, account, "deliver-research")
    assert duty.discharged_at is not None
    (fee,) = fees(bank, account)
    accepted(collect(bank, account, (fee.id, fee.line), "2026-05-05T00:00:00+11:00"))
    assert balance(bank, account) == -6_000
    refused(delivered(bank, account, request), "nothing-owed")


def test_nobody_else_asks_and_staff_alone_delivers(bank: Bank) -> None:
    account, other = open_account(bank, BRED), open_account(bank, BRED)
    stranger = bank.account(other).holders[0]
    research = RequestResearch(about="x", **MAY)
    refused(asked(bank, account, research, actor=stranger), "not-a-holder")
    refused(asked(bank, account, research, actor=CLERK), "not-a-holder")
    refused(asked(bank, account, RequestResearch(about=" ", **MAY)), "invalid-field")
    holder = bank.account(account).holders[0]
    request = accepted(
        asked(bank, account, RequestResearch(about="x", requested_by=holder, **MAY), actor=CLERK)
    )
    refused(asked(bank, account, DeliverRequest(request=request.position, how="x")), "not-authorised")
    refused(
        asked(bank, account, DeliverRequest(request=request.position, how="x", quantity=0), actor=CLERK),
        "invalid-field",
    )


@asserts("BRED-5.3-5", "BNC-3.1-7")
@pytest.mark.parametrize(
    ("series", "medium", "charged"),
    [(BRED, "letter", False), (BRED, "web-space", True), (BNC, "web-space", False), (BNC, "letter", True)],
)
def test_the_statement_again_is_free_on_the_agreed_medium_and_charged_on_another(
    bank: Bank, series: str, medium: str, charged: bool
) -> None:
    account = open_account(bank, series)
    request = accepted(asked(bank, account, RequestCopy(document="statement", reference="4", medium=medium)))
    assert bank.decided(request)["price_minor"] == (500 if charged else 0)
    assert ("BRED-5.3-5" if series == BRED else "BNC-3.1-7") in request.citations
    accepted(delivered(bank, account, request))
    assert [fee.event for fee in fees(bank, account)] == (["statement-copy"] if charged else [])


def test_the_rib_is_free_and_another_document_is_not(bank: Bank) -> None:
    account = open_account(bank, BRED)
    rib = accepted(asked(bank, account, RequestCopy(document="rib", reference="1", medium="letter")))
    accepted(delivered(bank, account, rib))
    assert fees(bank, account) == []
    contract = accepted(
        asked(bank, account, RequestCopy(document="agreement", reference="1", medium="letter"))
    )
    accepted(delivered(bank, account, contract))
    assert [fee.event for fee in fees(bank, account)] == ["document-copy"]


def information(
    amount: int, iban: str, currency: str, channel: Channel = Channel.BRANCH
) -> GivePriorInformation:
    """A question about a transfer."""
    order = PlaceTransfer(amount_minor=amount, currency=currency, payee=PayeeAccount(name="X", iban=iban))
    return GivePriorInformation(operation="transfer", order=order, channel=channel, written=True)


@asserts("BRED-3.1-9", "BNC-6.1.3.1-28")
@pytest.mark.parametrize(
    ("series", "at", "latest", "event", "minor"),
    [
        (BRED, "2026-05-05T10:00:00+02:00", "2026-05-07T21:59:59.999999Z", "transfer-sepa-branch", 450),
        (BNC, "2026-05-05T10:00:00+11:00", None, "transfer-local-branch", 300),
    ],
)
def test_before_an_order_its_latest_execution_and_its_fees_are_told_and_kept(
    bank: Bank, series: str, at: str, latest: str | None, event: str, minor: int
) -> None:
    account = open_account(bank, series)
    iban = ELSEWHERE if series == BRED else iban_of(bank, open_account(bank, BNC))
    answer = accepted(asked(bank, account, information(1_000, iban, "EUR" if series == BRED else "XPF"), at))
    told = bank.decided(answer)
    assert told["fees"] == [{"amount_minor": minor, "event": event}]
    assert told["total_minor"] == minor
    assert told["written"] is True
    assert told["received_on"] == "2026-05-05"
    assert told["latest_at"] is not None
    if latest is not None:
        assert told["latest_at"] == latest
    assert ("BRED-3.1-9" if series == BRED else "BNC-6.1.3.1-28") in answer.citations
    assert fees(bank, account) == []
    assert balance(bank, account) == 0


@asserts("BRED-3.1-9")
def test_what_would_be_refused_is_not_told_as_if_it_were_possible(bank: Bank) -> None:
    account = open_account(bank, BRED)
    refused(asked(bank, account, information(0, ELSEWHERE, "EUR")), "amount-invalid")
    refused(asked(bank, account, information(100, "FR7630006000011234567890188", "EUR")), "iban-invalid")
    refused(asked(bank, account, GivePriorInformation(operation="loan")), "invalid-field")
    free = accepted(asked(bank, account, information(100, ELSEWHERE, "EUR", Channel.REMOTE)))
    assert bank.decided(free)["fees"] == []


def test_cash_is_told_too(bank: Bank) -> None:
    account = open_account(bank, BRED)
    ask = GivePriorInformation(operation="cash-deposit", amount_minor=5_000)
    answer = asked(bank, account, ask, "2026-05-05T10:00:00+02:00")
    assert answer.outcome is Outcome.ACCEPTED
    assert bank.decided(answer)["available_on"] == "2026-05-05"
    withdrawal = GivePriorInformation(operation="cash-withdrawal", amount_minor=5_000)
    assert bank.decided(accepted(asked(bank, account, withdrawal)))["total_minor"] == 0
