"""The mutation check finds a planted thin test, and lets a planted honest one pass."""

from pathlib import Path

import pytest

from teneur.agreements.coverage import standings
from tests.mutants.__main__ import Fate, Mutant, Site, choose, judge, mutants_of, verdict_of
from tests.support.planted import Planted

RULES = """
    from datetime import date, timedelta

    from teneur.kernel.rules import rule

    @rule("BRED-1.1-8")
    def due_on(day: date) -> date:
        return day + timedelta(days=1)
"""
TESTS = """
    from datetime import date

    import pytest
    from planted_rules import due_on
    from teneur.agreements.loader import load_agreements

    @pytest.mark.asserts("BRED-1.1-8")
    def test_honest():
        assert due_on(date(2026, 4, 1)) == date(2026, 4, 2)

    @pytest.mark.asserts("BRED-1.1-8")
    def test_thin():
        assert isinstance(due_on(date(2026, 4, 1)), date)

    @pytest.mark.asserts("BNC-6.1.1.1-11")
    def test_honest_about_a_parameter():
        assert load_agreements()["bnc-2026-04"].cash.revocable.value is False

    @pytest.mark.asserts("BNC-6.1.1.1-11")
    def test_thin_about_a_parameter():
        assert load_agreements()["bnc-2026-04"].cash.revocable.value in (True, False)
"""
FILE = "tests/test_planted.py"


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    project = Planted(tmp_path)
    project.write("src/planted_rules.py", RULES)
    project.write(FILE, TESTS)
    monkeypatch.setenv("PYTHONPATH", project.environment()["PYTHONPATH"])
    return project


@pytest.mark.parametrize(
    ("site", "clause", "test", "fate"),
    [
        (Site.FUNCTIONS, "BRED-1.1-8", "test_honest", Fate.NOTICED),
        (Site.FUNCTIONS, "BRED-1.1-8", "test_thin", Fate.SURVIVED),
        (Site.PARAMETERS, "BNC-6.1.1.1-11", "test_honest_about_a_parameter", Fate.NOTICED),
        (Site.PARAMETERS, "BNC-6.1.1.1-11", "test_thin_about_a_parameter", Fate.SURVIVED),
    ],
)
def test_a_thin_test_lets_the_break_survive(
    planted: Planted, site: Site, clause: str, test: str, fate: Fate
) -> None:
    verdict = judge(Mutant(clause, site, (f"{FILE}::{test}",)), planted.root)
    assert verdict.fate is fate, verdict.reason
    assert test in verdict.reason


def test_one_honest_test_among_thin_ones_is_enough(planted: Planted) -> None:
    tests = (f"{FILE}::test_thin", f"{FILE}::test_honest")
    assert judge(Mutant("BRED-1.1-8", Site.FUNCTIONS, tests), planted.root).fate is Fate.NOTICED


def test_a_test_that_does_not_exist_proves_nothing(planted: Planted) -> None:
    verdict = judge(Mutant("BRED-1.1-8", Site.FUNCTIONS, (f"{FILE}::test_gone",)), planted.root)
    assert verdict.fate is Fate.UNSOUND
    assert "pytest ended with 4" in verdict.reason


def test_a_program_that_no_longer_loads_is_noticed_and_another_crash_is_not() -> None:
    mutant = Mutant("BRED-1.1-8", Site.FUNCTIONS, ())
    fate, reason = verdict_of(2, "E   TypeError: broken\nERROR tests/x.py", mutant)
    assert fate is Fate.NOTICED
    assert "TypeError" in reason
    assert verdict_of(2, "!!! KeyboardInterrupt !!!", mutant)[0] is Fate.UNSOUND
    assert verdict_of(5, "no tests ran", mutant)[0] is Fate.UNSOUND


def test_the_share_is_random_by_seed_and_in_order() -> None:
    clauses = [f"BRED-{n}" for n in range(50)]
    chosen = choose(clauses, 0.2, seed=7)
    assert len(chosen) == 10
    assert chosen == choose(clauses, 0.2, seed=7)
    assert chosen != choose(clauses, 0.2, seed=8)
    assert chosen == [clause for clause in clauses if clause in chosen]
    assert choose(clauses, 1.0, seed=1) == clauses
    assert len(choose(clauses[:2], 0.2, seed=1)) == 1
    assert choose([], 0.2, seed=1) == []


def test_functions_and_parameters_of_a_clause_are_broken_apart(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    every = standings(tmp_path)
    assert [m.site for m in mutants_of(every["BNC-HEAD-1"])] == [Site.FUNCTIONS, Site.PARAMETERS]
    assert [m.site for m in mutants_of(every["BNC-SCOPE-5"])] == [Site.FUNCTIONS]
    assert mutants_of(every["SMS-PRE-1"]) == []
