"""The register of clauses that ships with the program."""

from pathlib import Path
from shutil import copytree

import pytest

from teneur.agreements import register as register_module
from teneur.agreements.register import ClauseKind, Register, RegisterError

COUNTS = {
    "bred-2022-06": 505,
    "bnc-2026-04": 545,
    "sol-cap-2020-10": 126,
    "sol-sms-2023-06": 71,
    "ruling-reims-2024": 134,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the register that a test may spoil."""
    return Path(copytree(Path(register_module.__file__).parent, tmp_path / "register"))


def test_the_five_sources_have_all_their_clauses() -> None:
    register = Register.load()
    assert {agreement: len(register.ids(agreement)) for agreement in register.agreements()} == COUNTS
    assert len(register) == sum(COUNTS.values())


def test_a_clause_is_found_by_its_id_with_all_it_says() -> None:
    clause = Register.load()["BNC-HEAD-1"]
    assert clause.agreement == "bnc-2026-04"
    assert clause.kind is ClauseKind.AUTOMATIC
    assert clause.area == "amendments"
    assert clause.params["effective_from"] == "2026-04-01"
    assert clause.scope == "foundation"


def test_foundation_is_given_168_clauses() -> None:
    assert sum(clause.scope == "foundation" for clause in Register.load()) == 168


def test_an_unknown_id_is_not_in_the_register_and_near_ones_are_named() -> None:
    register = Register.load()
    assert "BRED-PREL-55" not in register
    assert register.get("BRED-PREL-55") is None
    assert "BRED-PREL-5" in register.near("BRED-PREL-55")


def test_an_id_that_stands_twice_is_refused(folder: Path) -> None:
    path = folder / "bnc.jsonl"
    first = path.read_text("utf-8").splitlines()[0]
    path.write_text(path.read_text("utf-8") + first + "\n", "utf-8")
    with pytest.raises(RegisterError, match=r"bnc.jsonl line 546: clause id BNC-HEAD-1 appears twice"):
        Register.load(folder)


def test_a_clause_of_another_source_in_a_file_is_refused(folder: Path) -> None:
    path = folder / "sol-sms.jsonl"
    stray = (folder / "bred.jsonl").read_text("utf-8").splitlines()[0]
    path.write_text(path.read_text("utf-8") + stray + "\n", "utf-8")
    with pytest.raises(RegisterError, match="must begin with SMS-"):
        Register.load(folder)


def test_a_line_with_an_unknown_kind_is_refused_with_its_place(folder: Path) -> None:
    path = folder / "ruling.jsonl"
    path.write_text(path.read_text("utf-8").replace('"kind": "automatic"', '"kind": "magic"', 1), "utf-8")
    with pytest.raises(RegisterError, match=r"ruling.jsonl line 1: .*magic"):
        Register.load(folder)


def test_a_clause_that_no_piece_of_work_has_is_refused(folder: Path) -> None:
    path = folder / "scope.csv"
    path.write_text(path.read_text("utf-8").replace("BRED-PREL-5,foundation\n", ""), "utf-8")
    with pytest.raises(RegisterError, match=r"BRED-PREL-5 has no line in scope\.csv"):
        Register.load(folder)
