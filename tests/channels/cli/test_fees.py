"""`teneur fees`: the tariff, what is due, what an operation would cost, giving up and back, the summary."""

from pathlib import Path

from tests.channels.cli.test_commands import Line, bank, iban, teneur

__all__ = ["bank", "teneur"]
JEANNE, PAUL = "1/1000000", "1/1000001"


def branch_transfer(bank: Line) -> str:
    """A transfer at the counter, which the tariff charges; its operation."""
    done = bank.json(
        "pay", JEANNE, "10", "--to", iban(bank, PAUL), "--name", "Paul Dupont", "--channel", "branch",
        "--signed", "--as=-3", "--by", "1", "--yes",
    )  # fmt: skip
    return str(done["operation"])


def test_the_tariff_says_each_price_in_both_languages_and_that_it_is_ours(bank: Line) -> None:
    rows = bank.json("fees", "tariff", "--agreement", "bnc-2026-04")["prices"]
    prices = {row["event"]: row for row in rows}
    assert prices["transfer-local-branch"]["price"].startswith("300")
    assert prices["account-keeping"]["price"] == "gratuit"
    assert prices["transfer-local-branch"]["clauses"] == ["BNC-6.1.3.2-2"]
    text = bank("fees", "tariff", "--agreement", "bred-2022-06", "--lang", "en")
    assert "SEPA transfer at the branch" in text
    assert "prices are ours" in bank.err
    bank("fees", "tariff", "--agreement", "none", code=2)
    assert "bred-2022-06" in bank.err


def test_a_fee_is_due_is_taken_by_the_day_and_explained(bank: Line) -> None:
    operation = branch_transfer(bank)
    (fee,) = bank.json("fees", "due", JEANNE)["fees"]
    assert (fee["event"], f"1/{fee['id']}") == ("transfer-sepa-branch", operation)
    bank("day", "advance", "--to", "2026-06-01")
    assert bank.json("fees", "due", JEANNE)["fees"] == []
    (fee,) = bank.json("fees", "due", JEANNE, "--all")["fees"]
    assert (fee["amount_minor"], fee["settled_on"]) == (450, "2026-06-01")
    assert bank.json("account", "show", JEANNE)["balance_minor"] == 120_000 - 1_000 - 450
    told = bank("explain", f"1/{fee['settled_by']}")
    assert "Virement SEPA en agence : 4,50\u00a0€" in told
    assert "BRED-A3-1.4-1" in told
    assert "perçu" in bank("fees", "due", JEANNE, "--all")


def test_a_fee_is_given_up_or_given_back_by_two(bank: Line) -> None:
    fee = branch_transfer(bank)
    bank("fees", "waive", JEANNE, fee, "--reason", "gesture", "--as=-4", "--approved-by=-4", code=1)
    bank("fees", "waive", JEANNE, fee, "--reason", "gesture", "--as=-4", "--approved-by=-5")
    bank("fees", "refund", JEANNE, fee, "4,50", "--reason", "error", "--as=-4", "--approved-by=-5", code=1)
    assert "perçus" in bank.err
    second = branch_transfer(bank)
    bank("day", "advance", "--to", "2026-06-01")
    bank("fees", "refund", JEANNE, second, "4,50", "--reason", "error", "--as=-4", "--approved-by=-5")
    statuses = [fee["status"] for fee in bank.json("fees", "due", JEANNE, "--all")["fees"]]
    assert statuses == [4, 6]


def test_time_and_fees_are_told_before_an_order_and_kept(bank: Line) -> None:
    words = ("fees", "preview", JEANNE, "10", "--to", iban(bank, PAUL))
    told = bank.json(*words, "--at-branch", "--as=-3", "--for", "1")
    assert told["decided"]["fees"] == [{"amount_minor": 450, "event": "transfer-sepa-branch"}]
    assert told["citations"] == ["BRED-3.1-9"]
    assert "4,50" in bank(*words, "--at-branch", "--as=-3", "--for", "1")
    assert bank.json(*words, "--as", "1")["decided"]["total_minor"] == 0
    bank(*words, "--as", "2", code=1)
    assert "aussitôt" in bank("fees", "preview", JEANNE, "50", "--withdrawal", "--as=-3", "--for", "1")
    assert bank.json("account", "show", JEANNE)["balance_minor"] == 120_000


def test_the_summary_of_a_year_is_shown_as_it_was_made(bank: Line, tmp_path: Path) -> None:
    branch_transfer(bank)
    bank("fees", "summary", JEANNE, "--year", "2025", code=2)
    bank("day", "advance", "--to", "2026-06-01")
    running = bank.json("fees", "summary", JEANNE, "--year", "2026")
    assert running["total_minor"] == 450
    text = bank("fees", "summary", JEANNE, "--year", "2026")
    assert "Virement SEPA en agence" in text
    assert "Provisoire" in bank.err
    file = tmp_path / "summary.pdf"
    bank("fees", "summary", JEANNE, "--year", "2026", "--pdf", "--output", str(file))
    assert file.read_bytes().startswith(b"%PDF")
