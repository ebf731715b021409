"""Values that everything else is made of: money, time, identifiers, rules, commands and decisions. No I/O."""
