"""Decisions about transfers, one module a step in the life of an order."""
