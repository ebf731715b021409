"""The register of duties: what is owed to whom by when, by which clause, and what discharged it."""
