"""The check that cannot be fooled: break the code of a clause, and a test that asserts it must fail."""
