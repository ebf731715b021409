"""A bank with one book, and another with two."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection
from tests.conftest import Databases
from tests.support.ledger import Bank, superuser_of

from teneur.storage.database import Dsn


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """Book 1, with its own accounts in euro and Pacific franc."""
    opened = Bank(database)
    opened.open_books(1)
    yield opened
    opened.close()


@pytest.fixture
def two_books(database: Dsn) -> Iterator[Bank]:
    """Books 1 and 2, with transit accounts to each other."""
    opened = Bank(database)
    opened.open_books(1, 2)
    yield opened
    opened.close()


@pytest.fixture
def superuser(database: Dsn, databases: Databases) -> Iterator[Connection[Any]]:
    """Someone who may do to the database what no program of ours may."""
    with superuser_of(databases.superuser_url, database) as connection:
        yield connection
