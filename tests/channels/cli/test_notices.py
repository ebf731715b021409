"""Notices and duties on the command line: what waits, reading, choosing, sending, what went wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from teneur.bank import Bank
from teneur.channels.cli.main import run
from teneur.channels.settings import CLOCK, SIMULATED, keep_setting
from teneur.storage.database import Dsn, connect
from tests.support import pdf
from tests.support.bank import BRED, CLERK, open_account, open_bank
from tests.support.transfers import pay

START = "2026-05-06T12:00:00+02:00"
WRONG = "FR7630006000011234567890188"


@pytest.fixture
def refused(database: Dsn, monkeypatch: pytest.MonkeyPatch) -> tuple[Bank, int, str]:
    """A bank of which every process knows the time, an account, and the notice of an order refused."""
    monkeypatch.setenv("TENEUR_DATABASE_URL", database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", database.owner)
    with connect(database) as connection:
        keep_setting(connection, CLOCK, SIMULATED + START)
    with open_bank(database, START) as bank:
        account = open_account(bank, BRED)
        order = pay(bank, account, WRONG, 4_000, START)
    return bank, account, f"1-{account & 0xFFFF_FFFF}-{order.position}-0"


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    """What a command says as JSON."""
    capsys.readouterr()
    assert run([*words, "--json"]) == code
    shown = capsys.readouterr()
    return json.loads(shown.out if code != 2 else shown.err)


def test_what_waits_is_sent_and_then_read_with_its_story(
    refused: tuple[Bank, int, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, account, name = refused
    number = str(account & 0xFFFF_FFFF)
    assert name in [n["id"] for n in told(capsys, "notices", "list")["notices"]]
    assert run(["notices", "set-up", "--print-folder", str(tmp_path / "letters")]) == 0
    report = told(capsys, "notices", "deliver")["books"]["1"]
    assert [name, "secure-message"] in report["sent"]
    assert report["problems"] == []
    assert told(capsys, "notices", "list")["notices"] == []
    (sent,) = (n for n in told(capsys, "notices", "list", "--account", number)["notices"] if n["id"] == name)
    assert (sent["template"], sent["medium"]) == ("transfer-refused", "secure-message")
    shown = told(capsys, "notices", "show", name)
    assert [a["outcome"] for a in shown["attempts"]] == ["sent"]
    assert len(shown["issued"]["sha256"]) == 64
    page = tmp_path / "page.pdf"
    assert run(["notices", "show", name, "--pdf", str(page)]) == 0
    assert "Votre virement est refusé" in capsys.readouterr().out or page.exists()
    pdf.assert_accessible(page.read_bytes(), "fr")
    assert "IBAN du bénéficiaire est faux" in pdf.text(page.read_bytes())


def test_the_register_is_read_by_account_by_kind_and_by_what_is_late(
    refused: tuple[Bank, int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, account, _ = refused
    number = str(account & 0xFFFF_FFFF)

    def kinds(*words: str) -> list[str]:
        return [o["kind"] for o in told(capsys, "obligations", *words)["obligations"]]

    assert kinds("--kind", "inform-of-refusal") == ["inform-of-refusal"]
    assert kinds("--kind", "inform-of-refusal", "--overdue") == []
    assert "inform-of-refusal" in kinds("--account", number)
    assert "inform-of-refusal" in kinds("--account", number, "--due")
    assert kinds("--account", number, "--overdue", "--kind", "inform-of-refusal") == []
    assert run(["notices", "deliver"]) == 0
    done = told(capsys, "obligations", "--account", number, "--kind", "inform-of-refusal")["obligations"]
    assert done[0]["discharged_by"].startswith("secure-message: ")
    assert kinds("--kind", "inform-of-refusal") == []
    assert kinds("--account", number, "--due", "--kind", "inform-of-refusal") == []


def test_holders_choose_on_the_command_line_one_thing_at_a_time(
    refused: tuple[Bank, int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, account, _ = refused
    number = str(account & 0xFFFF_FFFF)
    assert run(["notices", "choose", number, "--paper", "--as", str(CLERK)]) == 0
    assert run(["notices", "choose", number, "--medium", "e-mail", "--as", str(CLERK)]) == 1
    assert "adresse e-mail" in capsys.readouterr().err
    assert run(["notices", "choose", number, "--paper", "--medium", "letter", "--as", str(CLERK)]) == 2
    assert run(["notices", "choose", number, "--as", str(CLERK)]) == 2


def test_wrong_names_and_wrong_settings_are_told_to_people(
    refused: tuple[Bank, int, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, name = refused
    assert "names no notice" in told(capsys, "notices", "show", "42", "--lang", "en", code=2)["error"]
    assert "no notice" in told(capsys, "notices", "show", "1-1-1-1", "--lang", "en", code=2)["error"]
    assert run(["notices", "show", name, "--pdf", str(tmp_path / "x.pdf")]) == 2
    settings = tmp_path / "smtp.toml"
    settings.write_text('host = "smtp.example"\nsender = "a@b.example"\nsecurity = "none"\n')
    assert "only this machine" in told(capsys, "notices", "set-up", "--smtp", str(settings), code=2)["error"]
    settings.write_text('host = "smtp.example"\nsender = "a@b.example"\n')
    assert run(["notices", "set-up", "--smtp", str(settings)]) == 0
