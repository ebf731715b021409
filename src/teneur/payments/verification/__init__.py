"""Verification of payee between banks: asking other banks, and answering them from our books."""
