"""How people write accounts, amounts, dates and operations, and what they mean."""

import re
from datetime import date, datetime, time
from typing import Any

import click

from teneur.bank import Bank
from teneur.channels.cli.shell import Trouble
from teneur.channels.cli.texts import say
from teneur.kernel.clock import instant, local_instant, zone
from teneur.kernel.commands import AccountId, account_id
from teneur.kernel.identifiers import IdentifierError, parse_iban
from teneur.kernel.money import MoneyError, currency, parse
from teneur.ledger.account import Account, load_accounts, load_by_iban

DEFAULT_BOOK = 1
_FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_OPERATION = re.compile(r"(?:(\d{1,7})/)?(\d{1,18})")
_PERIOD = re.compile(r"(\d{1,4})([djm])")
_BLANKS = re.compile(r"[\s\u00a0\u202f]")


class Day(click.ParamType[date]):
    """2026-05-04 or 04/05/2026."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; a usage error if it is none."""
        if isinstance(value, date):
            return value
        match = _FRENCH_DATE.fullmatch(value)
        try:
            return date(*map(int, match.group(3, 2, 1))) if match else date.fromisoformat(value)
        except ValueError:
            wanted = say("attendu : 2026-05-04 ou 04/05/2026", "expected 2026-05-04 or 04/05/2026")
            self.fail(f"{value!r} : {wanted}", param, ctx)


class Operation(click.ParamType[tuple[int, int]]):
    """1/42 (book and position), or 42 in book 1."""

    name = "operation"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Book and position; a usage error if it is none."""
        if isinstance(value, tuple):
            return value
        match = _OPERATION.fullmatch(value)
        if not match:
            wanted = say("attendu : 1/42 (livre/position)", "expected 1/42 (book/position)")
            self.fail(f"{value!r} : {wanted}", param, ctx)
        return int(match[1] or DEFAULT_BOOK), int(match[2])


class Period(click.ParamType[tuple[int, int]]):
    """30d or 30j (days), 2m (months)."""

    name = "period"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Months and days, one of them 0; a usage error if it is none."""
        if isinstance(value, tuple):
            return value
        match = _PERIOD.fullmatch(value.lower())
        if not match:
            wanted = say("attendu : 30j ou 2m", "expected 30d or 2m")
            self.fail(f"{value!r} : {wanted}", param, ctx)
        count = int(match[1])
        return (count, 0) if match[2] == "m" else (0, count)


DAY = Day()
PERIOD = Period()
OPERATION = Operation()


def find_account(bank: Bank, text: str) -> Account:
    """The account of an IBAN, of book/number, or of a number in book 1. Raises Trouble."""
    compact = _BLANKS.sub("", text)
    match = _OPERATION.fullmatch(compact)
    with bank.read() as connection:
        wanted: AccountId | None
        if match:
            wanted = account_id(int(match[1] or DEFAULT_BOOK), int(match[2]))
        else:
            wanted = load_by_iban(connection, [compact.upper()]).get(compact.upper())
        found = load_accounts(connection, [wanted]).get(wanted) if wanted is not None else None
    if found is None:
        raise Trouble(
            say(f"Il n’y a pas de compte {text}.", f"There is no account {text}."),
            say("donnez son IBAN, ou son numéro (1/1000000)", "give its IBAN, or its number (1/1000000)"),
        )
    return found


def amount_minor(text: str, code: str) -> int:
    """ "1 250,50" or "1250.50" in minor units of a currency. Raises Trouble."""
    plain = _BLANKS.sub("", text).replace(",", ".", 1)
    try:
        return parse(plain, currency(code)).amount_minor
    except MoneyError as error:
        raise Trouble(
            say(f"Montant {text!r} : {error}", f"Amount {text!r}: {error}"),
            say("écrivez par exemple 1250,50", "write for example 1250.50"),
        ) from error


def iban_of(text: str) -> str:
    """An IBAN as people write it, in electronic form; what is none stays, to be refused by its rule."""
    compact = _BLANKS.sub("", text).upper()
    try:
        return parse_iban(compact).value
    except IdentifierError:
        return compact


def moment_of(text: str, where: str) -> datetime:
    """The instant of a day, of a local time (2026-05-04T09:00), or of one with an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(
            say(f"{text!r} n’est pas un moment.", f"{text!r} is no time."), "2026-05-04T09:00"
        ) from None
    if found.tzinfo is not None:
        return instant(found)
    return local_instant(found.date(), found.time() or time.min, zone(where))
