"""Statements on the command line: verified, printed, as often as wanted; questions asked and answered."""

from pathlib import Path

from tests.channels.cli.test_commands import Line, bank, teneur

__all__ = ["bank", "teneur"]  # the fixtures


def test_a_statement_is_verified_and_shown_in_both_languages(bank: Line, tmp_path: Path) -> None:
    bank("day", "advance", "--to", "2026-06-01")
    checked = bank.json("account", "statement", "1/1000000", "--verify")
    assert (checked["statements"], checked["lines"], checked["faults"]) == (1, 1, [])
    assert "tout est bon" in bank("account", "statement", "1/1000000", "--verify")
    for language in ("fr", "en"):
        file = tmp_path / f"{language}.pdf"
        bank("account", "statement", "1/1000000", "--format", "pdf", "-o", str(file), "--lang", language)
        assert file.read_bytes().startswith(b"%PDF-")
    assert bank.json("account", "statement", "1/1000000", "--verify")["pages"] == 2


def test_a_frequency_is_chosen_and_one_that_is_not_offered_is_refused(bank: Line) -> None:
    bank("account", "statement-frequency", "1/1000000", "--frequency", "half-month", "--as=-3")
    bank("account", "statement-frequency", "1/1000000", "--frequency", "year", "--as=-3", code=1)
    bank("day", "advance", "--to", "2026-05-16")
    [one] = bank.json("account", "statement", "1/1000000", "--list")["statements"]
    assert (one["first_day"], one["last_day"], one["frequency"]) == ("2026-05-01", "2026-05-15", "half-month")


def test_what_is_owed_on_paper_is_printed_once(bank: Line, tmp_path: Path) -> None:
    bank("day", "advance", "--to", "2026-06-01")
    [file] = bank.json("print-statements", str(tmp_path / "post"))["printed"]
    assert Path(file).read_bytes().startswith(b"%PDF-")
    assert "Rien à imprimer" in bank("print-statements", str(tmp_path / "post"))


def test_a_question_is_tracked_and_that_about_the_guarantee_is_answered_at_once(bank: Line) -> None:
    told = bank.json("account", "ask-information", "1/1000000", "deposit-guarantee", "--as=-3")
    assert told["decided"] == {"guaranteed": True, "ceiling_minor": 10_000_000}
    bank("account", "ask-information", "1/1000000", "cours", "--way", "phone", "--as=-3", code=1)
    asked = bank.json("account", "ask-information", "1/1000000", "cours", "--way", "e-mail", "--as=-3")
    [duty] = [d for d in bank.json("obligations")["obligations"] if d["kind"] == "answer-information"]
    position = asked["operation"].split("/")[1]
    assert duty["about"] == position
    bank("account", "give-information", "1/1000000", position, "par courriel", "--as=-3")
    kinds = {d["kind"] for d in bank.json("obligations")["obligations"]}
    assert "answer-information" not in kinds
