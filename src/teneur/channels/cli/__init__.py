"""The command line: `teneur`."""
