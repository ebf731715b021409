"""Decisions on fees."""
