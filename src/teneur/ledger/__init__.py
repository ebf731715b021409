"""The journal: log, ledger, idempotency keys and leaves of evidence in one append-only table, and the engine
that writes it."""
