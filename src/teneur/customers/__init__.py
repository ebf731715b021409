"""Persons whom the bank knows, and the staff who act for it."""
