"""Taking an order back."""

from datetime import timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import Service, Timing
from teneur.kernel.clock import Instant
from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.revocation import (
    OrderToRevoke,
    RevocationAnswer,
    RevocationKind,
    channel_refusal,
    cut_off_of_revocation,
    late_answer,
    occurrences_after_revocation,
    occurrences_withdrawn,
    price,
    revocation,
)
from teneur.payments.transfers.rules.routing import Counterparty
from tests.payments.rules.support import (
    BNC_BANK,
    BRED_BANK,
    FRENCH_BANK,
    FRIDAY,
    MONDAY,
    NOUMEA_BANK,
    SATURDAY,
    THURSDAY,
    bnc,
    bred,
    noumea,
    paris,
    plans,
    terms,
)
from tests.support.asserts import asserts

US = timedelta(microseconds=1)
FREE = RevocationAnswer(None, RevocationKind.IN_TIME, 0)


def immediate(
    received_at: Instant, channel: Channel = Channel.REMOTE, *, started: bool = False
) -> OrderToRevoke:
    return OrderToRevoke(Timing.IMMEDIATE, Service.ORDINARY, channel, received_at, started=started)


def dated(
    deadline_at: Instant, received_at: Instant, *, timing: Timing = Timing.DEFERRED, started: bool = False
) -> OrderToRevoke:
    return OrderToRevoke(timing, Service.ORDINARY, Channel.REMOTE, received_at, deadline_at, started)


def deadline_of(agreement: Agreement, agreed_day: object, channel: Channel) -> Instant:
    assert agreed_day in (THURSDAY, FRIDAY, SATURDAY, MONDAY)
    day = next(d for d in (THURSDAY, FRIDAY, SATURDAY, MONDAY) if d == agreed_day)
    own, other = (BRED_BANK, FRENCH_BANK) if agreement is bred() else (BNC_BANK, NOUMEA_BANK)
    route = plans(agreement).route(
        agreement.currency, agreement.currency, own, other, Counterparty.THIRD_PARTY, THURSDAY
    )
    return plans(agreement).revocation_deadline(route, day, channel)


def answer(
    agreement: Agreement,
    order: OrderToRevoke,
    asked_at: Instant,
    channel: Channel = Channel.REMOTE,
    *,
    written: bool = True,
) -> RevocationAnswer:
    return revocation(order, asked_at, channel, terms(agreement).revocation, written=written)


@asserts("BRED-A3-2.3-5")
def test_an_immediate_order_is_revocable_free_until_it_is_received() -> None:
    received = paris(FRIDAY, "00:00")  # sent on Thursday after the cut-off
    assert answer(bred(), immediate(received), received - US) == FREE
    late = answer(bred(), immediate(received), received)
    assert late.kind is RevocationKind.LATE
    assert late.reason is None
    assert price(Timing.IMMEDIATE, terms(bred()).revocation) == 0


@asserts("BRED-A3-2.3-6")
def test_a_dated_order_is_revocable_free_until_the_end_of_the_business_day_before() -> None:
    deadline = deadline_of(bred(), MONDAY, Channel.REMOTE)
    assert deadline == paris(FRIDAY, "23:59:59.999999")
    order = dated(deadline, paris(MONDAY, "00:00"))
    assert answer(bred(), order, deadline) == FREE
    assert answer(bred(), order, deadline + US).kind is RevocationKind.LATE
    assert deadline_of(bred(), FRIDAY, Channel.REMOTE) == paris(THURSDAY, "23:59:59.999999")
    assert price(Timing.DEFERRED, terms(bred()).revocation) == 0


def test_at_the_branch_the_deadline_is_its_closing() -> None:
    assert deadline_of(bred(), MONDAY, Channel.BRANCH) == paris(FRIDAY, "17:30")
    assert deadline_of(bnc(), MONDAY, Channel.BRANCH) == noumea(FRIDAY, "15:30")
    kinds = {cut_off_of_revocation(c, terms(bred()).revocation).kind for c in (Channel.BRANCH, Channel.POST)}
    assert len(kinds) == 1


@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_rolling_a_closed_agreed_day_forward_moves_no_deadline(agreement: Agreement) -> None:
    assert deadline_of(agreement, SATURDAY, Channel.REMOTE) == deadline_of(agreement, MONDAY, Channel.REMOTE)


@asserts("BRED-A3-2.3-7")
def test_a_late_revocation_is_accepted_only_while_execution_has_not_begun() -> None:
    received = paris(THURSDAY, "09:00")
    accepted = answer(bred(), immediate(received), paris(THURSDAY, "11:00"))
    assert (accepted.reason, accepted.kind) == (None, RevocationKind.LATE)
    refused = answer(bred(), immediate(received, started=True), paris(THURSDAY, "11:00"))
    assert refused.reason is Reason.EXECUTION_STARTED
    assert late_answer(terms(bred()).revocation, started=False).price_minor == 0


