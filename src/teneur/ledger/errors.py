"""What can go wrong in the engine. A refusal is never here: it is an Answer.

LedgerError
├── BrokenDecision    a decision asked for what the books forbid: a broken program; nothing was stored
├── CommandFailed     deciding one command raised; the others of its batch were not affected
├── OutcomeUnknown    the connection was lost while storing: ask again with the same key
└── BookBusy          the book is kept by a sole writer, or too many writers collide: try again
"""

from typing import Self

from teneur.kernel.commands import Command


class LedgerError(Exception):
    """Base of the engine's errors."""


class BrokenDecision(LedgerError):
    """A decision that would break the books: an unknown account, two currencies, money that is not there."""


class CommandFailed(LedgerError):
    """Deciding this command raised an error of the program; its cause is attached. Nothing of it was
    stored."""

    @classmethod
    def of(cls, command: Command, error: Exception) -> Self:
        """What came of a command, because of what its decision raised."""
        failed = cls(f"deciding {type(command.ask).__name__} {command.key.hex()} raised {error!r}")
        failed.__cause__ = error
        return failed


class OutcomeUnknown(LedgerError):
    """The connection broke before the answer: the command may or may not be stored. Send it again with the
    same key."""


class BookBusy(LedgerError):
    """The book could not be written: another writer keeps it. Nothing was stored; try again."""
