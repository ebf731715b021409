"""A bank that is open, and the terms of both agreements."""

import pytest

from teneur.agreements.agreement import Agreement
from teneur.bank import shipped_agreements
from tests.support.bank import bank

__all__ = ["bank"]


@pytest.fixture
def bred() -> Agreement:
    return shipped_agreements()["bred-2022-06"]


@pytest.fixture
def bnc() -> Agreement:
    return shipped_agreements()["bnc-2026-04"]
