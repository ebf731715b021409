"""`teneur bench`: how fast whole transfers are stored, against a bare COPY of the very same rows in the same run."""
