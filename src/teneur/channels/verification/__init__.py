"""Verification of payee as a channel: other banks' questions in, settings of our own questions."""
