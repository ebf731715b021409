"""What whoever set up the bank has chosen, kept in the database so that every process does the same."""

import logging

from psycopg import Connection
from psycopg.errors import UndefinedTable

from teneur.agreements.agreement import Agreements
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.clock import Clock, SimulatedClock, SystemClock, instant
from teneur.payments.transfers.rules.directory import Directory, read_directory
from teneur.payments.transfers.rules.screening import ListedName, ScreeningList
from teneur.payments.verification.asking import NobodyAnswers, OtherBanks, PayeeVerification
from teneur.payments.verification.connection import Cause
from teneur.payments.verification.endpoints import WrongEndpoints, read_endpoints
from teneur.storage.database import Dsn, connect
from teneur.storage.sql import load

LOG = logging.getLogger(__name__)
SQL = load("teneur.channels")
CLOCK = "clock"  # "system", or "simulated:" and the instant at which the clock stands
DIRECTORY = "directory"  # CSV, see the directory of banks
SCREENING = "screening"  # CSV: reference,name
ENDPOINTS = "payee-verification"  # TOML, see the endpoints of other banks
SYSTEM = "system"
SIMULATED = "simulated:"


class NotSetUp(Exception):
    """The database has no bank yet."""


class WrongSetting(ValueError):
    """A setting that cannot be read; the message says which and what is expected."""


def setting(connection: Connection, name: str) -> str | None:
    """One setting, or None."""
    row = connection.execute(SQL["setting"], {"name": name}).fetchone()
    return None if row is None else str(row[0])


def keep_setting(connection: Connection, name: str, value: str) -> None:
    """Keep a setting; the caller's transaction stores it."""
    connection.execute(SQL["keep_setting"], {"name": name, "value": value})


def clock_of(text: str) -> Clock:
    """The clock that a setting describes. Raises WrongSetting, ClockError."""
    if text == SYSTEM:
        return SystemClock()
    if not text.startswith(SIMULATED):
        raise WrongSetting(f"{text!r} is no clock: expected {SYSTEM} or {SIMULATED}2026-05-04T09:00+02:00")
    return SimulatedClock(instant(text.removeprefix(SIMULATED)))


def clock_setting(clock: Clock) -> str:
    """How a clock is kept."""
    return f"{SIMULATED}{clock.now().isoformat()}" if isinstance(clock, SimulatedClock) else SYSTEM


def open_bank(dsn: Dsn) -> Bank:
    """The bank of a database that `init` has set up, by its own settings. Raises NotSetUp."""
    try:
        with connect(dsn) as connection:
            clock = setting(connection, CLOCK)
            directory = setting(connection, DIRECTORY)
            screening = setting(connection, SCREENING)
    except UndefinedTable as error:
        raise NotSetUp from error
    if clock is None:
        raise NotSetUp
    agreements = shipped_agreements()
    return Bank.open(
        dsn,
        clock_of(clock),
        agreements=agreements,
        directory=directory_of(directory or "", agreements),
        screening=screening_of(screening or "", agreements),
    )


def other_banks(bank: Bank) -> PayeeVerification:
    """Who answers for accounts of other banks, by this bank's settings; nobody if those are of no use."""
    with bank.read() as connection:
        text = setting(connection, ENDPOINTS) or ""
    try:
        return OtherBanks(read_endpoints(text), bank.clock) if text.strip() else NobodyAnswers()
    except WrongEndpoints as error:
        LOG.warning("%s", error)
        return NobodyAnswers(Cause.WRONG_SETTINGS)


def directory_of(text: str, agreements: Agreements) -> Directory | None:
    """The directory of banks of a CSV text; None if it is empty. Raises DirectoryError."""
    own = {(a.bank.iban_country.value, a.bank.bank_code.value) for a in agreements}
    return read_directory(text.splitlines(), own) if text.strip() else None


def screening_of(text: str, agreements: Agreements) -> ScreeningList | None:
    """The screening list of a CSV text (`reference,name`, no header); None if it is empty."""
    entries = []
    for line in text.splitlines():
        reference, comma, name = line.partition(",")
        if line.strip() and not (comma and name.strip()):
            raise WrongSetting(f"{line!r} is no line of a screening list: expected reference,name")
        if name.strip():
            entries.append(ListedName(reference.strip(), name.strip()))
    words = min(a.transfers.safeguards.screening_matches.value for a in agreements)
    return ScreeningList(entries, words) if entries else None
