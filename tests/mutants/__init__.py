"""The check that cannot be fooled: break what carries a clause, and a test that asserts it must fail."""
