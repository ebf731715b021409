"""What keeping the account costs and shows: statements."""
