"""Exchange in the bank's day: cash whose day has come, and orders that cannot be converted yet.

Orders and cash for which no rate of the day is loaded are passed over and told to people; they are done when
the day is run again after the rates are there.
"""

from collections.abc import Iterable

from teneur.channels.day.report import MOST, Today, derived_key
from teneur.kernel.commands import AccountId, account_id, number_of
from teneur.ledger.account import load_accounts
from teneur.payments.exchange.day import cash_due
from teneur.payments.exchange.reading import exchange_at
from teneur.payments.transfers.decisions.parts import terms_of_order
from teneur.payments.transfers.facts import SQL, load_orders


def convert_cash(today: Today) -> None:
    """Foreign cash that was taken in too late for its day."""
    bank, after = today.bank, 0
    while True:
        with bank.read() as connection:
            page = cash_due(connection, bank.governing, today.book, today.day, bank.clock.now(), after, MOST)
        mine = [(due.account, due.ask, derived_key(*due.key)) for due in page.work if due.zone == today.zone]
        today.do("cash converted", mine)
        for deposit in page.without_rate:
            _tell(today, f"cash of {today.book}/{deposit}")
        if page.next is None:
            return
        after = page.next


def without_rate(today: Today, orders: Iterable[tuple[int, int]]) -> set[tuple[AccountId, int]]:
    """Of orders (number of the account, order) those that no rate of the day can convert."""
    transfers = [transfer for _, transfer in orders]
    bank, at, found = today.bank, today.bank.clock.now(), set()
    with bank.read() as connection:
        rows = connection.execute(
            SQL["in_other_currency"], {"book": today.book, "transfers": transfers}
        ).fetchall()
        if not rows:
            return set()
        stored = load_orders(connection, [(account_id(today.book, a), t) for a, t in rows])
        accounts = load_accounts(connection, [account for account, _ in stored])
        for key, order in stored.items():
            account, ask = accounts[key[0]], order.ask
            terms = terms_of_order(bank.transfers, account, order, at)
            if terms is None or not today.is_in(account):
                continue
            exchange = exchange_at(connection, at, terms.agreement.exchange, terms.zone)
            made = exchange.conversion(
                ask.amount_minor, ask.currency, account.currency, debit=True, agreed=ask.rate
            )
            if made is None or made.estimate:
                found.add(key)
    for account_, transfer in sorted(found):
        _tell(today, f"order {today.book}/{transfer} of account {number_of(account_)}")
    return found


def _tell(today: Today, what: str) -> None:
    """Once, however often it is looked at."""
    told = f"{what} waits: no exchange rate of the day is loaded"
    if told not in today.report.problems:
        today.report.problems.append(told)
