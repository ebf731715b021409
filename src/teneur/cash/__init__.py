"""Cash paid in at the counter."""
