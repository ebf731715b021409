"""Checks that take long or need more than the project's own environment; `make check-long` runs them."""
