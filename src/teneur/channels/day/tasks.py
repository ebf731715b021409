"""What a day does, in order: first it closes the day that ended, then it opens the new one.

A task reads what there is to do, a page at a time, and posts it with keys that the work itself gives. So each
may be begun again, alone or with all others, and does nothing twice.
"""

from teneur.channels.day.amendments import apply_amendments, hold_tariffs, tell_of_amendments
from teneur.channels.day.exchange import convert_cash
from teneur.channels.day.fees import announce_fees, charge_periods, collect_fees, sum_up_fees
from teneur.channels.day.interest import close_quarters, see_to_rates
from teneur.channels.day.notices import deliver_notices
from teneur.channels.day.orders import execute_due, look_for_funds, release_expired
from teneur.channels.day.overdrafts import end_overdrafts, review_overdrafts
from teneur.channels.day.papers import check_guarantee, cut_statements
from teneur.channels.day.report import Task

CLOSING: tuple[Task, ...] = (
    end_overdrafts,
    review_overdrafts,
    close_quarters,
    cut_statements,
    announce_fees,
    check_guarantee,
)
OPENING: tuple[Task, ...] = (
    apply_amendments,
    hold_tariffs,
    release_expired,
    execute_due,
    look_for_funds,
    convert_cash,
    charge_periods,
    collect_fees,
    sum_up_fees,
    tell_of_amendments,
    see_to_rates,
    deliver_notices,
)
TASKS = (*CLOSING, *OPENING)
