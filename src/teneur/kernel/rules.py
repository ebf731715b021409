"""The tie between code and text: a rule function names the clauses it carries out.

`@rule("BRED-7.2.2-1", "BNC-6.2.3.1.a-3")` changes nothing of the function. It records it, so that `teneur
clauses ID` can show the code of a clause and a decision can cite the clauses of the agreement it ran under.
"""

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

CLAUSES_OF: dict[Callable[..., object], tuple[str, ...]] = {}
LAW_OF: dict[Callable[..., object], str] = {}
FUNCTIONS_OF: dict[str, list[Callable[..., object]]] = {}

# Set only by the mutation check: the clause whose functions must answer wrongly, so that a citing test has to
# fail.
_BROKEN_CLAUSE = os.environ.get("TENEUR_BREAK_CLAUSE")


def rule(*clauses: str, law: str = "") -> Callable[[Function], Function]:
    """Declare that the function carries out these clauses (register ids, any number of agreements)."""

    def record(function: Function) -> Function:
        kept = function
        if _BROKEN_CLAUSE in clauses:
            from teneur.kernel.breaking import break_function  # noqa: PLC0415 (only in the mutation check)

            kept = break_function(function)
        CLAUSES_OF[kept] = clauses
        LAW_OF[kept] = law
        for clause in clauses:
            FUNCTIONS_OF.setdefault(clause, []).append(kept)
        return kept

    return record


def clauses_of(function: Callable[..., object]) -> tuple[str, ...]:
    """The clause ids that the function was declared with; empty for a function that carries out none."""
    return CLAUSES_OF.get(function, ())


def unique(clauses: Iterable[str]) -> tuple[str, ...]:
    """The clauses once each, in the order in which they were first named."""
    return tuple(dict.fromkeys(clauses))
