"""Decisions on interest: closings and corrections, reference rates, value dates."""
