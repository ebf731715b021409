"""The sweep: every rule over every tracked file, and every rule over its own samples."""

import pytest

from tests.sweep.rules import RULES, Rule
from tests.sweep.sources import Source, tracked

BY_NAME = {rule.name: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=BY_NAME)
def test_every_tracked_file_keeps_the_rule(rule: Rule) -> None:
    found = [
        f"{source.path}:{line}: {what}"
        for source in tracked()
        if rule.reads(source.path)
        for line, what in rule.find(source)
    ]
    assert not found, f"{rule.name}, because {rule.reason}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("name", "sample"),
    [(rule.name, sample) for rule in RULES for sample in rule.bad],
    ids=lambda text: text[:40],
)
def test_the_rule_finds_what_breaks_it(name: str, sample: str) -> None:
    rule = BY_NAME[name]
    assert rule.reads(rule.sample_path)
    assert list(rule.find(Source(rule.sample_path, sample)))


@pytest.mark.parametrize(
    ("name", "sample"),
    [(rule.name, sample) for rule in RULES for sample in rule.good],
    ids=lambda text: text[:40],
)
def test_the_rule_leaves_the_rest_alone(name: str, sample: str) -> None:
    rule = BY_NAME[name]
    assert list(rule.find(Source(rule.sample_path, sample))) == []


def test_the_sweep_reads_the_project() -> None:
    paths = {source.path for source in tracked()}
    assert {"README.md", "pyproject.toml", "Makefile", "src/teneur/kernel/commands.py"} <= paths
