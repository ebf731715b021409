"""Overdrafts: authorisations as dated history, days in debit, excess, demand, over-indebtedness."""
