"""A bank that has a later edition of each agreement in its drawer."""

from collections.abc import Iterator

import pytest

from teneur.bank import Bank
from teneur.storage.database import Dsn
from tests.accounts.amendments.making import NOW, drawer
from tests.support.bank import open_bank


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database, at=NOW, agreements=drawer()) as opened:
        yield opened
