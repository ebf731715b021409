"""Fees given up or given back by two members of staff."""

from collections.abc import Iterable

import msgspec

from teneur.accounts.governing import open_account
from teneur.customers.facts import STAFF
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, refuse
from teneur.ledger.account import ACCOUNT, Account
from teneur.pricing.fees.commands import RefundFee, WaiveFee
from teneur.pricing.fees.decisions.parts import ADVISERS, OnAccount, fee_citations, fee_detail, income_account
from teneur.pricing.fees.effects import FeeChanged
from teneur.pricing.fees.facts import FEE, OPEN, Fee, FeeStatus
from teneur.pricing.fees.rules import collection


class _ByTwo(OnAccount):
    """What both handlers check before."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the fee."""
        ask: WaiveFee | RefundFee = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        yield FEE, (command.subject, ask.fee, ask.line)

    def _problem(self, command: Command, facts: Facts) -> Decision | None:
        """Who asks, who approves, and whether there is such a fee."""
        ask: WaiveFee | RefundFee = command.ask  # type: ignore[assignment]
        first = facts.get(STAFF, command.actor) if command.actor < 0 else None
        second = facts.get(STAFF, ask.approved_by) if ask.approved_by < 0 else None
        if not is_cleared(first, ADVISERS):
            return refuse("not-authorised", ())
        if not are_two_cleared(first, second, ADVISERS, ADVISERS):
            return refuse("second-person-missing", ())
        if not ask.reason.strip():
            return refuse("invalid-field", (), detail={"field": "reason"})
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        return None if facts.get(FEE, (account.id, ask.fee, ask.line)) else refuse("unknown-fee", ())


class WaiveHandler(_ByTwo):
    """WaiveFee: before it is taken."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a fee that is taken already: that is given back instead."""
        ask: WaiveFee = command.ask  # type: ignore[assignment]
        if problem := self._problem(command, facts):
            return problem
        account: Account = facts.get(ACCOUNT, command.subject)  # type: ignore[assignment]
        fee: Fee = facts.get(FEE, (account.id, ask.fee, ask.line))  # type: ignore[assignment]
        if fee.status not in OPEN:
            return refuse("fee-settled", ())
        day, _ = self._governing.on_day_of(account, command.received_at)
        agreement = self._terms(account, fee.occurred_on).agreement
        waived = msgspec.structs.replace(fee, status=FeeStatus.WAIVED, settled_on=day)
        return Decision(
            Outcome.ACCEPTED,
            fee_citations(fee, agreement),
            effects=(FeeChanged(account.id, waived),),
            detail=fee_detail(waived),
            booked_on=day,
        )


class RefundHandler(_ByTwo):
    """RefundFee: after it was taken."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """At most what is left of it, valued on the day on which it was taken."""
        ask: RefundFee = command.ask  # type: ignore[assignment]
        if problem := self._problem(command, facts):
            return problem
        account: Account = facts.get(ACCOUNT, command.subject)  # type: ignore[assignment]
        fee: Fee = facts.get(FEE, (account.id, ask.fee, ask.line))  # type: ignore[assignment]
        income = income_account(account)
        if fee.status is not FeeStatus.COLLECTED or fee.settled_on is None:
            return refuse("fee-not-taken", ())
        left = (fee.amount_minor or 0) - fee.refunded_minor
        if not 0 < ask.amount_minor <= left:
            return refuse("amount-out-of-range", (), detail={"left_minor": left})
        day, _ = self._governing.on_day_of(account, command.received_at)
        status = FeeStatus.REFUNDED if ask.amount_minor == left else FeeStatus.COLLECTED
        given = fee.refunded_minor + ask.amount_minor
        back = msgspec.structs.replace(fee, status=status, refunded_minor=given)
        entry = collection.refund_entry(account.id, income, ask.amount_minor, day, fee.settled_on)
        agreement = self._terms(account, fee.occurred_on).agreement
        return Decision(
            Outcome.ACCEPTED,
            fee_citations(fee, agreement),
            (entry,),
            (FeeChanged(account.id, back),),
            detail=fee_detail(back),
        )
