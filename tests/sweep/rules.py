"""The rules: each has its reason, the files it reads, and samples that it must find and must not find."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.sweep.sources import Source

Finding = tuple[int, str]  # line, what was found
LONGEST_FUNCTION_LINES = 70
LONGEST_FILE_LINES = 500


@dataclass(frozen=True)
class Rule:
    """One rule. `files` is a pattern of paths; `bad` and `good` are samples, a path and a text each."""

    name: str
    reason: str
    files: str
    find: Callable[[Source], Iterator[Finding]] = field(repr=False)
    bad: tuple[str, ...]
    good: tuple[str, ...]
    sample_path: str = "src/teneur/ledger/sample.py"

    def reads(self, path: str) -> bool:
        """Whether the rule reads the file."""
        return re.fullmatch(self.files, path) is not None


def long_functions(source: Source) -> Iterator[Finding]:
    """Functions of more lines than a screen shows."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines"


def long_file(source: Source) -> Iterator[Finding]:
    """Files of more lines than one reads at a sitting."""
    if len(source.lines) > LONGEST_FILE_LINES:
        yield 1, f"{len(source.lines)} lines"


def floats(source: Source) -> Iterator[Finding]:
    """Float literals and the name float, except for waiting (names end in _seconds) and refusing floats."""
    allowed = {
        id(part) for node in source.nodes for whole in _may_hold_float(node) for part in ast.walk(whole)
    }
    for node in source.nodes:
        if id(node) in allowed:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"float literal {node.value}"
        if isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float"


def _may_hold_float(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if all(ast.unparse(target).lower().endswith("_seconds") for target in targets):
            yield node
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        padded = [*[None] * (len(positional) - len(node.defaults)), *node.defaults]
        for argument, default in [
            *zip(positional, padded, strict=True),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
        ]:
            if argument.arg.endswith("_seconds"):
                yield from (argument, *([default] if default else []))
    elif isinstance(node, ast.keyword):
        if node.arg in {"cutoff", "timeout"}:  # a likeness of words, a wait
            yield node
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "time.sleep"}:
        yield node


_CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
_CLOCK_OWNERS = {"datetime", "date", "time", "dt"}


def own_clocks(source: Source) -> Iterator[Finding]:
    """datetime.now, date.today, time.time and their like, however imported."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _CLOCKS:
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if owner in _CLOCK_OWNERS and (owner, node.attr) != ("datetime", "time"):
                yield node.lineno, f"{owner}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((node.lineno, f"time.{name.name}") for name in node.names if name.name in _CLOCKS)


def transaction_ends(source: Source) -> Iterator[Finding]:
    """Calls of commit and rollback."""
    for node in source.nodes:
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in {"commit", "rollback"}:
            yield function.lineno, f".{function.attr}()"


_SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|select\s+[\w.]+\(|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|copy\s+\S+.*\s(from\s+stdin|to\s+stdout)|truncate\s+\w|lock\s+table\s"
    r"|(create|alter|drop)\s+(table|index|view|role|user|database|schema|sequence|type)\s)",
    re.IGNORECASE | re.DOTALL,
)


def sql_in_code(source: Source) -> Iterator[Finding]:
    """Strings that are SQL statements (docstrings may show some)."""
    skipped = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
    skipped |= {id(part) for node in source.nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in source.nodes:
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            text = node.value
        else:
            continue
        if _SQL.match(text):
            yield node.lineno, text.strip().splitlines()[0]


def prints(source: Source) -> Iterator[Finding]:
    """Calls of print."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno, "print()"


_SECRET = re.compile(r"(.*_)?(password|secret|secrets|token|pin|key_material|passphrase)\Z")


def shown_secrets(source: Source) -> Iterator[Finding]:
    """Fields of classes that are named like a secret and would show in a repr, hence in a log."""
    for parent in source.nodes:
        if not isinstance(parent, ast.ClassDef):
            continue
        if any(isinstance(node, ast.FunctionDef) and node.name == "__repr__" for node in parent.body):
            continue
        for node in parent.body:
            if (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and _SECRET.match(node.target.id)
            ):
                keywords = node.value.keywords if isinstance(node.value, ast.Call) else []
                hidden = any(k.arg == "repr" and getattr(k.value, "value", True) is False for k in keywords)
                if not hidden and "Secret" not in ast.unparse(node.annotation):
                    yield node.lineno, f"{parent.name}.{node.target.id}"


_BANK = re.compile(r"\b(bred|bnc)\b|^(bred|bnc|sol)[-_ ]", re.IGNORECASE)


def banks_in_code(source: Source) -> Iterator[Finding]:
    """Comparisons with the name of a bank or of an agreement."""
    for node in source.nodes:
        values: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            values = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            values = [node.value]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            values = list(node.args) if node.func.attr in {"startswith", "endswith"} else []
        for value in (part for whole in values for part in ast.walk(whole)):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and _BANK.search(value.value):
                yield value.lineno, repr(value.value)


