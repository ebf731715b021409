"""Sending what must be told, by the ways that this installation has."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from teneur.agreements.terms.notices import Medium
from teneur.bank import Bank
from teneur.channels import fee_summaries
from teneur.channels.settings import keep_setting, setting
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.obligations.notices.adapters import Adapter
from teneur.obligations.notices.attempts import hurry
from teneur.obligations.notices.day import Report, deliver
from teneur.obligations.notices.facts import Notice
from teneur.obligations.notices.mail import Mail, read_mail_settings
from teneur.obligations.notices.messages import WebSpace
from teneur.obligations.notices.printing import PrintFolder

SMTP: Final = "notices-smtp"  # TOML, see the settings of the mail server
PRINT_FOLDER: Final = "notices-print-folder"
PASSWORD: Final = "TENEUR_SMTP_PASSWORD"  # noqa: S105 (the name of the variable, not what it holds)
SUMMARY: Final = "fee-summary"


def adapters_of(bank: Bank) -> Mapping[Medium, Adapter]:
    """The ways of sending by the settings. Raises WrongMailSettings."""
    found: dict[Medium, Adapter] = {Medium.SECURE_MESSAGE: WebSpace(bank.connect)}
    with bank.read() as connection:
        smtp, folder = setting(connection, SMTP), setting(connection, PRINT_FOLDER)
    if smtp:
        found[Medium.EMAIL] = Mail(read_mail_settings(smtp), os.environ.get(PASSWORD, ""))
    if folder:
        found[Medium.LETTER] = found[Medium.REGISTERED_LETTER] = PrintFolder(Path(folder))
    return found


def keep_ways(bank: Bank, smtp: str | None, folder: Path | None) -> None:
    """Keep the mail server (TOML) and the print folder; None: as it is. Raises WrongMailSettings.

    What could not be sent is tried again at once.
    """
    if smtp:
        read_mail_settings(smtp)
    with bank.connect() as connection:
        if smtp is not None:
            keep_setting(connection, SMTP, smtp)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            keep_setting(connection, PRINT_FOLDER, str(folder.resolve()))
        hurry(connection, bank.clock.now())


def enclosed(connection: Connection[Any], notice: Notice) -> tuple[tuple[str, bytes], ...]:
    """What goes with a notice: the summary of fees with the letter that announces it."""
    year = notice.values.get("year")
    if notice.template != SUMMARY or not isinstance(year, int):
        return ()
    kept = fee_summaries.kept(connection, notice.account, year)
    return () if kept is None else ((f"{SUMMARY}-{year}.pdf", kept[2]),)


def deliver_all(
    bank: Bank, tell: Callable[[str, int], None] = lambda _what, _count: None
) -> dict[int, Report]:
    """What waits in each book, now. Raises WrongMailSettings."""
    adapters = adapters_of(bank)
    with bank.read() as connection:
        books = [row[0] for row in connection.execute(LEDGER_SQL["books"]) if row[0] > 0]
    return {book: deliver(bank, book, adapters, enclosed, tell) for book in books}
