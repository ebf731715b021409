"""The rules of transfers: pure functions beside their clauses. `plan.py` puts them together for one order."""
