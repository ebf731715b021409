"""What an event costs: the tariff of its day, what was agreed, and what is free."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from teneur.agreements.terms.tariff import Holder, Price
from teneur.agreements.terms.transfers import Service, TransferClass
from teneur.pricing.fees.rules import prices
from teneur.pricing.fees.rules.prices import AT_BRANCH, AT_DISTANCE
from tests.pricing.fees.making import BNC_ID, BRED_ID, agreement, edited, with_terms
from tests.support.asserts import asserts

DAY = date(2026, 5, 4)
BY_RIGHT: dict[str, Any] = {"accounts.designated": True}
BRANCH_EVENT = "transfer-sepa-branch"
LATER = """
[editions.2027-01-01]
transfer-sepa-branch = { value = { fixed_minor = 500 }, source = "default", note = "A test." }
"""


def price(name: str, event: str, on: date = DAY, **terms: object) -> Price:
    """The price of an event under an agreement with particular terms."""
    found = agreement(name, **terms)
    return prices.price_of(event, on, found.accounts, found.tariff)


@asserts("BNC-4-2", "BRED-A3-1.4-1", "BRED-9-1")
@pytest.mark.parametrize(
    ("on", "minor"),
    [(date(2026, 12, 31), 450), (date(2027, 1, 1), 500), (date(2028, 2, 29), 500)],
)
def test_the_price_is_that_of_the_edition_in_force_on_the_day_of_the_event(
    tmp_path: Path, on: date, minor: int
) -> None:
    found = edited(tmp_path, lambda text: text + LATER)[BRED_ID]
    told = prices.price_in_force(BRANCH_EVENT, on, found.tariff)
    assert told is not None
    assert told.value.fixed_minor == minor


def test_what_a_later_edition_does_not_name_keeps_its_price(tmp_path: Path) -> None:
    found = edited(tmp_path, lambda text: text + LATER)[BRED_ID]
    told = prices.price_in_force("refusal-notice", date(2027, 6, 1), found.tariff)
    assert told is not None
    assert told.value.fixed_minor == 1_000


def test_an_account_held_at_a_day_keeps_the_prices_of_that_day(tmp_path: Path) -> None:
    shipped = edited(tmp_path, lambda text: text + LATER)[BRED_ID]
    from teneur.agreements.agreement import Layer

    held = shipped.with_overrides(
        [Layer("special-conditions", "CP-1", {"tariff.held_on": date(2026, 12, 31)})]
    )
    for found, minor in ((held, 450), (shipped, 500)):
        told = prices.price_in_force(BRANCH_EVENT, date(2027, 1, 1), found.tariff)
        assert told is not None
        assert told.value.fixed_minor == minor


@asserts("BNC-4-2")
def test_what_the_tariff_in_force_does_not_price_cannot_be_charged() -> None:
    found = agreement(BNC_ID)
    first = date(2026, 4, 1)
    assert prices.price_in_force("transfer-local-branch", first - timedelta(days=1), found.tariff) is None
    assert prices.price_in_force("transfer-local-branch", first, found.tariff) is not None
    assert price(BNC_ID, "transfer-local-branch", first - timedelta(days=1)).zero
    assert price(BNC_ID, "no-such-event").zero


@asserts("BRED-8.1.2-2", "BNC-7.3-7")
@pytest.mark.parametrize(("name", "edition"), [(BRED_ID, "2022-06-01"), (BNC_ID, "2026-04-01")])
def test_a_price_agreed_with_the_customer_wins_over_the_tariff(name: str, edition: str) -> None:
    path = f"tariff.editions.{edition}.overdraft-file"
    agreed = with_terms(name, {path: {"fixed_minor": 700}})
    assert price(name, "overdraft-file").fixed_minor == 1_500
    assert prices.price_of("overdraft-file", DAY, agreed.accounts, agreed.tariff).fixed_minor == 700
    assert prices.price_of("cheque-stop", DAY, agreed.accounts, agreed.tariff).fixed_minor == 1_500


def test_an_agreed_price_stands_whatever_edition_follows(tmp_path: Path) -> None:
    from teneur.agreements.agreement import Layer

    shipped = edited(tmp_path, lambda text: text + LATER)[BRED_ID]
    path = f"tariff.editions.2022-06-01.{BRANCH_EVENT}"
    agreed = shipped.with_overrides([Layer("special-conditions", "CP-1", {path: {"fixed_minor": 100}})])
    told = prices.price_in_force(BRANCH_EVENT, date(2027, 6, 1), agreed.tariff)
    assert told is not None
    assert told.value.fixed_minor == 100


@asserts("BRED-1.3-4")
@pytest.mark.parametrize(
    ("event", "free"),
    [
        (BRANCH_EVENT, True),
        ("balance-request", True),
        ("cheque-stop", False),
        ("transfer-international-remote", False),
        ("intervention", False),
    ],
)
def test_on_an_account_opened_by_right_only_the_basic_services_are_free(event: str, free: bool) -> None:
    assert price(BRED_ID, event, **BY_RIGHT).zero is free
    assert not price(BRED_ID, event).zero


@asserts("BNC-1.1.1-2")
@pytest.mark.parametrize(
    ("event", "free"),
    [
        ("transfer-local-branch", True),
        ("transfer-com-pacific-branch", True),
        ("transfer-international-branch", False),
        ("bank-cheque", False),
    ],
)
def test_on_a_designated_account_the_list_of_basic_services_is_free(event: str, free: bool) -> None:
    assert price(BNC_ID, event, **BY_RIGHT).zero is free
    assert not price(BNC_ID, event).zero


@asserts("BRED-1.3-4", "BNC-1.1.1-2")
@pytest.mark.parametrize("name", [BRED_ID, BNC_ID])
def test_two_bank_cheques_a_month_belong_to_the_basic_services(name: str) -> None:
    tariff = agreement(name).tariff
    assert prices.free_times_a_month("bank-cheque", Holder.DESIGNATED, tariff) == 2
    assert prices.free_times_a_month("bank-cheque", Holder.SPECIFIC_OFFER, tariff) == 2
    assert prices.free_times_a_month("bank-cheque", Holder.ORDINARY, tariff) == 0
    assert prices.free_times_a_month("cheque-stop", Holder.DESIGNATED, tariff) == 0


@asserts("BRED-5.3-5")
@pytest.mark.parametrize("event", ["statement-monthly", "account-closing", "mandate-revocation", "rib"])
def test_what_must_stay_free_stays_free_whatever_a_tariff_says(tmp_path: Path, event: str) -> None:
    priced = f'{event} = {{ value = {{ fixed_minor = 900 }}, source = "default", note = "A test." }}\n'
    found = edited(tmp_path, lambda text: text + priced)[BRED_ID]
    told = prices.price_in_force(event, DAY, found.tariff)
    assert told is not None
    assert told.value.fixed_minor == 900
    assert prices.price_of(event, DAY, found.accounts, found.tariff).zero


@asserts("BRED-A3-2.1.1-9")
@pytest.mark.parametrize("at_branch", [True, False])
def test_a_sepa_com_pacific_transfer_costs_what_a_sepa_transfer_costs(at_branch: bool) -> None:
    terms = agreement(BRED_ID).tariff.transfers
    events = {
        prices.transfer_event(kind, Service.ORDINARY, at_branch=at_branch, terms=terms)
        for kind in (TransferClass.SEPA, TransferClass.COM_PACIFIC)
    }
    assert events == {f"transfer-sepa-{AT_BRANCH if at_branch else AT_DISTANCE}"}


@asserts("BNC-6.1.3.2-2", "BRED-A3-1.4-1")
@pytest.mark.parametrize(
    ("name", "kind", "service", "event"),
    [
        (BNC_ID, TransferClass.LOCAL, Service.ORDINARY, "transfer-local-branch"),
        (BNC_ID, TransferClass.COM_PACIFIC, Service.ORDINARY, "transfer-com-pacific-branch"),
        (BRED_ID, TransferClass.INTERNATIONAL, Service.ORDINARY, "transfer-international-branch"),
        (BRED_ID, TransferClass.SEPA, Service.INSTANT, "transfer-instant-branch"),
        (BRED_ID, TransferClass.SEPA, Service.TREASURY, "transfer-treasury-branch"),
    ],
)
def test_a_transfer_is_priced_by_its_kind_and_where_it_was_given(
    name: str, kind: TransferClass, service: Service, event: str
) -> None:
    found = agreement(name)
    terms = found.tariff.transfers
    assert prices.transfer_event(kind, service, at_branch=True, terms=terms) == event
    assert not prices.price_of(event, DAY, found.accounts, found.tariff).zero


@pytest.mark.parametrize(
    ("on", "remote", "branch"),
    [(date(2025, 1, 8), 80, 530), (date(2025, 1, 9), 0, 450), (DAY, 0, 450)],
)
def test_an_instant_transfer_never_costs_more_than_an_ordinary_one_once_that_is_law(
    on: date, remote: int, branch: int
) -> None:
    assert price(BRED_ID, "transfer-instant-remote", on).fixed_minor == remote
    assert price(BRED_ID, "transfer-instant-branch", on).fixed_minor == branch


@pytest.mark.parametrize(
    ("base", "amount"),
    [(0, 1_500), (1_500_999, 1_500), (1_501_000, 1_501), (1_502_999, 1_502), (9**12, 6_000)],
)
def test_a_share_is_rounded_down_between_its_least_and_its_most(base: int, amount: int) -> None:
    found = price(BRED_ID, "transfer-international-remote")
    assert prices.amount_of(found, base, 1) == amount


@asserts("BRED-3.1-18", "BNC-6.2.1-5")
@pytest.mark.parametrize("name", [BRED_ID, BNC_ID])
def test_only_the_notice_of_a_justified_refusal_may_be_charged(name: str) -> None:
    terms = agreement(name).tariff.transfers
    assert prices.refusal_is_charged("insufficient-funds", terms, notice_owed=True)
    assert not prices.refusal_is_charged("insufficient-funds", terms, notice_owed=False)
    assert not prices.refusal_is_charged("iban-invalid", terms, notice_owed=True)


@asserts("BNC-3.1-7", "BRED-5.3-5")
@pytest.mark.parametrize(
    ("name", "agreed", "other"), [(BRED_ID, "letter", "web-space"), (BNC_ID, "web-space", "letter")]
)
def test_the_agreed_medium_is_free_and_another_one_is_an_extra(name: str, agreed: str, other: str) -> None:
    terms = agreement(name).tariff.requests
    assert terms.agreed_medium.value == agreed
    assert not prices.extra_delivery(agreed, terms.agreed_medium.value)
    assert prices.extra_delivery(other, terms.agreed_medium.value)


@pytest.mark.parametrize("name", [BRED_ID, BNC_ID])
def test_every_price_has_an_event_and_editions_are_named_by_their_first_day(name: str) -> None:
    tariff = agreement(name).tariff
    for edition, listed in tariff.editions.items():
        assert prices.first_day(edition) >= date(2022, 6, 1)
        assert set(listed) <= set(tariff.events)
    assert set(tariff.events) == set(min(tariff.editions.items())[1])
    assert set(tariff.recurring) <= set(tariff.events)
    for terms in tariff.caps.values():
        assert {prices.first_day(since) for since in terms.since} <= {date(y, m, d) for y, m, d in (
            (2008, 1, 1), (2010, 1, 1), (2014, 1, 1), (2016, 1, 1), (2019, 1, 1), (2019, 2, 1),
        )}  # fmt: skip
        assert terms.events.value <= {*tariff.events, "incidents"}
