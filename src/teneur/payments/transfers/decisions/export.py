"""Messages that a file takes along."""

from collections.abc import Iterable

from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, book_of, refuse
from teneur.payments.transfers.commands import ExportMessages
from teneur.payments.transfers.decisions.asking import is_bank_itself, staff_needs
from teneur.payments.transfers.effects import MessagesExported
from teneur.payments.transfers.message_files import FileMarked


class ExportHandler:
    """ExportMessages: the file's id is written beside each message, so that no other file takes it again."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks. Of the messages nothing: the book's order is what keeps two files apart."""
        return staff_needs(command)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Accepted for messages of the book: whoever takes them along decides what reaches other banks."""
        ask: ExportMessages = command.ask  # type: ignore[assignment]
        if not is_bank_itself(command, facts):
            return refuse("bank-only", ())
        book = book_of(command.subject)
        if not ask.items or any(book_of(account) != book for account, _, _ in ask.items):
            return refuse("unknown-message", ())
        effects = (
            MessagesExported(book, ask.file_id, ask.items),
            FileMarked(book, ask.file_id, ask.message, command.received_at),
        )
        return Decision(Outcome.ACCEPTED, (), effects=effects)
