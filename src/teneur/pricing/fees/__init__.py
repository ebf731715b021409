"""Fees: the tariff, what the law caps, prior notice, collection, the yearly summary."""
