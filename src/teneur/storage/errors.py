"""Errors of storage, written for the person who must act: what is wrong, where, and what to do."""


class StorageError(Exception):
    """A machine or a file is not as storage needs it. `what` happened, `where`, and the `remedy` to try."""

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  what to do: {self.remedy}"


class ServerError(StorageError):
    """The embedded server cannot be prepared, started or stopped."""


class ConnectionRefusedByServer(StorageError):
    """No session could be opened on the database."""


class MigrationError(StorageError):
    """The migrations on disk and those recorded in the database do not agree, or one failed."""


class QueryFileError(StorageError):
    """A file of named SQL is not well formed."""
