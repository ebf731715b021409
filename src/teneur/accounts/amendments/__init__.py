"""Amendments: the contract as a set of dated documents, new editions after notice, new services."""
