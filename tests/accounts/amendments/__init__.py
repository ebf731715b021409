"""Amendments: from the draft to the application."""
