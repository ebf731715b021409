"""Rules of amendments: notice, silence, objection; the contract as a set; what covers a service."""
