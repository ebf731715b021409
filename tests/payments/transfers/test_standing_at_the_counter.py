"""A standing order keeps the days of the channel it was given on, for every occurrence."""

from datetime import date

import pytest
from tests.support.bank import BRED, CLERK, open_account
from tests.support.transfers import ELSEWHERE, duties, fall_due, order_of, pay

from teneur.bank import Bank
from teneur.kernel.commands import Channel, Outcome
from teneur.payments.transfers.commands import Repeat
from teneur.payments.transfers.rules.standing import Frequency

FIRST, ASCENSION = date(2026, 5, 7), date(2026, 5, 14)  # Thursdays; on the second the counter is shut


@pytest.mark.parametrize(
    ("channel", "due_on", "execute_by"),
    [
        (Channel.REMOTE, ASCENSION, date(2026, 5, 15)),
        (Channel.BRANCH, date(2026, 5, 15), date(2026, 5, 18)),
    ],
)
def test_an_occurrence_on_a_holiday_of_the_counter(
    bank: Bank, channel: Channel, due_on: date, execute_by: date
) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    order = pay(
        bank, payer, ELSEWHERE, 100, channel=channel, agreed_on=FIRST, repeat=Repeat(Frequency.WEEKLY),
        signed=True, actor=CLERK if channel is Channel.BRANCH else None,
        ordered_by=bank.account(payer).holders[0],
    )  # fmt: skip
    assert fall_due(bank, payer, order, FIRST, "2026-05-07T06:00:00+02:00").outcome is Outcome.ACCEPTED
    assert order_of(bank, payer, order).due_on == due_on
    done = fall_due(bank, payer, order, due_on, f"{due_on}T06:00:00+02:00")
    assert done.outcome is Outcome.ACCEPTED
    (owed,) = [d for d in duties(bank, payer, "execute-transfer") if d.about == str(done.position)]
    assert owed.due_at is not None
    assert owed.due_at.astimezone(bank.terms_for(bank.account(payer), FIRST).zone).date() == execute_by
