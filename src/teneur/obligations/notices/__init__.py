"""Notices: what holders must be told, from the decision that says so to the proof that it was sent."""
