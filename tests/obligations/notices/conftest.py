"""A bank that is open, and a mail server beside it, for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.obligations.notices.making import MailServer, mail_server
from tests.support.bank import bank

__all__ = ["bank", "server"]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server on this machine, without encryption."""
    with mail_server() as running:
        yield running
