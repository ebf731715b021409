"""Every tracked file of the project, read once."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXTS = {".py", ".sql", ".md", ".toml", ".typ", ".csv", ".json", ".txt", ""}


@dataclass(frozen=True)
class Source:
    """A file: its path from the root of the project, and its text."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in the syntax tree of a Python file."""
        return list(ast.walk(ast.parse(self.text)))

    @property
    def module(self) -> str:
        """`teneur.kernel.money` for src/teneur/kernel/money.py."""
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tracked() -> tuple[Source, ...]:
    """The text files that git tracks."""
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [ROOT / name for name in listed if name and Path(name).suffix in TEXTS]
    return tuple(
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in paths
        if path.is_file()
    )


def python(under: str = "") -> Iterator[Source]:
    """The tracked Python files under a folder."""
    return (source for source in tracked() if source.path.endswith(".py") and source.path.startswith(under))
