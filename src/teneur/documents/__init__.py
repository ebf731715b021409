"""Pages that leave the bank: one place that turns plain values into accessible, reproducible PDF."""
