"""PostgreSQL: the embedded server, connections, roles, named SQL and migrations; nothing of accounts."""
