"""No module is dead: each is imported by another one, named in one, or started by someone."""

import ast
import tomllib
from collections.abc import Iterable, Iterator

from tests.sweep.sources import ROOT, Source, python


def imports_of(source: Source) -> Iterator[str]:
    """Every module that a file may import: `from a import b` may mean a.b, and strings may name modules."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("teneur.")
        ):
            yield node.value


def dead(sources: Iterable[Source], entry_points: Iterable[str] = ()) -> list[str]:
    """The modules that nothing leads to."""
    alive = set(entry_points)
    candidates = []
    for source in sources:
        alive.update(module for module in imports_of(source) if module != source.module)
        starts = 'if __name__ == "__main__":' in source.lines or source.path.endswith("/__main__.py")
        if not starts and not source.path.endswith("/__init__.py"):
            candidates.append(source.module)
    return [module for module in candidates if module not in alive]


def test_every_module_is_used() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    entry_points = [target.partition(":")[0] for target in scripts.values()]
    assert dead(python("src/teneur/"), entry_points) == []


def test_a_module_that_nothing_leads_to_is_found() -> None:
    used = Source("src/teneur/a.py", "import teneur.a")
    user = Source("src/teneur/b.py", "from teneur import a\nNAME = 'teneur.d'")
    assert dead([used, user]) == ["teneur.b"]
    assert dead([used]) == ["teneur.a"]
    assert dead([used, user], ["teneur.b"]) == []
    assert dead([Source("src/teneur/c.py", 'if __name__ == "__main__":\n    pass')]) == []
    assert dead([user, Source("src/teneur/d.py", ""), used]) == ["teneur.b"]
