"""Decisions on overdrafts, one module a stage of their life."""
