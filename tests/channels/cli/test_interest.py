"""Interest on the command line: a quarter closed and told, effective rates, usury, reference rates."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from teneur.bank import Bank
from teneur.channels.settings import CLOCK, clock_setting, keep_setting
from teneur.storage.database import Dsn
from tests.channels.cli.test_commands import Line
from tests.pricing.interest.making import Q2, Q3, close, grant, move
from tests.support.bank import BNC, BRED, open_account, open_bank


@pytest.fixture
def line(database: Dsn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    monkeypatch.setenv("TENEUR_DATABASE_URL", database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", database.owner)
    monkeypatch.setenv("COLUMNS", "160")
    return Line(capsys)


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        with opened.connect() as connection, connection.transaction():
            keep_setting(connection, CLOCK, clock_setting(opened.clock))
        yield opened


def plain(text: str) -> str:
    """Without the blanks that keep figures together."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_closing_is_told_so_that_each_cent_can_be_recomputed(bank: Bank, line: Line) -> None:
    account = open_account(bank, BRED)
    grant(bank, account, 50_000)
    move(bank, account, -80_000, date(2026, 5, 11))
    close(bank, Q2)
    told = plain(line("interest", "explain", f"1/{account & 0xFFFF_FFFF}", "2026T2"))
    # 500,00 × 51 j = 2 550 000 à 14,5 %; 300,00 × 51 j = 1 530 000 à 16,5 %
    for part in ("2 550 000", "14,5 % / 365", "1 013,013699", "1 530 000", "16,5 % / 365", "691,643836",
                 "1 704,657535", "17,05 €", "11/05/2026", "BRED-8.2-5"):  # fmt: skip
        assert part in told, told
    english = plain(line("interest", "explain", f"1/{account & 0xFFFF_FFFF}", "2026-06-30", "--lang", "en"))
    assert "Debit interest" in english
    assert "1,704.657535" in english
    as_json = line.json("interest", "explain", f"1/{account & 0xFFFF_FFFF}", "2026Q2")
    assert as_json["revisions"][0]["closing"]["charge"]["interest_minor"] == 1_705
    line("interest", "explain", f"1/{account & 0xFFFF_FFFF}", "2026T1", code=2)
    assert "pas arrêté" in line.err


def test_a_correction_shows_both_versions(bank: Bank, line: Line) -> None:
    account = open_account(bank, BNC)
    move(bank, account, -500_000, date(2026, 5, 10))
    close(bank, Q2, "Pacific/Noumea")
    move(bank, account, 500_000, date(2026, 5, 20), booked_on=date(2026, 7, 2))
    close(bank, Q3, "Pacific/Noumea")
    told = plain(line("interest", "explain", f"1/{account & 0xFFFF_FFFF}", "2026T2"))
    assert "version 2" in told
    assert "Écart avec la version d’avant" in told
    assert "−8 630 F CFP" in told  # 10 685 less 2 055


def test_the_explanation_of_the_operation_names_its_clauses(bank: Bank, line: Line) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -80_000, date(2026, 5, 11))
    close(bank, Q2)
    with bank.read() as connection:
        ((position,),) = connection.execute("select position from journal where kind = 221").fetchall()
    told = plain(line("explain", f"1/{position}"))
    assert "Arrêté trimestriel" in told
    assert "Trimestre arrêté (18,44 €)." in told
    assert "BRED-8.2-5" in told


def test_an_effective_rate_and_its_threshold(line: Line) -> None:
    assert "15,3 %" in plain(line("interest", "apr", "1000", "14,5"))
    found = line.json("interest", "apr", "1000", "14.5", "--from", "2026-03-01", "--until", "2026-05-31")
    assert (found["apr_percent"], found["usury"]) == ("15.4", "below")
    assert "au-dessus du seuil" in line("interest", "usury", "3000", "23,61", "2026-12-31")
    assert "aucun seuil" in line("interest", "usury", "3000", "23,61", "2030-01-01")
    line("interest", "apr", "1000", "x", code=2)


def test_interest_after_the_end_compounds_by_years(line: Line) -> None:
    found = line.json("interest", "after-end", "1000", "2023-07-01", "2025-09-30", "--rate", "10")
    assert [y["interest_minor"] for y in found["years"]] == [10_014, 10_986, 3_050]
    assert "capitalisés" in line("interest", "after-end", "1000", "2023-07-01", "2025-09-30", "--rate", "10")


def test_reference_rates_are_loaded_from_a_file_and_told(bank: Bank, line: Line, tmp_path: Path) -> None:
    values = tmp_path / "values.csv"
    values.write_text("2026-05-04,1.934\n2026-05-05,-0.5\n")
    loaded = (
        "interest",
        "index",
        "load",
        "SYN",
        str(values),
        "--source",
        "inventé",
        "--synthetic",
        "--as=-6",
    )
    assert "2 valeurs" in plain(line(*loaded))
    line("interest", "index", "modify", "SYN", "2026-05-06", "nouvelle méthode", "--as=-6")
    line("interest", "index", "end", "SYN", "2026-05-07", "--by", "administrateur", "--as=-6")
    line("interest", "index", "end", "SYN", "2026-05-07", "--by", "x", "--successor", "--as=-6", code=1)
    told = plain(line("interest", "index", "show", "SYN"))
    assert "valeurs inventées" in told
    assert "−0,5 %" in told
    assert "disparu le 07/05/2026" in told
    values.write_text("2026-05-04;1.934\n")
    line(*loaded, code=2)
    assert "ligne 1" in line.err
