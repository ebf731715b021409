"""From the draft of an amendment to its application: notice, silence, refusal, laws."""

from datetime import date, timedelta

from teneur.accounts.amendments.facts import CustomerAnswer
from teneur.agreements.terms.amendments import AmendmentTerms, Silence
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule

ONE_DAY = timedelta(days=1)


@rule("BRED-11.2.1-1", "BNC-10.1-1")
def earliest_application(sent_on: date, terms: AmendmentTerms) -> date:
    """The first day on which a change may apply to a customer: two months after its sending to him.

    The same day of the month, or its last where it is shorter: what was sent on 31 December may apply on the
    last of February.
    """
    return add_months(sent_on, terms.notice_months.value)


@rule("BRED-11.2.1-1", "BNC-10.1-1")
def is_durable(medium: str, terms: AmendmentTerms) -> bool:
    """The draft is sent on paper or on another durable medium: letter, line on the statement, web space."""
    return medium in terms.media.value


def latest_sending(applies_on: date, terms: AmendmentTerms) -> date:
    """The last day on which the draft may be sent for a change to apply on a day."""
    day = add_months(applies_on, -terms.notice_months.value)
    while earliest_application(day, terms) > applies_on:
        day -= ONE_DAY
    while earliest_application(day + ONE_DAY, terms) <= applies_on:
        day += ONE_DAY
    return day


@rule("BRED-11.2.2-1", "BNC-10.2-1")
def legal_application(enters_into_force_on: date, terms: AmendmentTerms) -> date:
    """What a law or regulation imposes applies from its entry into force, without notice."""
    return add_months(enters_into_force_on, terms.legal_notice_months.value)


@rule("BRED-11.2.1-2", "BNC-10.1-2")
def accepted_by_silence(answer: CustomerAnswer, terms: AmendmentTerms) -> bool:
    """Whoever has not objected by the application date has accepted."""
    return answer is CustomerAnswer.NONE and terms.silence.value is Silence.ACCEPTANCE


@rule("BRED-11.2.1-5", "BNC-10.1-3")
def binds(answer: CustomerAnswer, terms: AmendmentTerms) -> bool:
    """Whoever objected without terminating the agreement in time is bound by the change."""
    if answer in (CustomerAnswer.NONE, CustomerAnswer.LEAVES):
        return False
    return terms.bound_without_termination.value


@rule("BRED-11.2.1-3", "BRED-11.2.1-4", "BNC-10.1-3", "BNC-10.1-4")
def may_terminate(day: date, applies_on: date) -> bool:
    """Whoever refuses may terminate before the application date; from that date on he is bound."""
    return day < applies_on


@rule("BRED-11.2.1-3", "BNC-10.1-3")
def price_of_leaving(terms: AmendmentTerms) -> int:
    """Terminating the agreement because of a change is free, in minor units."""
    return terms.termination.price_minor.value


@rule("BRED-11.2.1-4", "BNC-10.1-4")
def price_of_ending_service(terms: AmendmentTerms) -> int:
    """Terminating the one service that a change is about is free too, in minor units."""
    return terms.termination.service_price_minor.value


@rule("BNC-4-4")
def tariff_reaches(first_day: date, opened_on: date, terms: AmendmentTerms, *, settled: bool) -> bool:
    """A new tariff reaches an account that ran before it only by the procedure of amendments.

    settled: the procedure has brought it there.
    """
    return settled or opened_on >= first_day or not terms.tariff_by_notice.value