def titles(source: Source) -> Iterator[Finding]:
    """Pages with no title or with several."""
    fenced, found = False, []
    for number, line in enumerate(source.lines, start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith("# "):
            found.append(number)
    if len(found) != 1:
        yield (found[1] if found else 1), f"{len(found)} titles"


# Three X alone are the branch code of a head office, so they count at the start of a comment only.
_NOTE = re.compile(rf"(#|--|//|<!--|\"\"\")(.*\b({'TO' + 'DO'}|{'FIX' + 'ME'})\b| ?{'X' * 3}\b)")


def notes_to_self(source: Source) -> Iterator[Finding]:
    """Comments that say that something is not done."""
    for number, line in enumerate(source.lines, start=1):
        if _NOTE.search(line):
            yield number, line.strip()


CODE = r"src/teneur/.*\.py"
RULES = (
    Rule(
        "a function has at most 70 lines",
        "it is read on one screen; a rule that needs more is two rules",
        r".*\.py",
        long_functions,
        bad=("def f() -> None:\n" + "    pass\n" * LONGEST_FUNCTION_LINES,),
        good=("def f() -> None:\n" + "    pass\n" * (LONGEST_FUNCTION_LINES - 1),),
    ),
    Rule(
        "a file has at most 500 lines",
        "a file has one subject; schema.sql is written by a program",
        r"(?!.*/schema\.sql).*\.(py|sql)",
        long_file,
        bad=("pass\n" * (LONGEST_FILE_LINES + 1),),
        good=("pass\n" * LONGEST_FILE_LINES,),
    ),
    Rule(
        "no float",
        "binary fractions lose cents; money is int minor units, rates are Decimal",
        r"src/teneur/(?!bench/|channels/cli/bench).*\.py",
        floats,
        bad=(
            "rate = 0.1",
            "x = float(y)",
            "def f(x: float) -> None: ...",
            "def f(a_seconds: int, x=0.5): ...",
        ),
        good=(
            "rate = Decimal('0.1')",
            "PAUSE_SECONDS = 0.1",
            "def f(a: int, wait_seconds: float = 0.5) -> None: ...",
            "if isinstance(x, float): pass",
        ),
    ),
    Rule(
        "time comes from the clock",
        "a decision made twice must be the same, and a simulation runs years in seconds",
        r"src/teneur/(?!kernel/clock\.py).*\.py",
        own_clocks,
        bad=(
            "datetime.now(UTC)",
            "import datetime\ndatetime.datetime.utcnow()",
            "date.today()",
            "time.time()",
            "from time import time",
            "f = datetime.now",
        ),
        good=(
            "clock.now()",
            "time.monotonic()",
            "datetime.time(1, 2)",
            "at.time()",
            "from time import sleep",
        ),
    ),
    Rule(
        "only the engine and storage end a transaction",
        "all effects of a batch are committed once, or none",
        r"src/teneur/(?!ledger/|storage/).*\.py",
        transaction_ends,
        bad=("connection.commit()", "self.connection.rollback()"),
        good=("commit()", "with connection.transaction(): pass"),
        sample_path="src/teneur/payments/sample.py",
    ),
    Rule(
        "SQL stands in named .sql files",
        "it is read, run and explained there by people who know databases, and never built from input",
        CODE,
        sql_in_code,
        bad=(
            'x = "select a from b"',
            'x = f"select {a} from {b}"',
            'x = """\n  insert into t values (1)"""',
            'x = "UPDATE t SET a = 1"',
            'x = "delete from t"',
            'x = "copy journal from stdin (format binary)"',
            'x = "create table t (a int)"',
            'x = "select now()"',
            'x = "with a as (select 1) select * from a"',
        ),
        good=(
            '"""select a from b"""',
            'x = "Select an account"',
            'x = "update of a limit"',
            'x = "Create it."',
        ),
    ),
    Rule(
        "only the command line prints",
        "a library that prints cannot be used in a service; what is worth saying is returned",
        r"src/teneur/(?!channels/cli/).*\.py",
        prints,
        bad=("print(1)",),
        good=("console.print(1)",),
    ),
    Rule(
        "secrets do not show in a repr",
        "what has a repr ends in a log",
        r"(src|tests)/.*\.py",
        shown_secrets,
        bad=(
            "class A:\n    password: str",
            "class A:\n    api_token: str = ''",
            "class A:\n    pin: bytes = field(repr=True)",
        ),
        good=(
            "class A:\n    password: str = field(repr=False)",
            "class A:\n    token: Secret[str]",
            "class A:\n    pin: str\n    def __repr__(self): return 'A'",
            "class A:\n    pinned: str",
        ),
    ),
    Rule(
        "no bank is named in a condition",
        "agreements differ by data and by named policies; else the third bank needs a programmer",
        CODE,
        banks_in_code,
        bad=(
            'if bank == "bred": pass',
            'x = "BNC" in name',
            'x = agreement.startswith("bred-")',
            'match x:\n    case "bnc-2026-04": pass',
            'if clause[:4] in ("BRED", "SOL"): pass',
        ),
        good=('x = "BRED-7.2.2-1"', 'if policy == "refuse": pass', 'x = y == "breadth"'),
    ),
    Rule(
        "a page has one title",
        "a page has one subject, and tables of contents start from it",
        r".*\.md",
        titles,
        bad=("no title", "# one\n# two", "```\n# in code\n```"),
        good=("# one\n## two\n```sh\n# in code\n```",),
        sample_path="docs/sample.md",
    ),
    Rule(
        "no notes to self",
        "what is not done is an issue, where others see it",
        r".*\.(py|sql|md|toml|typ)|Makefile",
        notes_to_self,
        bad=("# TO" + "DO: later", "x = 1  # FIX" + "ME", "-- XX" + "X"),
        good=("# to do it twice is refused", 'x = "BDFEFRPPXXX"  # a BIC, XXX being the head office'),
    ),
)
