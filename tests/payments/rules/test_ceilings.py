"""Ceilings per operation, per rolling week and of instant transfers."""

from datetime import timedelta

import pytest

from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.ceilings import (
    CeilingChange,
    Limits,
    TemporaryLimits,
    agreed_limits,
    ceiling_change,
    ceiling_refusal,
    has_ceilings,
    instant_ceiling_refusal,
    limits_in_force,
    week_begins,
)
from teneur.payments.transfers.rules.refusal import Reason
from tests.payments.rules.support import (
    FRIDAY,
    MONDAY,
    NOUMEA,
    SATURDAY,
    THURSDAY,
    bnc,
    bred,
    noumea,
    terms,
)
from tests.support.asserts import asserts

LIMITS = Limits(500_000, 1_000_000)
WIDE = Limits(2_000_000, 4_000_000)


@asserts("BNC-6.1.3.1-11")
@pytest.mark.parametrize(
    ("amount", "spent", "reason"),
    [
        (500_000, 0, None),
        (500_001, 0, Reason.CEILING_PER_OPERATION),
        (500_000, 500_000, None),
        (500_000, 500_001, Reason.CEILING_WEEKLY),
        (1, 1_000_000, Reason.CEILING_WEEKLY),
    ],
)
def test_both_ceilings_must_hold_to_the_franc(amount: int, spent: int, reason: Reason | None) -> None:
    assert ceiling_refusal(amount, spent, LIMITS) is reason
    assert ceiling_refusal(amount, spent, Limits(None, None)) is None


@asserts("BNC-6.1.3.1-11")
def test_the_ceilings_bind_in_the_remote_space_only_and_the_week_is_the_last_seven_days() -> None:
    ceilings = terms(bnc()).ceilings
    assert has_ceilings(Channel.REMOTE, ceilings)
    assert has_ceilings(Channel.MOBILE, ceilings)
    assert not has_ceilings(Channel.BRANCH, ceilings)
    assert agreed_limits(ceilings) == LIMITS
    now = noumea(THURSDAY, "10:00")
    assert week_begins(now, ceilings, NOUMEA) == now - timedelta(days=7) + timedelta(microseconds=1)


def test_the_other_agreement_states_no_ceiling_of_ordinary_transfers() -> None:
    ceilings = terms(bred()).ceilings
    assert not any(has_ceilings(channel, ceilings) for channel in Channel)
    assert ceiling_refusal(10**12, 10**12, agreed_limits(ceilings)) is None


@asserts("BNC-6.1.3.1-13")
def test_a_lowering_counts_at_once_and_a_raise_goes_to_the_adviser() -> None:
    ceilings = terms(bnc()).ceilings
    assert ceiling_change(500_000, 499_999, 0, ceilings) is CeilingChange.APPLIED
    assert ceiling_change(500_000, 500_001, 0, ceilings) is CeilingChange.REQUESTED
    assert ceiling_change(500_000, 500_000, 0, ceilings) is CeilingChange.UNCHANGED


@asserts("BNC-6.1.3.1-14")
def test_no_second_raise_while_one_is_pending_but_a_lowering() -> None:
    ceilings = terms(bnc()).ceilings
    assert ceiling_change(500_000, 600_000, 1, ceilings) is CeilingChange.REFUSED
    assert ceiling_change(500_000, 400_000, 1, ceilings) is CeilingChange.APPLIED
    assert ceiling_change(500_000, 600_000, 0, ceilings) is CeilingChange.REQUESTED


@asserts("BNC-6.1.3.1-15")
def test_a_raise_holds_to_the_date_on_the_form_and_then_the_earlier_ceilings_return() -> None:
    ceilings = terms(bnc()).ceilings
    raised = TemporaryLimits(WIDE, FRIDAY)
    assert limits_in_force(LIMITS, raised, THURSDAY, ceilings) == WIDE
    assert limits_in_force(LIMITS, raised, FRIDAY, ceilings) == WIDE
    assert limits_in_force(LIMITS, raised, SATURDAY, ceilings) == LIMITS
    assert limits_in_force(LIMITS, None, MONDAY, ceilings) == LIMITS


@asserts("BRED-A3-1.2-3")
def test_an_instant_transfer_goes_up_to_the_banks_maximum_to_the_cent() -> None:
    ceilings = terms(bred()).ceilings
    assert instant_ceiling_refusal(15_000_00, ceilings) is None
    assert instant_ceiling_refusal(15_000_01, ceilings) is Reason.INSTANT_CEILING
