"""Decisions on amendments and on new services."""
