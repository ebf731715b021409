"""A seeded simulator of the bank against a small pure model: same seed, same run."""
