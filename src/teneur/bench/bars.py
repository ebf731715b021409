"""The bars that the project sets itself, each measured in this run and compared only within it."""

from statistics import median

from teneur.bench.measure import Options, Report, conditions, growth
from teneur.bench.orders import Mix, Orders
from teneur.bench.race import Ceiling, Race, Writer, by_turns, race
from teneur.bench.single import Single, single_requests
from teneur.bench.stage import Say, Stage, load_average
from teneur.bench.writers import Books, race_of_books
from teneur.storage.database import Dsn

RATIO = 0.40  # of a bare COPY of the very rows
HOT = 0.90  # of the rate without a hot account
LARGE = 0.80  # of the rate with few accounts
FEW, MANY = 10_000, 1_000_000
P99 = 40  # bare one-row commits
BYTES, JOURNAL_BYTES = 700, 400  # a transfer
BOOKS = 1.4  # of the rate of one book


def run(dsn: Dsn, options: Options, say: Say, few: int = FEW, many: int = MANY) -> Report:
    """Every bar. Of the options count accounts, batch, seconds and sole. few, many: of the third bar."""
    with Stage(dsn, options.accounts, 2, say) as stage:
        report: Report = {"accounts": options.accounts, **conditions(stage, options)}
        writer = Writer(stage, Orders(stage, 1, Mix()), 1, sole=options.sole)
        ceiling = Ceiling(stage)
        before = stage.sizes()
        try:
            say("batches against a bare COPY of their rows")
            found = race(writer, ceiling, options.batch, options.seconds)
            say("one hot account in every transfer")
            hot = hot_against_spread(stage, writer, options)
            say("single requests of 64 clients")
            single = single_requests(writer, Orders(stage, 1, Mix(), seed=3), options.seconds)
            sizes = growth(before, stage.sizes(), stage.invariants()["rows"])
        finally:
            writer.close()
            ceiling.close()
        say("two books with a writer process each")
        count, rounds = _rounds(options)
        two = race_of_books(stage, options.batch, count, rounds, sole=options.sole)
        rows = stage.invariants()["rows"]
    say(f"{many:,} accounts against {few:,}")
    large = many_against_few(dsn, options, say, few, many)
    lines = _lines(found, hot, large, single, sizes, two)
    return report | {
        "transfers_per_second": round(found.transfers_per_second),
        "copy_ceiling_per_second": round(found.copy_per_second),
        "single_request_p50_ms": round(single.p50_ms, 3),
        "single_request_p99_ms": round(single.p99_ms, 3),
        "bare_commit_median_ms": round(single.bare_commit_median_ms, 3),
        "offered_per_second": round(single.offered_per_second),
        "books_per_second": round(two.all_per_second),
        "one_book_per_second": round(two.one_per_second),
        "invariants": "hold", "journal_rows": rows, "load_average": load_average(),
        "bars": lines, "passed": all(line["passed"] == "pass" for line in lines),
    }  # fmt: skip


def hot_against_spread(stage: Stage, writer: Writer, options: Options) -> float:
    """The rate with one account in every transfer over the rate without, same engine, by turns."""
    spread, hot = writer.orders, Orders(stage, writer.book, Mix(hot=1), seed=2)

    def turn(orders: Orders) -> float:
        writer.orders = orders
        return _rate(writer, options)

    rates = by_turns({"spread": lambda: turn(spread), "hot": lambda: turn(hot)}, _rounds(options)[1])
    writer.orders = spread
    return median(h / s for h, s in zip(rates["hot"], rates["spread"], strict=True))


def many_against_few(dsn: Dsn, options: Options, say: Say, few: int, many: int) -> float:
    """The rate with many accounts over the rate with few, each in its own schema and engine, by turns."""
    with Stage(dsn, few, 1, say) as small, Stage(dsn, many, 1, say) as large:
        writers = [Writer(s, Orders(s, 1, Mix()), 1, sole=options.sole) for s in (small, large)]
        turns = {"few": lambda: _rate(writers[0], options), "many": lambda: _rate(writers[1], options)}
        rates = by_turns(turns, _rounds(options)[1])
        for writer in writers:
            writer.close()
        small.invariants()
        large.invariants()
    return median(m / f for m, f in zip(rates["many"], rates["few"], strict=True))


def _rate(writer: Writer, options: Options) -> float:
    count = _rounds(options)[0]
    return count * options.batch / writer.round(count, options.batch)[0]


def _rounds(options: Options) -> tuple[int, int]:
    """Batches in a round, and rounds."""
    return 3, max(5, round(3 * options.seconds))


def _lines(found: Race, hot: float, large: float, single: Single, sizes: Report, two: Books) -> list[Report]:
    lines = [
        ("engine over bare COPY of the very rows", found.ratio, ">=", RATIO),
        ("one hot account in every transfer, over spread", hot, ">=", HOT),
        ("many accounts over few", large, ">=", LARGE),
        ("p99 of 64 clients, in bare one-row commits", single.p99_ratio, "<=", P99),
        ("bytes a transfer, everything", sizes["bytes_per_transfer"], "<=", BYTES),
        (
            "bytes a transfer, journal and its indexes",
            sizes["journal_bytes_per_transfer"],
            "<=",
            JOURNAL_BYTES,
        ),
        ("two books with two writers over one", two.gain, ">=", BOOKS),
    ]
    return [
        {"bar": name, "measured": round(value, 2), "wanted": f"{sign} {bar:g}",
         "passed": "pass" if (value >= bar if sign == ">=" else value <= bar) else "FAIL"}
        for name, value, sign, bar in lines
    ]  # fmt: skip
