"""`day advance` and `day show`: what was done, what a simulation runs on, and what it refuses."""

from datetime import date
from pathlib import Path

import pytest

from tests.channels.cli.test_commands import Line, bank, iban, teneur

__all__ = ["bank", "teneur"]

INDEX = "EURIBOR-3M"


@pytest.fixture
def indexed(bank: Line, tmp_path: Path) -> Line:
    """A reference rate with two real values."""
    values = tmp_path / "rate.csv"
    values.write_text("2026-04-30,1.900\n2026-05-04,1.934\n", "utf-8")
    bank("interest", "index", "load", INDEX, str(values), "--source", "tests", "--as=-5")
    return bank


def test_a_day_is_shown_by_what_the_bank_did_on_it(bank: Line) -> None:
    to = iban(bank, "1/1000001")
    bank("pay", "1/1000000", "50", "--to", to, "--name", "Paul Dupont", "--on", "2026-05-06", "-y")
    bank("pay", "1/1000001", "5000", "--to", to, "--name", "X", "--on", "2026-05-06", "-y", code=1)
    assert "Rien" in bank("day", "show", "2026-05-06")
    report = bank.json("day", "advance", "--to", "2026-05-06")["report"]
    shown = bank.json("day", "show", "2026-05-06")
    assert shown["done"] == {"Europe/Paris": True, "Pacific/Noumea": True}
    kinds = {(k["kind"], k["outcome"]): k["count"] for k in shown["kinds"]}
    assert kinds["transfer-due", "accepted"] == len(report["executed"]) == 1
    assert bank.json("day", "show", "2026-05-07")["done"] == {"Europe/Paris": False, "Pacific/Noumea": False}


def test_ten_years_are_simulated_and_it_is_said_once_where_real_series_end(bank: Line) -> None:
    assert "usure" not in bank("day", "advance", "--to", "2026-05-05") + bank.err
    bank("day", "advance", "--to", "2027-02-01")
    assert bank.err.count("Seuils de l’usure publiés jusqu’au") == 1
    assert bank.json("day", "advance", "--to", "2027-02-02")["series"]["usury_to"] == "2026-12-31"


def test_a_rate_that_ends_is_named_and_goes_on_only_if_somebody_makes_it_up(indexed: Line) -> None:
    indexed("day", "advance", "--to", "2026-05-06")
    assert f"{INDEX} : aucune valeur après" in indexed.err
    indexed("day", "advance", "--to", "2026-05-15", "--synthetic-by=-3", code=2)  # a clerk may not
    indexed("day", "advance", "--to", "2026-05-15", "--synthetic-by=-5")
    assert indexed.err.count(f"{INDEX} : valeurs inventées") == 1
    assert "aucune valeur" not in indexed.err
    history = indexed.json("interest", "index", "show", INDEX)["history"]
    assert history["synthetic"] is True
    assert history["values"][-1] == ["2026-05-15", "1.934"]
    assert ["2026-05-14", "1.934"] in history["values"]  # Ascension Day, on which TARGET is open
    assert not [day for day, _ in history["values"] if date.fromisoformat(day).isoweekday() > 5]


def test_a_real_clock_makes_nothing_up(teneur: Line) -> None:
    teneur("init")
    teneur("day", "advance", "--synthetic-by=-1", code=2)
    assert "aucune valeur n’est inventée" in teneur.err


def test_no_day_goes_beyond_the_calendars(bank: Line) -> None:
    bank("day", "advance", "--to", "2051-01-01", code=2)
    assert "2050" in bank.err
