"""`teneur bench`: how fast whole transfers are stored, against a bare COPY of their rows in the same run."""
