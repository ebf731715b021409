"""`@asserts("CLAUSE-ID")`: this test asserts the effect of the clause. `teneur clauses` counts only what
passed."""

from collections.abc import Callable
from typing import Any

import pytest


def asserts(*clauses: str) -> Callable[[Any], Any]:
    """Mark a test (or a class of tests) as asserting the effect of these clauses of the register."""
    return pytest.mark.asserts(*clauses)
