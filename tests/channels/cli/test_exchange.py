"""Exchange on the command line: rates set and imported, shown and told, orders and cash explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from teneur.bank import Bank
from teneur.channels.settings import CLOCK, clock_setting, keep_setting
from teneur.kernel.commands import account_id
from teneur.ledger.commands import OpenBook
from teneur.storage.database import Dsn
from tests.channels.cli.test_commands import Line
from tests.support.bank import (
    ADMIN,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CLERK,
    accepted,
    move_clock,
    open_account,
    open_bank,
)

NOW = "2026-05-05T09:00:00+02:00"
ECB = "Date, USD, JPY, BGN, XYZ, \n04 May 2026, 1.1000, 160.00, N/A, 7.0, \n"


@pytest.fixture
def line(database: Dsn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    monkeypatch.setenv("TENEUR_DATABASE_URL", database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", database.owner)
    monkeypatch.setenv("COLUMNS", "200")
    return Line(capsys)


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database, NOW) as opened:
        ask = OpenBook(name="more", currencies=("USD", "JPY"), opened_on=opened.clock.now().date())
        accepted(opened.ask(ask, account_id(BOOK, 0), actor=ADMIN))
        with opened.connect() as connection, connection.transaction():
            keep_setting(connection, CLOCK, clock_setting(opened.clock))
        yield opened


def plain(text: str) -> str:
    """Without the blanks that keep figures together."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def number(account: int) -> str:
    return f"1/{account & 0xFFFF_FFFF}"


def test_a_rate_is_set_by_the_back_office_and_shown_with_its_margins(bank: Bank, line: Line) -> None:
    words = ("exchange", "set", "USD", "EUR", "0,91", "0.92", "--source", "desk")
    line(*words, f"--as={CLERK}", code=1)
    assert line.json(*words, f"--as={BACK_OFFICE}")["outcome"] == "accepted"
    told = line.json("exchange", "rate", "eur", "usd")
    assert (told["selling"]["rate"], told["buying"]["rate"]) == ("0.9338", "0.89635")
    assert (told["selling"]["market"], told["selling"]["source"]) == ("0.92", "desk")
    shown = line("exchange", "rate", "EUR", "USD")
    for part in ("0,92", "1.20".replace(".", ","), "0,30", "1 USD = 0,9338 EUR", "desk"):
        assert part in shown, shown
    english = line("exchange", "rate", "EUR", "USD", "--lang", "en")
    assert "selling rate 0.92" in english
    assert line.json("exchange", "history", "EUR", "USD")["rates"][0]["selling"] == "0.92"


def test_a_rate_asked_for_at_the_branch_is_kept_also_one_of_a_past_day(bank: Bank, line: Line) -> None:
    account = open_account(bank, BRED)
    line("exchange", "set", "EUR", "USD", "1.1", "1.1", "--source", "desk", f"--as={BACK_OFFICE}")
    before = _last(bank, account)
    line("exchange", "rate", "EUR", "USD", "--account", number(account))
    assert _last(bank, account) == before
    line("exchange", "rate", "EUR", "USD", "--account", number(account), f"--as={CLERK}")
    assert _last(bank, account) == before + 1
    asked = line.json("explain", f"1/{before + 1}")
    assert asked["title"] == "Cours de change demandé"
    line("exchange", "rate", "EUR", "USD", "--at", "2026-05-04T09:00", f"--as={CLERK}", code=1)
    line("exchange", "rate", "EUR", "USD", "--at", "2026-05-04T09:00", code=2)
    line("exchange", "rate", "EUR", "EUR", code=2)
    line("exchange", "rate", "EUR", "USD", "--agreement", "nobody", code=2)
    line("exchange", "rate", "XPF", "USD", "--account", number(account), code=2)


def _last(bank: Bank, account: int) -> int:
    with bank.read() as connection:
        row = connection.execute("select max(position) from journal where book = 1").fetchone()
    assert row is not None
    return int(row[0])


def test_the_file_of_the_ecb_is_imported_with_its_source_and_hour(
    bank: Bank, line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "eurofxref.csv"
    file.write_text(ECB)
    line("exchange", "import", str(file), "--ecb", f"--as={BACK_OFFICE}")
    [rate] = line.json("exchange", "history", "USD", "EUR")["rates"]
    assert (rate["buying"], rate["selling"], rate["at"]) == ("1.1000", "1.1000", "2026-05-04T14:00:00Z")
    assert rate["source"] == "ECB euro foreign exchange reference rates"
    told = line.json("exchange", "rate", "XPF", "USD", "--agreement", "bnc-2026-04")  # 5 May in Nouméa
    assert told["selling"]["rate"] == "110.4361"
    line("exchange", "rate", "EUR", "USD", code=2)  # in Paris it was yesterday's


def test_our_own_file_needs_a_source_and_says_where_it_is_wrong(
    bank: Bank, line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("base,quote,buying,selling,at\nGBP,EUR,1.15,1.16,2026-05-05T08:00:00+02:00\n")
    line("exchange", "import", str(file), f"--as={BACK_OFFICE}", code=2)
    line("exchange", "import", str(file), "--source", "desk", f"--as={BACK_OFFICE}")
    assert line.json("exchange", "rate", "EUR", "GBP")["buying"]["market"] == "1.15"
    file.write_text("base,quote,buying,selling,at\nGBP,EUR,1.15,1.16,2026-05-05T08:00:00\n")
    line("exchange", "import", str(file), "--source", "desk", f"--as={BACK_OFFICE}", code=2)
    assert "line 2" in line.err
    file.write_text("base,quote,buying,selling,at\n")
    line("exchange", "import", str(file), "--source", "desk", f"--as={BACK_OFFICE}", code=2)


def test_foreign_notes_and_their_rate_are_explained(bank: Bank, line: Line) -> None:
    account = open_account(bank, BRED)
    line("exchange", "set", "USD", "EUR", "0.91", "0.92", "--source", "desk", f"--as={BACK_OFFICE}")
    words = ("cash", "deposit", number(account), "1x100", "--currency", "usd", f"--as={CLERK}")
    done = line.json(*words)
    assert done["outcome"] == "accepted"
    told = plain(line("explain", done["operation"]))
    for part in ("100,00 $ = 89,64 €", "1 USD = 0,89635 EUR", "cours d’achat 0,91 (desk", "1,20 % (banque)"):
        assert part in told, told
    english = line("explain", done["operation"], "--lang", "en")
    assert "buying rate 0.91 (desk" in english


def test_euros_paid_in_at_noumea_are_explained_by_the_parity(bank: Bank, line: Line) -> None:
    account = open_account(bank, BNC)
    late = line.json("cash", "deposit", number(account), "1x50", "--currency", "EUR", f"--as={CLERK}")
    assert "à changer et à créditer le 6 mai 2026" in plain(line("explain", late["operation"]))  # 18:00 there
    move_clock(bank, "2026-05-06T10:00:00+11:00")
    with bank.connect() as connection, connection.transaction():
        keep_setting(connection, CLOCK, clock_setting(bank.clock))
    done = line.json("cash", "deposit", number(account), "1x50", "--currency", "EUR", f"--as={CLERK}")
    told = line("explain", done["operation"])
    assert "parité fixe, sans marge" in told
    assert bank.account(account).balance_minor == 5_967  # 50 / 0.00838 = 5,966.6
