"""Means of payment: transfers, and later direct debits, cheques, cards."""
