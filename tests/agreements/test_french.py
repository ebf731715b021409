"""What clauses say in French: complete for the code, plain, and set as French is set."""

import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from teneur.agreements import register as register_module
from teneur.agreements.coverage import standings
from teneur.agreements.register import FRENCH, Clause, Register, RegisterError
from teneur.agreements.terms.agreement import PartyKind
from teneur.agreements.terms.transfers import CutOff, CutOffKind
from teneur.agreements.values import written
from teneur.channels.cli.main import run
from teneur.channels.explain import clause_note
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import Boundary
from teneur.kernel.money import Language

LONGEST, USUAL = 230, 200  # characters; a sentence is read in one go
ENGLISH = re.compile(
    r"\b(the|of|and|or|to|by|is|are|be|been|must|may|if|when|with|from|not|no|any|each|its|it|this|that"
    r"|account|bank|customer|transfer|order|fee|payee|payer|business|cannot|only|before|after|until)\b",
    re.IGNORECASE,
)
UNUSUAL = re.compile(r"['\"`]|\.\.\.|[^\S \u00a0]|  |[^.]$")
UNGLUED = re.compile(r"[^\u00a0][;?!»]|«[^\u00a0]|[^\u00a0]:|\d [a-zé\d]|\b[Aa]rticles? [L\d]")
FRENCH_CLAUSES = [clause for clause in Register.load() if clause.french]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the register that a test may spoil."""
    return Path(copytree(Path(register_module.__file__).parent, tmp_path / "register"))


def faults(sentence: str) -> list[str]:
    """What is wrong with a sentence; empty when it is set as French is set."""
    found = [f"English: {word}" for word in ENGLISH.findall(sentence)]
    found += [f"unusual: {m.group()!r}" for m in UNUSUAL.finditer(sentence)]
    found += [f"may break: {m.group()!r}" for m in UNGLUED.finditer(sentence)]
    if not sentence[:1].isupper():
        found.append("begins small")
    if len(sentence) > LONGEST:
        found.append(f"{len(sentence)} characters")
    return found


def test_every_clause_that_the_code_cites_has_a_french_sentence() -> None:
    cited = [standing.clause for standing in standings().values() if standing.implemented]
    assert len(cited) > 150
    assert [clause.id for clause in cited if not clause.french] == []


def test_every_clause_of_the_foundation_has_a_french_sentence() -> None:
    assert [c.id for c in Register.load() if c.scope == "foundation" and not c.french] == []


@pytest.mark.parametrize("clause", FRENCH_CLAUSES, ids=lambda clause: clause.id)
def test_a_sentence_is_french_short_and_set_as_french_is_set(clause: Clause) -> None:
    assert faults(clause.french) == []


def test_nearly_all_sentences_are_shorter_than_the_longest_allowed() -> None:
    long = [clause.id for clause in FRENCH_CLAUSES if len(clause.french) > USUAL]
    assert len(long) <= len(FRENCH_CLAUSES) // 10, long


def test_sentences_speak_of_the_customer_not_to_him() -> None:
    spoken_to = re.compile(r"\b(vous|votre|vos|nous|Client|Banque)\b")
    assert [c.id for c in FRENCH_CLAUSES if spoken_to.search(c.french)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "La banque must refuser.",
        "L'ordre est refusé.",
        "Deux plafonds : un par opération.",
        "Le service « e-Documents » suffit.",
        "L’ordre est reçu jusqu’à 12 h.",
        "le client signe.",
        "Le client signe",
        "Selon l’article L133-1.",
        f"Le client signe{'e' * LONGEST}.",
    ],
)
def test_the_check_finds_what_it_is_for(sentence: str) -> None:
    assert faults(sentence) != []


def test_numbers_of_the_rule_stand_in_the_sentence() -> None:
    register = Register.load()
    for clause, numbers in {
        "BRED-A5-T-8": ("11", "30"),
        "BRED-A5-T-13": ("14", "45"),
        "BRED-A3-3.2.3-4": ("25",),
        "BRED-A3-3.2.2-1": ("4",),
        "BRED-A1-1.1.1-3": ("300",),
        "BNC-6.1.3.6-9": ("5",),
    }.items():
        assert tuple(re.findall(r"\d+", register[clause].french))[: len(numbers)] == numbers


def test_a_clause_speaks_the_language_asked_for() -> None:
    clause = Register.load()["BRED-3.1-17"]
    assert clause.sentence(Language.FRENCH).startswith("Un ordre refusé est réputé non reçu")
    assert clause.sentence(Language.ENGLISH) == clause.rule


def test_a_clause_without_a_french_sentence_is_shown_in_english() -> None:
    clause = next(clause for clause in Register.load() if not clause.french)
    assert clause.sentence(Language.FRENCH) == clause.rule


def test_the_clause_of_an_explanation_speaks_the_language_asked_for() -> None:
    clause = Register.load()["BNC-6.1.3.5-9"]
    assert clause_note(clause.id).rule == clause.french
    assert clause_note(clause.id, Language.ENGLISH).rule == clause.rule


def test_the_command_shows_a_clause_in_french_and_keeps_the_register_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    clause = Register.load()["BRED-A5-T-1"]
    assert run(["clauses", clause.id]) == 0
    shown = capsys.readouterr().out
    assert clause.french in shown
    assert "Registre (anglais)" in shown
    assert "= 12:00 (inclusive) (document)" in shown
    assert "CutOff" not in shown


def test_the_command_shows_a_clause_in_english_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    clause = Register.load()["BRED-A5-T-1"]
    assert run(["--lang", "en", "clauses", clause.id]) == 0
    shown = capsys.readouterr().out
    assert clause.rule in shown
    assert clause.french not in shown
    assert f"Effect      {clause.effect}" in shown


def test_a_sentence_for_a_clause_that_does_not_exist_is_refused(folder: Path) -> None:
    path = folder / FRENCH
    path.write_text(path.read_text("utf-8") + '"BRED-9.9-9" = "Rien."\n', "utf-8")
    with pytest.raises(RegisterError, match=r"french.toml: no register has the clause id BRED-9.9-9"):
        Register.load(folder)


def test_a_sentence_given_twice_is_refused(folder: Path) -> None:
    path = folder / FRENCH
    path.write_text(path.read_text("utf-8") + '"BRED-PREL-1" = "Rien."\n', "utf-8")
    with pytest.raises(RegisterError, match=r"french.toml: .*CLAUSE-ID"):
        Register.load(folder)


def test_a_table_instead_of_a_sentence_is_refused(folder: Path) -> None:
    path = folder / FRENCH
    path.write_text(path.read_text("utf-8") + '[BRED]\n3 = "Rien."\n', "utf-8")
    with pytest.raises(RegisterError, match=r"french.toml: .*CLAUSE-ID"):
        Register.load(folder)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (CutOff(CutOffKind.TIME, time(12)), "12:00 (inclusive)"),
        (CutOff(CutOffKind.TIME, time(0), Boundary.STRICT), "00:00 (strict)"),
        (CutOff(CutOffKind.BRANCH_CLOSING), "branch-closing (inclusive)"),
        ((PartyKind.NATURAL_PERSON,), "natural-person"),
        (frozenset({Channel.REMOTE, Channel.BRANCH}), "branch, remote"),
        (time(16, 30), "16:30"),
        (time(16, 30, 5), "16:30:05"),
        (date(2026, 4, 1), "2026-04-01"),
        (Decimal("8.38"), "8.38"),
        (True, "true"),
        (None, "none"),
        (500_000, "500000"),
    ],
)
def test_a_value_is_shown_as_its_file_writes_it(value: object, text: str) -> None:
    assert written(value) == text


def test_values_of_parameters_are_shown_without_names_of_python() -> None:
    places = [place for standing in standings().values() for place in standing.parameters]
    assert places
    assert [p.value for p in places if re.search(r"[<>(]\w*[A-Z]\w*[.=]|\w+\(\w+=|datetime\.", p.value)] == []
