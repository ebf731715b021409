"""What was booked on an account in a period, for its holder's programs: camt.054, without balances."""

from datetime import date

import msgspec

from teneur.bank import Bank
from teneur.channels.files.keys import id_of
from teneur.channels.statements import statement_of
from teneur.interbank import camt054
from teneur.interbank.messages import ReportMessage
from teneur.kernel.commands import AccountId, book_of
from teneur.kernel.money import Language
from teneur.ledger.reading import heads
from teneur.pricing.statements.interchange import to_account_report
from teneur.pricing.statements.statement import Period


def account_report(
    bank: Bank, account: AccountId, first_day: date, last_day: date, language: Language = Language.FRENCH
) -> bytes:
    """A camt.054 of the entries booked from the first to the last day, both included; empty without any.

    The lines are those of the statement, read as the journal stands now. The id names account, days and the
    last position read, so that the same notification asked again has the same id. Raises LookupError if there
    is no such customer's account, StatementError where the ledger's figures do not fit together.
    """
    found = bank.account(account)
    with bank.read() as connection:
        position = heads(connection, [book_of(account)]).get(book_of(account), 0)
        made = statement_of(
            bank,
            connection,
            found,
            Period(first_day, last_day),
            position=position,
            number=1,
            issued_at=bank.clock.now(),
        )
    if made is None or not made.lines:
        return b""
    report = msgspec.structs.replace(
        to_account_report(made, language),
        id=id_of("NT", account, first_day.isoformat(), last_day.isoformat(), position),
        balances=(),
        sequence_number=None,
        legal_sequence_number=None,
    )
    message = ReportMessage(message_id=report.id, created_at=made.issued_at, reports=(report,))
    return camt054.write(message)
