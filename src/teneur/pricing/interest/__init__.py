"""Interest by the method of numbers: quarterly closings, rates and indexes, corrections, effective rates."""
