"""Rules of fees: pure functions that cite their clauses."""
