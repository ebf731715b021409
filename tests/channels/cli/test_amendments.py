"""Amendments on the command line: a campaign from its plan to its application, the contract, a service."""

import json
from typing import Any

import pytest

from teneur.agreements.agreement import Agreements
from teneur.channels import settings
from teneur.channels.cli.main import run
from teneur.storage.database import Dsn
from tests.accounts.amendments.making import drawer


class Line:
    """A terminal on which `teneur` runs against one database."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        found = run(words)
        out, err = self._capsys.readouterr()
        assert found == code, out + err
        return out + err

    def json(self, *words: str, code: int = 0) -> Any:
        self._capsys.readouterr()
        found = run([*words, "--json"])
        out, err = self._capsys.readouterr()
        assert found == code, out + err
        return json.loads(out)


@pytest.fixture
def teneur(empty_database: Dsn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    """A bank on 15 October 2026 with the next edition of its agreement in the drawer; two accounts."""
    editions: Agreements = drawer()
    monkeypatch.setattr(settings, "shipped_agreements", lambda: editions)
    monkeypatch.setenv("TENEUR_DATABASE_URL", empty_database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", empty_database.owner)
    monkeypatch.setenv("COLUMNS", "180")
    line = Line(capsys)
    line("init", "--clock", "simulated:2026-10-15T09:00")
    for name, role in (("Chloé", "clerk"), ("David", "adviser"), ("Farid", "back-office")):
        line("staff", "add", name, "--role", role, "--as=-1", "--approved-by=-2")
    for first in ("Jeanne", "Paul"):
        line("customer", "add", "--surname", "Martin", "--first-names", first, "--born", "29/02/1980",
             "--town", "Paris", "--as=-3")  # fmt: skip
    for person in ("1", "2"):
        line("account", "open", "--holder", person, "--series", "bred-account", "--as=-4")
    return line


PLAN = ("amendment", "plan", "--series", "bred-account", "--agreement", "bred-2027-01", "--summary",
        "Le virement instantané change.", "--as=-5", "--approved-by=-4")  # fmt: skip
JEANNE, PAUL = "1/1000000", "1/1000001"


def test_a_campaign_goes_from_its_plan_to_the_contract_of_each_account(teneur: Line) -> None:

    refused = teneur.json(*PLAN, "--from", "2026-12-31", code=1)
    assert refused["reason"] == "unknown-edition"
    campaign = str(teneur.json(*PLAN, "--from", "2027-01-15")["amendment"])
    letter = ("--sent-on", "2026-10-14", "--reference", "pli 9", "--as=-3")
    told = teneur.json("amendment", "notify", campaign, JEANNE, *letter)
    assert told["decided"]["applies_on"] == "2027-01-15"
    assert teneur.json("amendment", "notify", campaign, "--as=-5") == {
        "amendment": int(campaign), "done": 1, "refused": 0,
    }  # fmt: skip
    assert teneur.json("amendment", "notify", campaign, "--as=-5")["done"] == 0
    (shown,) = teneur.json("amendment", "show")["amendments"]
    assert shown["accounts"] == {"told": 2}
    object_ = ("amendment", "object", campaign, PAUL, "--holder", "2", "--as=-3")
    teneur.json(*object_, "--leave")
    (of_paul,) = teneur.json("amendment", "show", PAUL)["amendments"]
    assert (of_paul["answer"], of_paul["status"]) == ("leaves", "told")
    assert "convention résiliée" in teneur("amendment", "show", PAUL)
    teneur("day", "advance", "--to", "2027-01-15")
    (after,) = teneur.json("amendment", "show")["amendments"]
    assert after["accounts"] == {"accepted-tacitly": 1, "leaves": 1}
    contract = teneur.json("account", "contract", JEANNE)["contract"]
    assert (contract[0]["id"], contract[0]["since"], contract[0]["amendment"]) == (
        "bred-2027-01",
        "2027-01-15",
        int(campaign),
    )
    before = teneur.json("account", "contract", JEANNE, "--on", "2027-01-14")["contract"]
    assert before[0]["id"] == "bred-2022-06"
    text = teneur("account", "contract", JEANNE)
    assert f"modification {campaign}" in text
    assert "Conditions tarifaires" in text
    teneur("account", "contract", JEANNE, "--on", "2020-01-01", code=2)


def test_a_campaign_is_withdrawn_and_one_of_two_kinds_must_be_named(teneur: Line) -> None:
    campaign = str(teneur.json(*PLAN, "--from", "2027-01-15")["amendment"])
    teneur("amendment", "withdraw", campaign, "--reason", "Reporté", "--as=-5")
    assert "retirée" in teneur("amendment", "show")
    both = ("--tariff", "2027-02-01", "--from", "2027-02-01")
    assert "--agreement" in teneur(*PLAN, *both, code=2)
    teneur("amendment", "object", campaign, JEANNE, "--holder", "1", "--leave", "--service", "x", "--as=-3",
           code=2)  # fmt: skip


def test_a_service_needs_a_contract_and_the_refusal_says_so(teneur: Line) -> None:
    words = ("account", "service", JEANNE, "file-transmission", "--holder", "1", "--as=-4")
    assert "convention à part" in teneur(*words, code=1)
    assert teneur.json(*words, code=1)["citations"] == ["BRED-3.1-3"]
    done = teneur.json(*words, "--document", "TT-8")
    assert done["decided"]["covered_by"] == "TT-8"
    assert "Activation d’un service" in teneur("explain", done["operation"])
    assert teneur.json("account", "contract", JEANNE)["contract"][-1]["version"] == "TT-8"
