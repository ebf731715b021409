"""The demonstration: a small bank through Christmas and New Year, under two agreements, on real input."""
