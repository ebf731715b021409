"""Agreements: the banks' texts as typed parameters, and the register of their clauses."""
