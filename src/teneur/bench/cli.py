"""`teneur bench`: measure on the server that is configured, or on an embedded one kept for measuring."""

import json
import os
import sys
from contextlib import closing

import click

from teneur.bench import bars as all_bars
from teneur.bench.errors import BenchError
from teneur.bench.measure import Options, Report, measure
from teneur.bench.orders import Mix
from teneur.bench.peers import race_of_peers
from teneur.bench.quarter import race_of_quarter
from teneur.storage.database import Dsn, resolve
from teneur.storage.embedded import EmbeddedServer, default_data_folder

SHARE = click.FloatRange(0, 1)


@click.command("bench")
@click.option(
    "--accounts", type=click.IntRange(2), default=100_000, show_default=True, help="Accounts of each book."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="How long the clocks of each part run.",
)
@click.option(
    "--batch", type=click.IntRange(1), default=1_000, show_default=True, help="Transfers in one batch."
)
@click.option("--hot-share", type=SHARE, default=0.0, help="Share of transfers that touch one hot account.")
@click.option(
    "--refused-share", type=SHARE, default=0.0, help="Share of transfers refused for lack of funds."
)
@click.option("--replayed-share", type=SHARE, default=0.0, help="Share of transfers that were sent before.")
@click.option("--cold", is_flag=True, help="Every round begins with an empty cache.")
@click.option("--sole", is_flag=True, help="The writer is the only one of its book.")
@click.option(
    "--books",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Books, each with a writer process of its own.",
)
@click.option("--bars", is_flag=True, help="Every bar that the project sets itself, passed or failed.")
@click.option("--peers", is_flag=True, help="pgbench and django-hordak on the same server in the same run.")
@click.option("--quarter", is_flag=True, help="Close a quarter: all accounts, with --entries each.")
@click.option(
    "--entries", type=click.IntRange(2), default=100, show_default=True, help="Entries of each account."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    accounts: int, seconds: float, batch: int, hot_share: float, refused_share: float, replayed_share: float,
    cold: bool, sole: bool, books: int, bars: bool, peers: bool, quarter: bool, entries: int, as_json: bool,
) -> None:  # fmt: skip
    """Transfers per second through the whole engine, and a bare COPY of the same rows in the same run."""
    mix = Mix(hot_share, refused_share, replayed_share)
    options = Options(accounts, seconds, batch, mix, cold, sole, books)
    try:
        with closing(server()) as dsn:
            if bars:
                report = all_bars.run(dsn, options, say)
            elif quarter:
                report = race_of_quarter(dsn, accounts, entries, say)
            elif peers:
                report = race_of_peers(dsn, options, say)
            else:
                report = measure(dsn, options, say)
    except BenchError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(report, indent=2) if as_json else text_of(report))
    if bars and not report["passed"]:
        sys.exit(1)


def server() -> Dsn:
    """The server of TENEUR_DATABASE_URL, or an embedded one in a data folder of its own."""
    if os.environ.get("TENEUR_DATABASE_URL"):
        return resolve()
    folder = default_data_folder()
    started = EmbeddedServer(folder.with_name(f"{folder.name}-bench")).start()
    return Dsn(started.app_url, started.owner_url, server=started)


def say(what: str) -> None:
    """Progress, beside the result."""
    click.echo(f"… {what}", err=True)


def text_of(report: Report, indent: str = "") -> str:
    """The report for people: one line a figure."""
    lines = []
    width = max((len(name) for name in report), default=0)
    for name, value in report.items():
        label = name.replace("_", " ")
        if isinstance(value, dict):
            lines += [f"{indent}{label}", text_of(value, indent + "  ")]
        elif isinstance(value, list):
            lines += [f"{indent}{label}", *(f"{indent}  {_line(item)}" for item in value)]
        else:
            lines.append(f"{indent}{label:<{width}}  {_figure(value)}")
    return "\n".join(lines)


def _line(item: Report) -> str:
    return "  ".join(
        f"{_figure(value):<{12 if number else 58}}" for number, value in enumerate(item.values())
    ).rstrip()


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    return f"{value:g}" if isinstance(value, float) else str(value)
