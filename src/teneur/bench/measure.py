"""One measurement with its options, as `teneur bench --json` prints it."""

from dataclasses import dataclass, field
from typing import Any

from teneur.bench.orders import Mix, Orders
from teneur.bench.race import Ceiling, Writer, race
from teneur.bench.single import CLIENTS, single_requests
from teneur.bench.stage import SQL, Say, Stage, load_average
from teneur.bench.writers import race_of_books
from teneur.storage.database import Dsn


@dataclass(frozen=True)
class Options:
    """What to measure. seconds: how long the clocks of each part run."""

    accounts: int = 100_000
    seconds: float = 10
    batch: int = 1_000
    mix: Mix = field(default_factory=Mix)
    cold: bool = False
    sole: bool = False
    books: int = 1


Report = dict[str, Any]


def measure(dsn: Dsn, options: Options, say: Say) -> Report:
    """Batches against a bare COPY, single requests, sizes, perhaps several books; then the invariants."""
    with Stage(dsn, options.accounts, options.books, say) as stage:
        report = {"accounts": options.accounts, **conditions(stage, options)}
        say("batches against a bare COPY of their rows")
        writer = Writer(stage, Orders(stage, 1, options.mix), 1, sole=options.sole, cold=options.cold)
        ceiling = Ceiling(stage)
        before = stage.sizes()
        try:
            report |= batches(writer, ceiling, options)
            say("single requests of 64 clients")
            writer.cold = False
            report |= singles(writer, options)
            report |= growth(before, stage.sizes(), rows_of(stage))
        finally:
            writer.close()
            ceiling.close()
        if options.books > 1:
            say(f"{options.books} books with a writer process each")
            report |= books(stage, options)
        say("checking the books")
        report |= {"invariants": "hold", "journal_rows": stage.invariants()["rows"]}
    return report | {"load_average": load_average()}


def conditions(stage: Stage, options: Options) -> Report:
    """What the figures depend on."""
    with stage.connect() as connection:
        version, buffers, wal = connection.execute(SQL["server"]).fetchone() or ("", "", "")
    return {
        "batch": options.batch, "hot_share": options.mix.hot, "refused_share": options.mix.refused,
        "replayed_share": options.mix.replayed, "cold": options.cold, "sole": options.sole,
        "books": options.books,
        "server": {"version": version, "shared_buffers": buffers, "max_wal_size": wal},
    }  # fmt: skip


def batches(writer: Writer, ceiling: Ceiling, options: Options) -> Report:
    """Rates in batches and their ratio."""
    found = race(writer, ceiling, options.batch, options.seconds)
    return {
        "transfers_per_second": round(found.transfers_per_second),
        "copy_ceiling_per_second": round(found.copy_per_second),
        "ratio": round(found.ratio, 3),
        "rounds": len(found.rounds),
    }


def singles(writer: Writer, options: Options) -> Report:
    """Latencies of gathered single requests."""
    found = single_requests(writer, writer.orders, options.seconds)
    return {
        "clients": CLIENTS,
        "gathered_per_second": round(found.saturated_per_second),
        "offered_per_second": round(found.offered_per_second),
        "single_request_p50_ms": round(found.p50_ms, 3),
        "single_request_p99_ms": round(found.p99_ms, 3),
        "bare_commit_median_ms": round(found.bare_commit_median_ms, 3),
        "p99_ratio": round(found.p99_ratio, 1),
    }


def rows_of(stage: Stage) -> int:
    """Rows in all journals."""
    return stage.invariants()["rows"]


def growth(before: dict[str, int], after: dict[str, int], transfers: int) -> Report:
    """Bytes a transfer: what every relation grew by, indexes and out-of-line storage included."""
    grown = {name: after[name] - before.get(name, 0) for name in after}
    return {
        "bytes_per_transfer": round(sum(grown.values()) / transfers),
        "journal_bytes_per_transfer": round(grown["journal"] / transfers),
        "bytes_by_table": {name: round(size / transfers, 1) for name, size in grown.items() if size},
    }


def books(stage: Stage, options: Options) -> Report:
    """Several writers against one."""
    count = 5
    rounds = max(3, round(options.seconds))
    found = race_of_books(stage, options.batch, count, rounds, sole=options.sole, mix=options.mix)
    return {
        "one_book_per_second": round(found.one_per_second),
        "books_per_second": round(found.all_per_second),
        "books_gain": round(found.gain, 2),
    }
