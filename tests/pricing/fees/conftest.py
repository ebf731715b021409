"""A bank that is open, for the tests of this folder."""

from tests.support.bank import bank

__all__ = ["bank"]
