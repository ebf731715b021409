"""Instant transfers, sent and received."""

from datetime import timedelta

import pytest

from teneur.payments.transfers.rules.instant import (
    ComplianceStep,
    Confirmation,
    InstantStep,
    clocks,
    compliance_step,
    incoming_refusal,
    next_step,
    received_at_stamp,
    stamp_refusal,
)
from teneur.payments.transfers.rules.refusal import Reason
from tests.payments.rules.support import SATURDAY, THURSDAY, bred, paris, terms
from tests.support.asserts import asserts

US = timedelta(microseconds=1)
STAMP = paris(SATURDAY, "23:59:55.500000")  # the clocks run over midnight and weekends


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@asserts("BRED-A3-3.1.3-2")
def test_funds_are_reserved_before_the_stamp_and_without_them_there_is_none() -> None:
    assert stamp_refusal(available_minor=100_00, amount_minor=100_00) is None
    assert stamp_refusal(available_minor=100_00, amount_minor=100_01) is Reason.INSUFFICIENT_FUNDS


@asserts("BRED-A3-3.1.3-1")
def test_the_order_is_received_at_the_stamp_to_the_microsecond_on_any_day() -> None:
    stamp = paris(SATURDAY, "03:14:15.926535")
    assert received_at_stamp(stamp) == stamp
    assert clocks(stamp, terms(bred()).instant).target_at == stamp + after(10)


@asserts("BRED-A3-1.2-2", "BRED-A3-3.2.3-1")
def test_the_payees_bank_is_credited_within_ten_seconds_or_twenty_exceptionally() -> None:
    times = clocks(STAMP, terms(bred()).instant)
    assert (times.target_at, times.exceeded_at) == (STAMP + after(10), STAMP + after(20))


@asserts("BRED-A3-3.2.3-1")
@pytest.mark.parametrize(
    ("elapsed", "step"),
    [
        (after(10), InstantStep.WAIT),
        (after(10) + US, InstantStep.ALERT),
        (after(20), InstantStep.ALERT),
        (after(20) + US, InstantStep.QUERY_STATUS),
        (after(3600), InstantStep.QUERY_STATUS),  # time alone never moves money
    ],
)
def test_without_an_answer_time_alerts_and_asks_but_never_moves_money(
    elapsed: timedelta, step: InstantStep
) -> None:
    assert next_step(None, STAMP + elapsed, clocks(STAMP, terms(bred()).instant)) is step


@asserts("BRED-A3-3.1.3-3")
@pytest.mark.parametrize("elapsed", [after(0), after(5), after(300)])
def test_told_that_the_funds_could_not_be_given_the_bank_frees_them_at_once(elapsed: timedelta) -> None:
    times = clocks(STAMP, terms(bred()).instant)
    assert next_step(Confirmation.NEGATIVE, STAMP + elapsed, times) is InstantStep.RELEASE


@asserts("BRED-A3-3.1.3-4")
@pytest.mark.parametrize("elapsed", [after(0), after(5), after(300)])
def test_told_that_the_funds_were_given_the_bank_debits_the_account(elapsed: timedelta) -> None:
    times = clocks(STAMP, terms(bred()).instant)
    assert next_step(Confirmation.POSITIVE, STAMP + elapsed, times) is InstantStep.DEBIT


@asserts("BRED-A3-3.2.3-2")
def test_a_compliance_hit_holds_the_transfer_or_refuses_it() -> None:
    assert compliance_step(hit=False, cleared=None) is ComplianceStep.GO_ON
    assert compliance_step(hit=True, cleared=None) is ComplianceStep.HOLD
    assert compliance_step(hit=True, cleared=True) is ComplianceStep.GO_ON
    assert compliance_step(hit=True, cleared=False) is ComplianceStep.REFUSE


@asserts("BRED-A3-3.2.3-4")
def test_an_incoming_instant_transfer_older_than_twenty_five_seconds_is_rejected() -> None:
    instant = terms(bred()).instant
    stamp = paris(THURSDAY, "10:00")
    assert incoming_refusal(stamp, stamp + after(25), instant) is None
    assert incoming_refusal(stamp, stamp + after(25) + US, instant) is Reason.INSTANT_EXPIRED
