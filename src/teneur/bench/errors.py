"""Why a measurement is not made, or not believed."""


class BenchError(Exception):
    """Said to whoever asked for the measurement: what was wrong, and what to do."""
