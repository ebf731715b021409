"""ISO 20022 messages as a bank reads and writes them: bytes on one side, frozen typed structs on the other.

No database and no engine here: who turns a message into commands imports these modules, never the other way
round.
"""
