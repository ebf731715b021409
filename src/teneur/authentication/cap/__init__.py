"""Codes of a chip card and its reader (EMV CAP): the issuer's side, and a card and reader in software.

Pure: no database, no clock. `docs/cap.md` says what public vectors confirm and what rests on our reading.
"""
