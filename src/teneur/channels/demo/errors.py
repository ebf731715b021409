"""What can keep the demonstration from running."""


class MissingProgram(RuntimeError):
    """A third party's program that writes or reads files for the demonstration is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed")
        self.name = name
