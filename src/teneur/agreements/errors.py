"""What is wrong with an agreement's files, all of it at once, for the people who wrote them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong: in which file, at which dotted path, what it is, and what to do."""

    file: str
    path: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path or 'whole file'}: {self.what}. {self.remedy}"


class AgreementError(ValueError):
    """The files of an agreement, or an override of it, are refused. `problems` has every reason."""

    def __init__(self, subject: str, problems: tuple[Problem, ...]) -> None:
        self.subject = subject
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n  ".join([f"{subject} is refused, {count}:", *map(str, problems)]))
