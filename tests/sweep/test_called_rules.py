"""Every rule that cites a clause is called by the program: a test alone carries out nothing."""

from textwrap import dedent

import pytest

from teneur.agreements.calls import package_sources, uncalled_rules

RULES = "from teneur.kernel.rules import rule\n"
ALLOWED = '@rule("BRED-1-1")\ndef allowed() -> bool:\n    return True\n'


def idle(**modules: str) -> list[str]:
    """The uncalled rules of a program of these modules, without the package's name."""
    sources = {f"teneur.{name}": RULES + dedent(text) for name, text in modules.items()}
    return [name.removeprefix("teneur.") for name in uncalled_rules(sources)]


def test_the_program_calls_every_rule() -> None:
    found = uncalled_rules(package_sources())
    assert found == [], (
        "these functions cite clauses and nothing that runs calls them; have the program call them, or "
        f"delete them and let what really runs cite the clause: {found}"
    )


@pytest.mark.parametrize(
    "program",
    [
        "from teneur.rules import allowed\nX = allowed()",
        "from teneur import rules\nX = rules.allowed()",
        "from teneur import rules as r\nX = list(filter(r.allowed, ()))",
        "from teneur.rules import allowed\ndef f(): return allowed()\nX = f",
        "from teneur.rules import allowed\nclass A:\n    def f(self): return allowed()\nX = A()",
        "import click\nfrom teneur.rules import allowed\n@click.command()\ndef f(): allowed()",
        """
        from teneur.rules import allowed
        @rule("BRED-1-2")
        def other(): return allowed()
        X = other()
        """,
    ],
)
def test_a_rule_is_called_by_what_runs(program: str) -> None:
    assert idle(rules=ALLOWED, program=program) == []


@pytest.mark.parametrize(
    "program",
    [
        "X = 1",
        "from teneur.rules import allowed",
        "from teneur.rules import allowed\nX = agreement.cite(allowed)",
        "from teneur.rules import allowed\nX = {'reason': (allowed,)}",
        "from teneur.rules import allowed\ndef never(): return allowed()",
        "from teneur.rules import allowed\nclass Never:\n    def f(self): return allowed()",
        "from teneur.rules import allowed\ndef f(allowed): return g(allowed)\nX = f(1)",
    ],
)
def test_a_mention_is_no_call_and_what_never_runs_calls_nothing(program: str) -> None:
    assert idle(rules=ALLOWED, program=program) == ["rules.allowed"]


def test_rules_that_only_call_each_other_are_found_together() -> None:
    program = """
    @rule("BRED-1-1")
    def first(n): return second(n)
    @rule("BRED-1-2")
    def second(n): return first(n)
    """
    assert idle(rules=program) == ["rules.first", "rules.second"]


def test_a_rule_does_not_run_by_calling_itself() -> None:
    assert idle(rules='@rule("BRED-1-1")\ndef f(n): return f(n - 1)') == ["rules.f"]
