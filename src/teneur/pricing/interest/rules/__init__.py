"""The clauses on interest, one rule a function. Pure: values in, values out."""
