"""Which clauses count as implemented and tested."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from teneur.agreements import coverage
from teneur.agreements.agreement import Agreements
from teneur.agreements.coverage import (
    CodePlace,
    ParameterPlace,
    TestReport,
    by_scope,
    hashed_files,
    plain,
    standings,
    summary,
    tree_hash,
    unknown_clauses,
)
from teneur.agreements.register import ClauseKind, Register
from tests.support.coverage_plugin import write_report
from tests.support.planted import CHECKOUT, Planted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose report says that three clauses were asserted, one badly, one without any code."""
    planted = Planted(tmp_path)
    planted.write("src/code.py", "X = 1\n")
    (tmp_path / "build").mkdir()
    tested = {"BNC-HEAD-1": ["t::good"], "BNC-SCOPE-6": ["t::good"], "RULING-1": ["t::early"]}
    write_report(tmp_path, TestReport(tree_hash(tmp_path), tested, {"BNC-SCOPE-6": ["t::bad"]}))
    return tmp_path


def test_a_clause_knows_its_functions_parameters_and_tests(root: Path, agreements: Agreements) -> None:
    standing = standings(root, agreements)["BNC-HEAD-1"]
    place = next(p for p in standing.functions if p.function == "teneur.agreements.rules.edition_in_force")
    assert place.line > 0
    assert place.file.endswith("teneur/agreements/rules.py")
    wanted = ParameterPlace("bnc-2026-04/agreement.toml", "effective_from", "2026-04-01", "document")
    assert wanted in standing.parameters
    assert standing.tests == ("t::good",)
    assert standing.implemented
    assert standing.tested


def test_tested_needs_code_and_no_failing_test(root: Path, agreements: Agreements) -> None:
    every = standings(root, agreements)
    assert every["BNC-SCOPE-6"].implemented
    assert not every["BNC-SCOPE-6"].tested
    assert every["RULING-1"].tests == ("t::early",)
    assert every["RULING-1"].tested == every["RULING-1"].implemented


def test_a_stale_report_counts_for_nothing(root: Path, agreements: Agreements) -> None:
    (root / "src" / "code.py").write_text("X = 2\n", "utf-8")
    every = standings(root, agreements)
    assert not any(standing.tests for standing in every.values())
    assert all(
        counts["tested"] == 0
        for source in summary(every)["agreements"].values()
        for kinds in source["areas"].values()
        for counts in kinds.values()
    )


def test_the_summary_has_every_clause_once_and_is_json(root: Path, agreements: Agreements) -> None:
    every = standings(root, agreements)
    whole = json.loads(json.dumps(summary(every)))
    register = Register.load()
    assert list(whole["agreements"]) == list(register.agreements())
    for agreement, source in whole["agreements"].items():
        ids = source["tested_ids"] + source["untested_ids"]
        assert sorted(ids) == sorted(register.ids(agreement))
        counts = [kinds[kind] for kinds in source["areas"].values() for kind in ClauseKind]
        assert sum(c["rules"] for c in counts) == len(ids)
        assert sum(c["tested"] for c in counts) == len(source["tested_ids"])
        assert all(c["tested"] <= c["implemented"] <= c["rules"] for c in counts)
    assert whole["agreements"]["bnc-2026-04"]["tested_ids"] == ["BNC-HEAD-1"]
    assert whole["agreements"]["bnc-2026-04"]["areas"]["amendments"]["automatic"]["tested"] == 1
    assert list(summary(every, "bnc-2026-04")["agreements"]) == ["bnc-2026-04"]
    with pytest.raises(KeyError):
        summary(every, "bnp")


def test_one_clause_as_plain_values_is_json(root: Path, agreements: Agreements) -> None:
    shown = json.loads(json.dumps(plain(standings(root, agreements)["BNC-HEAD-1"])))
    assert shown["id"] == "BNC-HEAD-1"
    assert shown["kind"] == "automatic"
    assert shown["params"] == {"effective_from": "2026-04-01"}
    assert shown["tested"] is True
    assert {"function", "file", "line"} == set(shown["functions"][0])


def test_a_piece_of_work_is_counted_by_its_scope(root: Path, agreements: Agreements) -> None:
    foundation = by_scope(standings(root, agreements), "foundation")
    assert foundation["rules"] == 168
    assert foundation["tested"] == 1
    assert len(foundation["untested_ids"]) == 167


def test_every_clause_that_the_code_cites_is_in_a_register() -> None:
    assert unknown_clauses() == {}


def test_the_hash_sees_names_and_contents_and_nothing_derived(tmp_path: Path) -> None:
    planted = Planted(tmp_path)
    code = planted.write("src/code.py", "X = 1\n")
    before = tree_hash(tmp_path)
    (tmp_path / "src" / "__pycache__").mkdir()
    planted.write("src/__pycache__/code.pyc", "derived")
    planted.write("src/.hidden", "editor")
    planted.write("README.md", "text")
    assert tree_hash(tmp_path) == before
    code.rename(tmp_path / "src" / "edoc.py")
    renamed = tree_hash(tmp_path)
    planted.write("src/edoc.py", "X = 2\n")
    assert len({before, renamed, tree_hash(tmp_path)}) == 3


def test_the_hash_covers_what_version_control_has() -> None:
    if not (CHECKOUT / ".git").exists():
        assert hashed_files(CHECKOUT)  # a source archive has no list to compare with
        return
    command = ["git", "-C", str(CHECKOUT), "ls-files", "-z", "src", "tests"]
    listed = subprocess.run(command, check=True, capture_output=True, env=dict(os.environ)).stdout
    tracked = {name for name in listed.decode().split("\0") if name and (CHECKOUT / name).is_file()}
    assert tracked <= set(hashed_files(CHECKOUT))


def test_the_place_of_a_broken_function_is_that_of_the_one_it_wraps() -> None:
    from teneur.agreements.rules import edition_in_force
    from teneur.kernel.breaking import break_function

    place = coverage._place(break_function(edition_in_force), CHECKOUT)
    assert place == CodePlace(
        "teneur.agreements.rules.edition_in_force", "src/teneur/agreements/rules.py", place.line
    )


def test_a_clause_that_only_an_uncalled_function_cites_is_not_implemented(
    root: Path, agreements: Agreements, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standings(root, agreements)["BNC-6.1.3.5-7"]
    assert before.implemented
    names = frozenset(place.function for place in before.functions)
    monkeypatch.setattr(coverage, "uncalled", lambda: names)
    after = standings(root, agreements)["BNC-6.1.3.5-7"]
    assert (after.functions, after.parameters) == ((), before.parameters)
    assert after.implemented is bool(before.parameters)
