"""The report of clauses that a test run writes: honest about what passed, and on which tree."""

from pathlib import Path

import pytest

from teneur.agreements.coverage import REPORT, TestReport, present_report, read_report, tree_hash
from tests.support.planted import Planted

TESTS = """
    import pytest

    @pytest.mark.asserts("BRED-PREL-5", "BNC-DEF-3")
    def test_good():
        assert True

    @pytest.mark.asserts("BRED-8-1")
    def test_bad():
        assert False

    @pytest.mark.asserts("BRED-1.1-8")
    @pytest.mark.skip
    def test_skipped():
        assert False

    @pytest.mark.asserts("BRED-5.3-1")
    @pytest.mark.xfail
    def test_expected_to_fail():
        assert False

    @pytest.fixture
    def falls_down():
        yield
        raise ValueError("too late")

    @pytest.mark.asserts("BRED-5.1-1")
    def test_torn_down_badly(falls_down):
        assert True

    @pytest.mark.asserts("BRED-PREAMB-1")
    class TestAll:
        @pytest.mark.parametrize("n", [1, 2])
        @pytest.mark.asserts("BRED-PREAMB-4")
        def test_each(self, n):
            assert n

    def test_that_asserts_no_clause():
        assert True
"""
GOOD = "tests/test_planted.py::test_good"
BAD = "tests/test_planted.py::test_bad"
TORN = "tests/test_planted.py::test_torn_down_badly"
EACH = [f"tests/test_planted.py::TestAll::test_each[{n}]" for n in (1, 2)]
WHOLE_TESTED = {"BNC-DEF-3": [GOOD], "BRED-PREL-5": [GOOD], "BRED-PREAMB-1": EACH, "BRED-PREAMB-4": EACH}
WHOLE_FAILED = {"BRED-5.1-1": [TORN], "BRED-8-1": [BAD]}


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    project = Planted(tmp_path)
    project.write("tests/test_planted.py", TESTS)
    return project


def report_of(planted: Planted) -> TestReport:
    report = read_report(planted.root)
    assert report is not None
    return report


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_run_reports_what_passed_and_what_failed(planted: Planted, workers: tuple[str, ...]) -> None:
    planted.pytest(*workers)
    report = report_of(planted)
    assert report.tree_hash == tree_hash(planted.root)
    assert report.tested == WHOLE_TESTED
    assert report.failed == WHOLE_FAILED


def test_runs_on_the_same_tree_add_up(planted: Planted) -> None:
    planted.pytest("-k", "test_good")
    assert report_of(planted).tested == {"BNC-DEF-3": [GOOD], "BRED-PREL-5": [GOOD]}
    planted.pytest("-k", "TestAll or test_bad or test_torn")
    assert report_of(planted).tested == WHOLE_TESTED
    assert report_of(planted).failed == WHOLE_FAILED


def test_a_test_that_fails_later_on_the_same_tree_no_longer_counts(planted: Planted) -> None:
    planted.write("tests/test_moody.py", """
        import os, pytest

        @pytest.mark.asserts("BRED-PREL-5")
        def test_moody():
            assert "MOOD" not in os.environ
    """)  # fmt: skip
    planted.pytest("tests/test_moody.py")
    assert report_of(planted).tested == {"BRED-PREL-5": ["tests/test_moody.py::test_moody"]}
    planted.pytest("tests/test_moody.py", MOOD="bad")
    assert report_of(planted).tested == {}
    assert report_of(planted).failed == {"BRED-PREL-5": ["tests/test_moody.py::test_moody"]}


def test_a_changed_tree_makes_the_report_stale_and_the_next_run_replaces_it(planted: Planted) -> None:
    planted.pytest()
    assert present_report(planted.root).tested == WHOLE_TESTED
    planted.write("src/new.py", "X = 1\n")
    assert present_report(planted.root).tested == {}
    planted.pytest("-k", "test_good")
    assert present_report(planted.root).tested == {"BNC-DEF-3": [GOOD], "BRED-PREL-5": [GOOD]}


def test_a_tree_that_changes_during_the_run_writes_no_report(planted: Planted) -> None:
    planted.write("tests/test_changing.py", """
        import pathlib, pytest

        @pytest.mark.asserts("BRED-PREL-5")
        def test_changing():
            pathlib.Path("src/changed.py").write_text("X = 1")
    """)  # fmt: skip
    done = planted.pytest("tests/test_changing.py")
    assert done.returncode == 0
    assert not (planted.root / REPORT).exists()


@pytest.mark.parametrize("how", ["TENEUR_BREAK_CLAUSE", "TENEUR_BREAK_PARAMETERS"])
def test_a_broken_program_writes_no_report(planted: Planted, how: str) -> None:
    planted.pytest("-k", "test_good", **{how: "BRED-8-1"})
    assert not (planted.root / REPORT).exists()


def test_an_id_that_no_register_has_stops_the_collection(planted: Planted) -> None:
    planted.write("tests/test_typo.py", """
        import pytest

        @pytest.mark.asserts("BRED-PREL-55")
        def test_typo():
            assert True
    """)  # fmt: skip
    done = planted.pytest()
    assert done.returncode != 0
    assert "test_typo asserts 'BRED-PREL-55', which is in no register; near: BRED-PREL-5" in (
        done.stdout + done.stderr
    )
    assert not (planted.root / REPORT).exists()


def test_a_damaged_report_is_no_report(planted: Planted) -> None:
    planted.pytest("-k", "test_good")
    (planted.root / REPORT).write_text("{", "utf-8")
    assert read_report(planted.root) is None
    assert present_report(planted.root).tested == {}
