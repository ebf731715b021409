"""Kill the program and PostgreSQL under load, and see whether anything was lost or doubled."""
