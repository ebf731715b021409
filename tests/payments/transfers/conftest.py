"""A bank for each test."""

from collections.abc import Iterator

import pytest
from tests.support.bank import open_bank

from teneur.bank import Bank
from teneur.storage.database import Dsn


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """Staff at work, one book with euros and Pacific francs."""
    with open_bank(database) as opened:
        yield opened
