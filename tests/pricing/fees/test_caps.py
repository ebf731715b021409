"""The caps of the law, at their edges, in both currencies."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from teneur.pricing.fees.rules import caps
from teneur.pricing.fees.rules.caps import Assessed, Charge
from tests.pricing.fees.making import BNC_ID, BRED_ID, agreement

DAY = date(2026, 5, 4)
REJECTED = "direct-debit-rejected"


def charge(
    event: str, on: date = DAY, about: str = "1", base: int = 0, amount: int | None = None, **more: int
) -> Charge:
    """A fee, priced already if an amount is given."""
    return Charge(event=event, about=about, occurred_on=on, base_minor=base, amount_minor=amount, **more)


def told(
    fee: Charge,
    before: Sequence[Charge] = (),
    others: Sequence[Charge] | None = None,
    name: str = BRED_ID,
    **terms: object,
) -> Assessed:
    """What a fee comes to; the others that are priced are those before it unless given."""
    found = agreement(name, **terms)
    priced = [c for c in before if c.amount_minor is not None] if others is None else others
    return caps.assess(fee, before, priced, found.accounts, found.tariff)


def interventions(count: int, minor: int, on: date = DAY) -> list[Charge]:
    """So many interventions, each about another operation."""
    return [charge("intervention", on, about=f"op{n}", amount=minor) for n in range(count)]


@pytest.mark.parametrize(
    ("name", "terms", "each", "in_month"),
    [
        (BRED_ID, {}, 800, 8_000),
        (BRED_ID, {"holder": "specific-offer"}, 400, 2_000),
        (BRED_ID, {"accounts.designated": True}, 400, 2_000),
        (BNC_ID, {}, 950, 9_547),
        (BNC_ID, {"holder": "specific-offer"}, 477, 2_386),
        (BNC_ID, {"accounts.designated": True}, 477, 2_387),
    ],
)
def test_interventions_are_capped_each_and_in_their_month(
    name: str, terms: dict[str, Any], each: int, in_month: int
) -> None:
    taken: list[Charge] = []
    for number in range(30):
        fee = charge("intervention", about=f"op{number}")
        found = told(fee, taken, name=name, **terms)
        taken.append(charge("intervention", about=f"op{number}", amount=found.amount_minor))
    assert taken[0].amount_minor == each
    assert sum(c.amount_minor or 0 for c in taken) == in_month
    assert (
        told(charge("intervention", date(2026, 6, 1), about="next"), taken, name=name, **terms).amount_minor
        == each
    )


def test_eighty_euros_are_reached_within_the_month_and_not_passed() -> None:
    assert told(charge("intervention"), interventions(9, 800)).amount_minor == 800
    assert told(
        charge("intervention"), [*interventions(9, 800), charge("intervention", about="x", amount=1)]
    ) == Assessed(800, 799, ("intervention",))
    assert told(charge("intervention"), interventions(10, 800)) == Assessed(800, 0, ("intervention",))


def test_the_month_is_that_of_the_event_to_its_last_day() -> None:
    full = interventions(10, 800, date(2026, 5, 31))
    assert told(charge("intervention", date(2026, 5, 31)), full).amount_minor == 0
    assert told(charge("intervention", date(2026, 6, 1)), full).amount_minor == 800
    leap = interventions(10, 800, date(2028, 2, 29))
    assert told(charge("intervention", date(2028, 2, 1)), (), leap).amount_minor == 0
    assert told(charge("intervention", date(2028, 3, 1)), leap).amount_minor == 800


@pytest.mark.parametrize(
    ("name", "base", "amount", "limits"),
    [
        (BRED_ID, 0, 0, ("rejection",)),
        (BRED_ID, 1, 1, ("rejection",)),
        (BRED_ID, 1_999, 1_999, ("rejection",)),
        (BRED_ID, 2_000, 2_000, ()),
        (BRED_ID, 2_001, 2_000, ()),
        (BNC_ID, 1, 1, ("rejection",)),
        (BNC_ID, 2_300, 2_300, ()),
        (BNC_ID, 100_000, 2_300, ()),
    ],
)
def test_a_rejection_costs_at_most_the_order_and_twenty_euros(
    name: str, base: int, amount: int, limits: tuple[str, ...]
) -> None:
    found = told(charge(REJECTED, base=base), name=name)
    assert (found.amount_minor, found.limits) == (amount, limits)


def test_all_labels_of_one_rejection_together_cost_at_most_twenty_euros() -> None:
    first = charge("transfer-rejected", base=50_000, amount=1_200)
    assert told(charge("refusal-notice", base=50_000), [first]) == Assessed(1_000, 800, ("rejection",))
    other = charge("transfer-rejected", about="2", base=50_000, amount=1_200)
    assert told(charge("refusal-notice", base=50_000), [other]).amount_minor == 1_000


@pytest.mark.parametrize(
    ("name", "base", "amount"),
    [
        (BRED_ID, 1, 3_000),
        (BRED_ID, 5_000, 3_000),
        (BRED_ID, 5_001, 5_000),
        (BNC_ID, 5_967, 3_580),
        (BNC_ID, 5_968, 5_900),
    ],
)
def test_a_rejected_cheque_costs_thirty_euros_up_to_fifty_and_fifty_above(
    name: str, base: int, amount: int
) -> None:
    assert told(charge("cheque-rejected", base=base), name=name).amount_minor == amount


def test_the_letter_before_a_rejected_cheque_counts_within_its_cap() -> None:
    letter = charge("cheque-letter", base=5_000, amount=1_200)
    assert told(charge("cheque-rejected", base=5_000), [letter]).amount_minor == 1_800


@pytest.mark.parametrize(("on", "amount"), [(date(2026, 6, 3), 0), (date(2026, 6, 4), 5_000)])
def test_a_cheque_presented_again_within_thirty_days_is_one_incident(on: date, amount: int) -> None:
    first = charge("cheque-rejected", DAY, about="cheque 7", base=9_000, amount=0)
    assert told(charge("cheque-rejected", on, about="cheque 7", base=9_000), [first]).amount_minor == amount


@pytest.mark.parametrize(
    ("on", "amount"), [(date(2023, 1, 31), 2_000), (date(2023, 2, 1), 0), (date(2026, 5, 4), 0)]
)
def test_the_same_payment_rejected_again_costs_nothing_since_the_first_of_february_2023(
    on: date, amount: int
) -> None:
    first = charge(REJECTED, date(2023, 1, 10), about="mandate 9", base=90_000, amount=0)
    again = charge(REJECTED, on, about="mandate 9", base=90_000)
    assert told(again, [first]).amount_minor == amount
    if not amount:
        assert told(again, [first]).limits == (caps.SAME_PAYMENT,)
    assert told(charge(REJECTED, on, about="mandate 10", base=90_000), [first]).amount_minor == 2_000


def test_the_first_rejection_stays_charged_when_the_second_is_known() -> None:
    second = charge(REJECTED, date(2026, 5, 9), about="mandate 9", base=90_000, amount=0)
    assert told(charge(REJECTED, about="mandate 9", base=90_000), (), [second]).amount_minor == 2_000


@pytest.mark.parametrize(
    ("name", "base", "amount"),
    [
        (BRED_ID, 9, 0),
        (BRED_ID, 10, 1),
        (BRED_ID, 99_999, 9_999),
        (BRED_ID, 100_001, 10_000),
        (BNC_ID, 1_000_000, 11_900),
    ],
)
def test_a_tax_seizure_costs_a_tenth_of_the_sum_and_at_most_a_hundred_euros(
    name: str, base: int, amount: int
) -> None:
    assert told(charge("seizure-tax", base=base), name=name).amount_minor == amount


def test_before_a_cap_begins_it_binds_nothing() -> None:
    found = agreement(BRED_ID)
    holder = next(iter(found.tariff.caps["seizure-tax"].holders.value))
    assert caps.caps_on("seizure-tax", holder, date(2018, 12, 31), found.tariff) == []
    assert [name for name, _, _ in caps.caps_on("seizure-tax", holder, date(2019, 1, 1), found.tariff)] == [
        "seizure-tax"
    ]


@pytest.mark.parametrize(("name", "most"), [(BRED_ID, 2_500), (BNC_ID, 2_983)])
def test_all_incident_fees_of_a_fragile_customer_are_capped_in_a_month(name: str, most: int) -> None:
    first = charge("overdraft-letter", amount=1_200)
    second = charge("standing-order-rejected", about="2", base=90_000, amount=1_200)
    third = charge("cheque-ban", about="3")
    assert told(third, [first, second], name=name, holder="fragile") == Assessed(
        3_000, most - 2_400, ("fragile",)
    )
    assert told(third, [first, second], name=name).amount_minor == 3_000
    assert (
        told(charge("cheque-stop", about="4"), [first, second], name=name, holder="fragile").amount_minor
        == 1_500
    )


def test_holders_of_the_specific_offer_have_a_cap_of_the_year_too() -> None:
    taken = [charge("cheque-ban", date(2026, m, 3), about=str(m), amount=2_000) for m in range(1, 11)]
    assert (
        told(
            charge("card-declared", date(2026, 12, 31), about="x"), taken, holder="specific-offer"
        ).amount_minor
        == 0
    )
    assert (
        told(
            charge("card-declared", date(2027, 1, 1), about="x"), taken, holder="specific-offer"
        ).amount_minor
        == 2_000
    )


def test_the_third_bank_cheque_of_a_month_is_charged_to_a_designated_account() -> None:
    by_right: dict[str, Any] = {"accounts.designated": True}
    one = charge("bank-cheque", about="1", amount=0)
    two = charge("bank-cheque", about="2", amount=0)
    assert told(charge("bank-cheque", about="2"), [one], **by_right) == Assessed(
        1_200, 0, (caps.FREE_OF_MONTH,)
    )
    assert told(charge("bank-cheque", about="3"), [one, two], **by_right) == Assessed(1_200, 1_200)
    assert told(charge("bank-cheque", date(2026, 6, 1), about="3"), [one, two], **by_right).amount_minor == 0
    both = charge("bank-cheque", about="4", quantity=2)
    assert told(both, [one], **by_right) == Assessed(2_400, 1_200, (caps.FREE_OF_MONTH,))
    assert told(charge("bank-cheque"), [one]).amount_minor == 1_200


@pytest.mark.parametrize(("name", "most"), [(BRED_ID, 3_000), (BNC_ID, 3_500)])
def test_a_dormant_account_costs_at_most_thirty_euros_a_year(name: str, most: int) -> None:
    first = charge("account-keeping-dormant", date(2026, 1, 31), amount=most)
    assert (
        told(
            charge("account-keeping-dormant", date(2026, 12, 31), about="2"), [first], name=name
        ).amount_minor
        <= 79
    )
    assert (
        told(charge("account-keeping-dormant", date(2027, 1, 1), about="3"), [first], name=name).amount_minor
        == most
    )
