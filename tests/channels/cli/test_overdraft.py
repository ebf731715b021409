"""`teneur overdraft`: what staff does with overdrafts, and what it sees."""

import pytest

from teneur.channels.explain_texts import reason_text, title
from teneur.kernel.money import Language
from teneur.pricing.overdraft import texts
from tests.channels.cli.test_commands import Line, bank, teneur

__all__ = ["bank", "teneur"]

A = "1/1000001"  # Paul, with nothing
TWO = ("--as=-4", "--approved-by=-5")


def test_an_overdraft_is_granted_used_changed_and_shown(bank: Line) -> None:
    bank("overdraft", "grant", A, "500", "--rate", "9,9 %", *TWO)
    later = ("--from", "2026-05-06", "--document", "avenant 1")
    changed = bank.json("overdraft", "change", A, "300", *later, *TWO)
    assert changed["decided"]["before_minor"] == 50_000
    shown = bank.json("overdraft", "show", A)
    assert (shown["limit_minor"], shown["excess_minor"], shown["debit_since"]) == (50_000, 0, None)
    assert [(a["limit_minor"], a["starts_on"], a["ends_on"]) for a in shown["history"]] == [
        (50_000, "2026-05-04", "2026-05-05"),
        (30_000, "2026-05-06", None),
    ]
    assert shown["history"][0]["rate"] == "9.9"
    bank("day", "advance", "--to", "2026-05-06")
    assert bank.json("overdraft", "show", A)["limit_minor"] == 30_000
    assert bank.json("account", "show", A)["overdraft_minor"] == 30_000
    text = bank("overdraft", "show", A)
    assert "durée indéterminée" in text
    assert "9.9 %" in text
    told = bank("explain", changed["operation"])
    assert "Changement du découvert autorisé" in told
    assert "BRED-8-1" in told


def test_a_rate_above_the_usury_threshold_is_told_to_whoever_grants_it(bank: Line) -> None:
    text = bank("overdraft", "grant", A, "7000", "--rate", "14,5", *TWO)
    assert "au-dessus du seuil de l’usure" in text
    assert bank.json("account", "overdraft", A, "8000", *TWO)["usury"] == "above"
    assert "usury" not in bank.json("account", "overdraft", A, "500", *TWO)


def test_the_bank_ends_it_with_notice_and_the_customer_in_writing(bank: Line) -> None:
    for account in (A, "1/1000000"):
        bank("overdraft", "grant", account, "500", *TWO)
    letter = ("--letter", "1A 2", "--sent", "04/05/2026")
    early = bank.json("overdraft", "reduce", A, "0", *letter, "--from", "2026-07-03", *TWO, code=1)
    assert early["reason"] == "notice-too-short"
    assert bank.json("overdraft", "reduce", A, "0", *letter, *TWO)["decided"]["effective_on"] == "2026-07-04"
    spoken = bank.json("overdraft", "end", "1/1000000", "--by", "phone", "--as=-3", code=1)
    assert spoken["reason"] == "not-in-writing"
    bank("overdraft", "end", "1/1000000", "--by", "post", "--as=-3")
    assert bank.json("overdraft", "show", "1/1000000")["limit_minor"] == 0


def test_one_debit_passes_is_demanded_and_the_used_part_is_set_apart(bank: Line) -> None:
    one_off = ("--until", "2026-12-31", "--document", "accord du 4 mai")
    bank("overdraft", "grant", A, "100", *one_off, *TWO)
    paid = ("pay", A, "150", "--to", str(bank.json("account", "show", "1/1000000")["iban"]))
    name = ("--name", "Jeanne Martin", "-y")
    assert bank.json(*paid, *name, code=1)["reason"] == "insufficient-funds"
    bank("overdraft", "allow", A, "150", "--about", "virement", "--reason", "salaire annoncé", *TWO)
    found = bank.json("account", "show", A)
    assert (found["overdraft_minor"], found["tolerated_minor"]) == (10_000, 5_000)
    assert "Toléré en plus aujourd’hui" in bank("account", "show", A)
    bank(*paid, *name)
    bank("overdraft", "demand", A, "--letter", "LS 17", "--as=-5")
    shown = bank.json("overdraft", "show", A)
    assert (shown["balance_minor"], shown["excess_minor"]) == (-15_000, 5_000)
    assert shown["tolerances"][0]["author"] == -4
    assert shown["claims"][0]["amount_minor"] == 5_000
    creditor = "FR76 3000 6000 0112 3456 7890 189"
    admitted = ("--reference", "2026/17", "--on", "2026-05-04", "--creditor", creditor)
    bank("overdraft", "indebted", A, *admitted, "--as=-5", "--approved-by=-4")
    shown = bank.json("overdraft", "show", A)
    assert (shown["balance_minor"], shown["indebtedness"]["isolated_minor"]) == (0, 15_000)
    alert = bank.json("overdraft", "old-debt", A, "50", "--creditor", creditor, "--as=-4")
    assert alert["decided"] == {"alert": "FR7630006000011234567890189"}
    again = bank.json("overdraft", "demand", A, "--letter", "LS 18", "--as=-5", code=1)
    assert again["reason"] == "recovery-frozen"
    bank("overdraft", "measures", A, "plan de 84 mois", "--as=-5")
    assert bank.json("overdraft", "show", A)["indebtedness"] is None
    assert bank.json("trial-balance")["balanced"] is True


def test_what_cannot_be_is_told_in_french(bank: Line) -> None:
    bank("overdraft", "instalments", A, "--as=-3", code=1)
    assert "aucune réduction du découvert par la banque" in bank.err.replace("\n", " ").lower()
    bank("overdraft", "raise", A, "500", "--from", "2026-05-04", "--apr", "9,9", *TWO, code=1)
    bank("overdraft", "event", A, "death", "--on", "2026-05-04", "--proof", "acte", "--as=-5", code=1)
    bank("overdraft", "grant", A, "500", "--rate", "cher", *TWO, code=2)


@pytest.mark.parametrize("language", [Language.FRENCH, Language.ENGLISH])
def test_every_kind_and_every_reason_has_words(language: Language) -> None:
    for kind in texts.TITLES:
        assert " " in title(kind, {}, language)
    for reason in texts.REASONS:
        assert reason_text(reason, {}, language) != f"{reason}."
