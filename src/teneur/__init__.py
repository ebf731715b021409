"""Teneur keeps deposit accounts by running the bank's own account agreement."""
