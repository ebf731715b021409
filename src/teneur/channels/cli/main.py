"""The entry point: `teneur`."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click
import msgspec
import psycopg
from rich.markup import escape

from teneur.agreements.errors import AgreementError
from teneur.channels.cli import (
    accounts,
    agreements,
    amendments,
    cash,
    exchange,
    fees,
    files,
    interest,
    look,
    pay,
    setup,
    statements,
)
from teneur.channels.cli.shell import BAD_INPUT, TROUBLE, Group, Shell, Trouble
from teneur.channels.cli.texts import say
from teneur.ledger.errors import LedgerError
from teneur.storage.errors import StorageError

# Commands that few runs need, by name: the module that has them is imported when they are asked for.
LAZY = {
    "bench": ("teneur.bench.cli", "command"),
    "day": ("teneur.channels.cli.day", "day"),
    "demo": ("teneur.channels.cli.demo", "demo"),
    "cap": ("teneur.channels.cli.cap", "cap"),
    "overdraft": ("teneur.channels.cli.overdraft", "overdraft"),
    "notices": ("teneur.channels.cli.notices", "notices"),
    "reader": ("teneur.channels.cli.reader", "reader"),
    "verification": ("teneur.channels.cli.verification", "verification"),
}


class Root(Group):
    """The top of the tree."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *LAZY})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in LAZY:
            return super().get_command(ctx, cmd_name)
        module, attribute = LAZY[cmd_name]
        found = getattr(import_module(module), attribute)
        return found if isinstance(found, click.Command) else None


@click.group(
    cls=Root,
    context_settings={"max_content_width": 110},
    help=say(
        "Teneur tient des comptes en appliquant leur convention.",
        "Teneur keeps accounts by running their agreement.",
    ),
)
@click.version_option(package_name="teneur")
def root() -> None:
    """Everything below here."""


for command in (
    setup.init,
    setup.staff,
    setup.customer,
    accounts.account,
    amendments.amendment,
    cash.cash,
    exchange.exchange,
    fees.fees,
    interest.interest,
    pay.pay,
    pay.revoke,
    pay.orders,
    pay.ceiling,
    pay.screening,
    pay.instant,
    look.obligations,
    look.explain_command,
    look.trial_balance_command,
    look.verify_books,
    statements.print_command,
    agreements.agreement,
    files.import_command,
    files.export,
    agreements.clauses,
):
    root.add_command(command)
for of_account in (
    amendments.contract,
    amendments.service_command,
    statements.account_statement,
    statements.frequency,
    statements.ask_information,
    statements.give_information,
):
    accounts.account.add_command(of_account)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit; errors are for people, on stderr, as JSON if JSON is asked for."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    shell = Shell()
    shell.as_json = "--json" in words
    try:
        root.main(args=list(words), prog_name="teneur", standalone_mode=False, obj=shell)
    except Trouble as trouble:
        return _tell(shell, trouble.message, trouble.remedy, trouble.code)
    except click.Abort:
        return _tell(shell, shell.say("Rien n’a été fait.", "Nothing was done."), "", BAD_INPUT)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return BAD_INPUT
    except click.ClickException as error:
        return _tell(shell, error.format_message(), "teneur --help", BAD_INPUT)
    except StorageError as error:
        return _tell(shell, f"{error.what} ({error.where})", error.remedy, TROUBLE)
    except (LedgerError, psycopg.Error, OSError) as error:
        return _tell(shell, f"{type(error).__name__}: {error}", "", TROUBLE)
    except (AgreementError, ValueError, LookupError) as error:
        return _tell(shell, str(error), "", BAD_INPUT)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else BAD_INPUT
    return 0


def _tell(shell: Shell, what: str, remedy: str, code: int) -> int:
    if shell.as_json:
        error = {"error": what, "remedy": remedy, "exit_code": code}
        click.echo(msgspec.json.encode(error).decode(), err=True)
        return code
    shell.err.print(f"[red]{shell.say('Erreur :', 'Error:')}[/red] {escape(what)}", soft_wrap=True)
    if remedy:
        shell.err.print(f"  {shell.say('À faire :', 'What to do:')} {escape(remedy)}", soft_wrap=True)
    return code


if __name__ == "__main__":
    main()
