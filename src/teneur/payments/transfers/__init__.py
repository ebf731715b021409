"""Transfers: internal, SEPA, instant, local, SEPA COM Pacifique and international, sent and received."""
