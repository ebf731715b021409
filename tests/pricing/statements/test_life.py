"""Years of one account with random life: every statement follows the last, and interest adds up from them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from teneur.bank import Bank
from teneur.channels.statement_checks import check_statements
from teneur.storage.database import Dsn
from tests.pricing.statements.life import Life, exported, lines_of, real_percent, recounted
from tests.support.bank import BNC, BRED, open_account, open_bank

UNIT = {BRED: 1_000, BNC: 1_200}
FLAT_MINIMUM = {BRED: (0, 0), BNC: (600, 47_733)}  # francs; where the average is below the second

OFTEN = ("bill", "salary", "late value", "late booking", "agreed")
SOMETIMES = ("changed", "ended")


def lived(bank: Bank, series: str, until: date, seed: int, *kinds: str) -> list[dict[str, Any]]:
    """The statements of a life in which these things happened."""
    account = open_account(bank, series)
    life = Life(bank, account, seed, UNIT[series])
    life.live(until)
    assert life.problems == []
    assert set(kinds) <= set(life.done), life.done
    checked = check_statements(bank, account)
    assert checked.faults == ()
    told = exported(bank, account)
    unstated = bank.account(account).sequence - told[-1]["last_sequence"]
    assert unstated >= 0
    if not unstated:
        assert told[-1]["closing_minor"] == bank.account(account).balance_minor
    return told


def chains(told: list[dict[str, Any]]) -> None:
    """Closing is the next opening, to the cent; every posting stands once; every month that moved has one."""
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))
    assert told[0]["opening_minor"] == 0
    for before, after in pairwise(told):
        assert after["opening_minor"] == before["closing_minor"]
        assert after["first_sequence"] == before["last_sequence"] + 1
        first, last = (
            date.fromisoformat(d) for d in (after["period"]["first_day"], before["period"]["last_day"])
        )
        assert first > last
    for one in told:
        moved = sum(line["amount_minor"] for line in one["lines"])
        assert one["opening_minor"] + moved == one["closing_minor"]
        last = date.fromisoformat(one["period"]["last_day"])
        assert (last + timedelta(days=1)).day == 1
    sequences = [line["sequence"] for line in lines_of(told)]
    assert sequences == list(range(1, len(sequences) + 1))
    ends = [one["period"]["last_day"] for one in told]
    for line in lines_of(told):
        holder = next(one for one in told if line in one["lines"])
        first_end = next(end for end in ends if end >= line["booked_on"])
        assert line["late"] == (first_end < holder["period"]["last_day"])


def interest_adds_up(told: list[dict[str, Any]], series: str) -> int:
    """Counted day by day from the statements alone; how many quarters had some."""
    minimum, below = FLAT_MINIMUM[series]
    with_debit = 0
    posted: Counter[str] = Counter()
    for one in told:
        for charge in one["interest"]:
            posted[charge["first_day"]] += charge["posted_minor"]
    for charge, interest, number in recounted(told):
        days = sum(rate["days"] for rate in charge["rates"])
        flat = minimum > interest and 0 < number < below * days
        assert charge["debit_minor"] == (minimum if flat else interest), charge
        assert charge["minimum"] == flat
        assert posted[charge["first_day"]] == charge["debit_minor"] - charge["credit_minor"]
        apr = charge.get("real_apr_percent")
        assert (None if apr is None else Decimal(apr)) == real_percent(interest, number)
        assert number == sum(r["authorised_number"] + r["excess_number"] for r in charge["rates"])
        with_debit += number > 0
    lines = [line for line in lines_of(told) if line["kind"].startswith("interest")]
    assert sum(posted.values()) == -sum(line["amount_minor"] for line in lines)
    return with_debit


@pytest.mark.parametrize(("series", "seed"), [(BRED, 1), (BNC, 2)])
def test_a_year_and_more_of_random_life_chains_and_its_interest_adds_up(
    database: Dsn, series: str, seed: int
) -> None:
    with open_bank(database) as bank:
        told = lived(bank, series, date(2027, 8, 2), seed, *OFTEN)
    assert len(told) >= 12
    chains(told)
    assert interest_adds_up(told, series) >= 2


@pytest.mark.long
@pytest.mark.parametrize(("series", "seed"), [(BRED, 11), (BNC, 12)])
def test_ten_years_of_random_life_chain_and_their_interest_adds_up(
    database: Dsn, series: str, seed: int
) -> None:
    with open_bank(database) as bank:
        told = lived(bank, series, date(2036, 5, 5), seed, *OFTEN, *SOMETIMES)
    assert len(told) >= 100
    chains(told)
    assert interest_adds_up(told, series) >= 20
    charges = [charge for one in told for charge in one["interest"]]
    assert any(charge["revision"] for charge in charges)
    assert any(line["late"] for line in lines_of(told))
    assert any(rate["run_off"] for charge in charges for rate in charge["rates"])
