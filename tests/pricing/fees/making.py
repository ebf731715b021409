"""Fees of tests: raised by a decision of the program, or placed as one would."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec

from teneur.accounts.commands import MoveToAgreement
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.loader import DATA, load_agreements
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Command, book_of, number_of
from teneur.kernel.fees import FeeDue
from teneur.ledger.chart import Role, own_account
from teneur.pricing.fees.commands import AnnounceFees, CollectFee
from teneur.pricing.fees.effects import EFFECTS
from teneur.pricing.fees.facts import Fee
from teneur.pricing.fees.reading import fees_of
from tests.support.bank import ADVISER, accepted

BRED_ID, BNC_ID = "bred-2022-06", "bnc-2026-04"


def agreement(name: str = BRED_ID, **particular: object) -> Agreement:
    """An agreement as shipped, or with particular terms of its tariff (`holder="fragile"`)."""
    found = shipped_agreements()[name]
    if not particular:
        return found
    from teneur.agreements.agreement import Layer

    values = {path if "." in path else f"tariff.{path}": value for path, value in particular.items()}
    ranks = found.about.precedence.value
    rank = next(r for r in ("particular-terms", "special-conditions") if r in ranks)
    return found.with_overrides([Layer(rank, "CP-1", values)])


def with_terms(name: str, values: Mapping[str, object]) -> Agreement:
    """An agreement with particular terms by their dotted paths."""
    return agreement(name, **values)


def edited(folder: Path, edit: Callable[[str], str], name: str = BRED_ID) -> Agreements:
    """The shipped agreements, one tariff file of which was edited."""
    copied = Path(copytree(DATA, folder / "data"))
    file = copied / name / "tariff.toml"
    file.write_text(edit(file.read_text("utf-8")), "utf-8")
    return load_agreements(copied)


def give_terms(
    bank: Bank, account: AccountId, from_day: date, values: Mapping[str, Any], name: str = BRED_ID
) -> None:
    """Particular terms of an account from a day on."""
    ask = MoveToAgreement(agreement=name, valid_from=from_day, particular=dict(values))
    accepted(bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH))


_POSITION = iter(range(10_000_000, 20_000_000))


def raise_fee(
    bank: Bank,
    account: AccountId,
    event: str,
    on: date,
    *,
    about: str = "",
    base_minor: int = 0,
    quantity: int = 1,
) -> tuple[int, int]:
    """Place what a decision of another part would have placed; its key within the account."""
    position = next(_POSITION)
    due = FeeDue(account, event, about, on, base_minor, quantity)
    with bank.connect() as connection:
        EFFECTS[0].write(connection, [(book_of(account), position, due)])
    return position, 0


def day_asks(bank: Bank, ask: Ask, account: AccountId, at: str) -> Answer:
    """A command of the bank's day at an instant written with its offset."""
    return bank.ask(ask, account, at=instant(at))


def announce(
    bank: Bank, account: AccountId, shown_on: date, until: date, at: str, *, has_statement: bool = True
) -> Answer:
    """The statement of a day shows incident fees."""
    ask = AnnounceFees(shown_on=shown_on, until=until, has_statement=has_statement)
    return day_asks(bank, ask, account, at)


def collect(bank: Bank, account: AccountId, key: tuple[int, int], at: str) -> Answer:
    """The bank's day takes a fee."""
    return day_asks(bank, CollectFee(fee=key[0], line=key[1]), account, at)


def fees(bank: Bank, account: AccountId) -> list[Fee]:
    """All fees of an account."""
    with bank.read() as connection:
        return fees_of(connection, account)


def fee_at(bank: Bank, account: AccountId, key: tuple[int, int]) -> Fee:
    """One of them."""
    return next(fee for fee in fees(bank, account) if (fee.id, fee.line) == key)


def income(bank: Bank, account: AccountId) -> int:
    """What the bank has taken in fees in the account's book and currency."""
    currency = bank.account(account).currency
    return bank.account(own_account(book_of(account), Role.FEE_INCOME, currency)).balance_minor


def notices(bank: Bank, account: AccountId, template: str) -> list[dict[str, Any]]:
    """What an account's holders must be told under a template."""
    with bank.connect() as connection:
        rows = connection.execute(
            "select content from notice where account = %s and template = %s order by notice, line",
            [number_of(account), template],
        ).fetchall()
    return [msgspec.json.decode(content) for (content,) in rows]


def command(ask: Ask, account: AccountId, at: str) -> Command:
    """A command of the bank's day, not posted yet."""
    return Command(key=secrets.token_bytes(16), subject=account, received_at=instant(at), ask=ask)
