"""Named SQL. Each package keeps its statements in `queries.sql`, where an engineer can read and run them.

    -- name: balance_of
    -- The last running balance of each account.
    select ...

A name is followed by at least one line that describes the statement; the statement runs to the next name.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import LiteralString

from teneur.storage.errors import QueryFileError

_NAME = re.compile(r"^--\s*name:\s*(.*?)\s*$")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")
_REMEDY = "write `-- name: some_name`, a line `-- what it does`, then the statement"


@cache
def load(package: str, file: str = "queries.sql") -> Mapping[str, LiteralString]:
    """The statements of `file` in a package (`teneur.ledger`), by name.

    Raises QueryFileError for a duplicate or malformed name, a missing description or statement, or a missing
    file.
    """
    source = files(package) / file
    where = f"{package}/{file}"
    if not source.is_file():
        raise QueryFileError("There is no file of named SQL", where, "create it, or correct the package name")
    return parse(source.read_text(encoding="utf-8"), where)


def parse(text: str, where: str) -> Mapping[str, LiteralString]:
    """The statements of a text in the form above; `where` is named in errors."""
    queries: dict[str, LiteralString] = {}
    name: str | None = None
    line_number, block = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), "-- name: end"], start=1):
        found = _NAME.match(line)
        if not found:
            block.append(line)
            continue
        statement = _statement(name, block, f"{where}, line {line_number}")
        if name is not None:
            if name in queries:
                raise QueryFileError(
                    f"The name {name} is given twice", f"{where}, line {line_number}", _REMEDY
                )
            queries[name] = statement
        name, line_number, block = found[1], number, []
    return MappingProxyType(queries)


def _statement(name: str | None, block: list[str], where: str) -> LiteralString:
    """Literal in the sense of the type: the text ships with the program, and no input is in it."""
    body = [line for line in block if not line.lstrip().startswith("--")]
    statement = "\n".join(body).strip().removesuffix(";").rstrip()
    if name is None:
        if statement:
            raise QueryFileError("A statement stands before the first name", where, _REMEDY)
        return ""
    if not _IDENTIFIER.match(name):
        raise QueryFileError(f"The name {name!r} is not lower case letters, digits and _", where, _REMEDY)
    if not block or not re.match(r"--\s*\S", block[0]):
        raise QueryFileError(f"The statement {name} has no description", where, _REMEDY)
    if not statement:
        raise QueryFileError(f"The name {name} has no statement", where, _REMEDY)
    return statement