@asserts("BNC-6.1.3.5-9")
def test_a_late_revocation_is_refused_even_before_execution() -> None:
    received = noumea(THURSDAY, "09:00")
    assert answer(bnc(), immediate(received), received).reason is Reason.REVOCATION_LATE
    deadline = noumea(FRIDAY, "23:59:59.999999")
    order = dated(deadline, noumea(MONDAY, "00:00"))
    assert answer(bnc(), order, deadline + US).reason is Reason.REVOCATION_LATE
    assert late_answer(terms(bnc()).revocation, started=False).reason is Reason.REVOCATION_LATE


@asserts("BNC-6.1.3.5-3")
def test_an_immediate_branch_order_is_revocable_free_until_received() -> None:
    received = noumea(FRIDAY, "00:00")  # given after the cut-off
    order = immediate(received, Channel.BRANCH)
    assert answer(bnc(), order, received - US, Channel.BRANCH) == FREE
    assert answer(bnc(), order, received, Channel.BRANCH).reason is Reason.REVOCATION_LATE
    assert price(Timing.IMMEDIATE, terms(bnc()).revocation) == 0


@asserts("BNC-6.1.3.5-4")
@pytest.mark.parametrize("channel", [Channel.REMOTE, Channel.ATM])
def test_a_remote_or_card_order_is_irrevocable_once_received(channel: Channel) -> None:
    received = noumea(THURSDAY, "09:00")
    assert answer(bnc(), immediate(received, channel), received).reason is Reason.REVOCATION_LATE
    assert answer(bnc(), immediate(received, channel), received - US).reason is None


@asserts("BNC-6.1.3.5-5")
def test_a_deferred_order_is_revocable_free_until_the_business_day_before() -> None:
    deadline = deadline_of(bnc(), MONDAY, Channel.REMOTE)
    assert deadline == noumea(FRIDAY, "23:59:59.999999")
    order = dated(deadline, noumea(MONDAY, "00:00"))
    assert answer(bnc(), order, deadline) == FREE
    assert answer(bnc(), order, deadline + US).reason is Reason.REVOCATION_LATE
    assert price(Timing.DEFERRED, terms(bnc()).revocation) == 0


@asserts("BNC-6.1.3.5-6", "BRED-A3-2.3-8")
def test_withdrawing_a_standing_order_cancels_every_occurrence_whose_deadline_has_not_passed() -> None:
    planned = [
        (FRIDAY, deadline_of(bnc(), FRIDAY, Channel.REMOTE)),
        (MONDAY, deadline_of(bnc(), MONDAY, Channel.REMOTE)),
    ]
    assert planned[0][1] == noumea(THURSDAY, "23:59:59.999999")
    assert occurrences_withdrawn(planned, planned[0][1]) == (FRIDAY, MONDAY)
    assert occurrences_withdrawn(planned, planned[0][1] + US) == (MONDAY,)
    assert occurrences_withdrawn(planned, planned[1][1] + US) == ()
    paris_deadline = deadline_of(bred(), FRIDAY, Channel.REMOTE)
    assert paris_deadline == paris(THURSDAY, "23:59:59.999999")


@asserts("BRED-A3-2.3-4", "BNC-6.1.3.5-7")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_some_occurrences_may_be_revoked_while_the_order_goes_on(agreement: Agreement) -> None:
    planned = (THURSDAY, FRIDAY, MONDAY)
    stays = occurrences_after_revocation(planned, [FRIDAY], terms(agreement).revocation)
    assert stays == (THURSDAY, MONDAY)


@asserts("BRED-A3-2.3-4", "BNC-6.1.3.5-8")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
@pytest.mark.parametrize(
    ("channel", "written", "reason"),
    [
        (Channel.BRANCH, True, None),
        (Channel.POST, True, None),
        (Channel.REMOTE, True, None),
        (Channel.BRANCH, False, Reason.REVOCATION_NOT_WRITTEN),
        (Channel.PHONE, True, Reason.REVOCATION_CHANNEL),
        (Channel.ATM, True, Reason.REVOCATION_CHANNEL),
    ],
)
def test_a_revocation_is_written_at_the_branch_by_letter_or_in_the_remote_space(
    agreement: Agreement, channel: Channel, written: bool, reason: Reason | None
) -> None:
    assert channel_refusal(channel, terms(agreement).revocation, written=written) is reason


@asserts("BRED-A3-2.3-9")
@pytest.mark.parametrize("channel", [Channel.MOBILE, Channel.INITIATION_SERVICE])
def test_an_instant_transfer_is_irrevocable_however_it_was_given(channel: Channel) -> None:
    stamped = paris(THURSDAY, "09:00")
    order = OrderToRevoke(Timing.IMMEDIATE, Service.INSTANT, channel, stamped)
    assert answer(bred(), order, stamped - US).reason is Reason.INSTANT_IRREVOCABLE
    assert answer(bred(), immediate(stamped), stamped - US).reason is None


@asserts("BNC-6.1.3.5-10")
def test_an_order_consented_to_through_a_provider_cannot_be_revoked() -> None:
    received = noumea(FRIDAY, "00:00")
    order = immediate(received, Channel.INITIATION_SERVICE)
    assert answer(bnc(), order, received - US).reason is Reason.INITIATION_IRREVOCABLE
    assert answer(bnc(), immediate(received), received - US).reason is None
