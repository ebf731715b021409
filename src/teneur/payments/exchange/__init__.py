"""Conversion between currencies at the bank's rate, and foreign cash."""
