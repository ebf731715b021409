"""Walking the terms of an agreement by dotted path (`cash.revocable`, `bank.branches.nouméa.code`)."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_origin, get_type_hints

from teneur.agreements.parameters import Parameter


def parameters_in(node: object, path: str = "") -> Iterator[tuple[str, Parameter[Any]]]:
    """Every parameter below a terms object, with its dotted path."""
    if isinstance(node, Parameter):
        yield path, node
        return
    for name, child in _children(node):
        yield from parameters_in(child, f"{path}.{name}" if path else name)


def parameter_at(node: object, path: str) -> tuple[Parameter[Any], Any] | None:
    """The parameter at a path below `node`, with the type of its value; None if there is none."""
    kind: Any = type(node)
    for name in path.split("."):
        child = dict(_children(node)).get(name)
        if child is None:
            return None
        kind = get_args(kind)[1] if get_origin(kind) is dict else get_type_hints(kind)[name]
        node = child
    return (node, get_args(kind)[0]) if isinstance(node, Parameter) else None


def replaced_at(node: Any, path: str, parameter: Parameter[Any]) -> Any:
    """The same terms with another parameter at the path; every other part is shared."""
    name, _, rest = path.partition(".")
    if isinstance(node, dict):
        return {**node, name: replaced_at(node[name], rest, parameter) if rest else parameter}
    return replace(node, **{name: replaced_at(getattr(node, name), rest, parameter) if rest else parameter})


def _children(node: object) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        yield from node.items()
    elif is_dataclass(node) and not isinstance(node, type | Parameter):
        for f in fields(node):
            yield f.name, getattr(node, f.name)
