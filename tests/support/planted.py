"""A small project of its own with planted tests, on which a test runs pytest in another process."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

CHECKOUT = Path(__file__).resolve().parents[2]
PLUGIN = "tests.support.coverage_plugin"


class Planted:
    """A folder with src/ and tests/ beside the checkout, whose code and plugins it uses."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "src").mkdir()
        (root / "tests").mkdir()
        marker = "asserts(*clauses): the test asserts the effect of these clauses"
        (root / "pytest.ini").write_text(
            f"[pytest]\nmarkers =\n    {marker}\naddopts = --import-mode=importlib\n"
        )

    def write(self, name: str, text: str) -> Path:
        """Write one file of the project, text indented as it stands in the test."""
        path = self.root / name
        path.write_text(dedent(text), "utf-8")
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """What a process needs to import the checkout's tests and the planted modules."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "TENEUR_BREAK"))}
        return {**kept, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(self.root / "src")]), **more}

    def pytest(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run pytest with the coverage plugin."""
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider", *arguments],
            cwd=self.root,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
        )
