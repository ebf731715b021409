"""Which rule functions the program runs: found by reading its source, not by running it.

A rule runs if something that itself runs calls it. A mention in `cite(…)`, or in a table of what to cite, is
no call: it names the clause and does nothing. What runs: the code of modules and classes, functions that a
framework takes by a decorator, and whatever these refer to, step by step.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import teneur

RULE = "rule"
CITES = "cite"
_KEPT_BY_WRAPPING = frozenset({RULE, "cache", "lru_cache", "contextmanager"})  # a wrapped function waits too

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class _Body:
    """What one top-level function, class or module refers to: all names, and those that it calls."""

    mentions: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)


def package_sources() -> dict[str, str]:
    """Dotted module name -> source, of every module of the program."""
    root = Path(teneur.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def uncalled_rules(sources: Mapping[str, str]) -> list[str]:
    """The dotted names of top-level functions decorated with `@rule` that nothing which runs calls."""
    bodies: dict[str, _Body] = {}
    rules: list[str] = []
    waiting = []
    for module, source in sources.items():
        tree = ast.parse(source)
        names = _names(module, tree)
        main = bodies.setdefault(module, _Body())
        waiting.append(module)
        for node in tree.body:
            if not isinstance(node, Definition):
                _read([node], names, main)
                continue
            name = f"{module}.{node.name}"
            _read(node.decorator_list, names, main)
            wrappers = {_last(d) for d in node.decorator_list}
            if isinstance(node, Functions) and RULE in wrappers:
                rules.append(name)
            elif wrappers - _KEPT_BY_WRAPPING:
                waiting.append(name)
            own = _own_names(node) if isinstance(node, Functions) else set()
            known = {k: v for k, v in names.items() if k not in own}
            _read(_inside(node), known, bodies.setdefault(name, _Body()))
    running = _reached(bodies, set(rules), waiting)
    return [name for name in rules if name not in running]


def _reached(bodies: Mapping[str, _Body], rules: set[str], waiting: list[str]) -> set[str]:
    """Everything that runs. A rule must be called; of anything else a mention is enough."""
    running: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in running and name in bodies:
            running.add(name)
            body = bodies[name]
            waiting += (body.mentions - rules) | body.calls
    return running


def _names(module: str, tree: ast.Module) -> dict[str, str]:
    """What names mean in a module: local name -> dotted name of the program."""
    names = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, Definition)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.asname: a.name for a in node.names if a.asname}
    return names


def _inside(node: Definition) -> Iterator[ast.AST]:
    """All of a definition but its own decorators, which run where it stands."""
    for part in ast.iter_child_nodes(node):
        if part not in node.decorator_list:
            yield part


def _read(nodes: Iterable[ast.AST], names: Mapping[str, str], body: _Body) -> None:
    for node in nodes:
        if isinstance(node, Functions | ast.Lambda):
            own = _own_names(node)
            _read(ast.iter_child_nodes(node), {k: v for k, v in names.items() if k not in own}, body)
            continue
        if isinstance(node, ast.Call):
            given = [*node.args, *(k.value for k in node.keywords)]
            called = [node.func] if _last(node.func) == CITES else [node.func, *given]
            body.calls.update(name for part in called if (name := _dotted(part, names)))
        if (name := _dotted(node, names)) is not None:
            body.mentions.add(name)
        _read(ast.iter_child_nodes(node), names, body)


def _own_names(node: ast.AST) -> set[str]:
    """Parameters and variables of a function: they are not what the module knows by that name."""
    own = set()
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            own.add(part.arg)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            own.add(part.id)
    return own


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, names)
        return None if base is None else f"{base}.{node.attr}"
    return None


def _last(node: ast.AST) -> str:
    """The last part of the name of what is called or decorates: `rule` of `@rules.rule("…")`."""
    if isinstance(node, ast.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
