"""Doors of the bank: the command line, files, and the bank's own day."""
