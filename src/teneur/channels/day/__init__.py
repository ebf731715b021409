"""The bank's day: a date closes and the next one opens, as one job that may be killed and begun again."""
