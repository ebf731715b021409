"""Papers that a day brings: the statements of the periods that ended the day before."""

from datetime import timedelta

from teneur.channels.day.report import MOST, Today
from teneur.channels.settings import SQL
from teneur.channels.statements import issue
from teneur.kernel.clock import zone
from teneur.kernel.commands import AccountId, account_id
from teneur.ledger.account import load_accounts
from teneur.pricing.statements.build import StatementError
from teneur.pricing.statements.rules import statement_period
from teneur.pricing.statements.statement import Period

ONE_DAY = timedelta(days=1)


def cut_statements(today: Today) -> None:
    """On the first day after a period of statements: what was booked in it, account by account."""
    eve = today.day - ONE_DAY
    periods: set[Period] = set()
    for agreement in today.bank.agreements:
        if zone(agreement.zone) == today.zone:
            period = statement_period(eve, agreement.statements)
            if period.last_day == eve:
                periods.add(period)
    for period in sorted(periods, key=lambda p: p.first_day):
        after = 0
        while True:
            parameters = {
                "book": today.book, "after": after, "limit": MOST,
                "first_day": period.first_day, "last_day": period.last_day,
            }  # fmt: skip
            with today.bank.read() as connection:
                numbers = [n for (n,) in connection.execute(SQL["contract_accounts_after"], parameters)]
                accounts = load_accounts(connection, [account_id(today.book, n) for n in numbers])
            for account in accounts.values():
                terms = today.bank.terms_for(account, eve)
                if terms.zone == today.zone and statement_period(eve, terms.agreement.statements) == period:
                    _issue(today, account.id, period)
            if len(numbers) < MOST:
                break
            after = numbers[-1]


def _issue(today: Today, account: AccountId, period: Period) -> None:
    try:
        made = issue(today.bank, account, period)
    except StatementError as error:
        today.report.problems.append(str(error))
        return
    if made is not None:
        today.report.statements.append(made)
        today.tell("statements", 1)
