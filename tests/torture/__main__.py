"""`python -m tests.torture --kills 20 --seconds 900 --seed 1`: the long form, which prints a table."""

import argparse
import random
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from teneur.storage.embedded import EmbeddedServer
from tests.torture.run import SCENARIOS, Report, torture

COLUMNS = (
    "run", "writers", "kills", "of PostgreSQL / program / both", "batches in flight", "of them stored",
    "acknowledged", "lost or changed", "retries that differ", "invariants",
)  # fmt: skip


def table(reports: Sequence[Report]) -> str:
    """The reports as a table in Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for r in reports:
        kinds = " / ".join(str(r.kills.get(what, 0)) for what in ("PostgreSQL", "program", "both"))
        broken = r.faults or r.wrong_balances or r.unasked
        cells = (
            r.name, r.writers, r.counted, kinds, r.in_flight, r.stored, f"{r.acknowledged:,}",
            r.lost + r.changed, r.differing, "broken" if broken else "hold",
        )  # fmt: skip
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> int:
    """Run every scenario; 0 if nothing was lost or doubled and every kill was made."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=21, help="kills that fall on a batch in flight, in all")
    parser.add_argument("--seconds", type=float, default=900, help="give up after so long")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000), help="of commands and instants")
    options = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / f"teneur-torture-{secrets.token_hex(4)}"
    sys.stdout.write(f"seed {options.seed}\n")
    try:
        with EmbeddedServer(folder, shared_buffers_mb=128) as server:
            reports = torture(server, SCENARIOS, options.kills, options.seconds, options.seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(table(reports) + "\n")
    for report in reports:
        for fault in report.faults[:20]:
            sys.stdout.write(f"{report.name}: {fault}\n")
    kills = sum(report.counted for report in reports)
    if kills < options.kills:
        sys.stdout.write(
            f"only {kills} of {options.kills} kills fell on a batch in flight before the time was over\n"
        )
    return 0 if kills >= options.kills and all(report.good for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
